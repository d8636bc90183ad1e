// Checks the profiles that a resource claims in meta.profile: ours and R4's vital signs, unknown ones with a warning.
import { chinaDate } from '@yimai/kit';
import { readNationalId } from '@yimai/terms';
import { isObject } from '../path/node.ts';
import type { Resource } from '../types.ts';
import type { Findings } from '../validate/findings.ts';
import { PROFILES, type Profile, type ProfileElement } from './profiles.ts';
import { ID_CARD_SYSTEMS } from './systems.ts';
import { VALUE_CHECKS } from './value-checks.ts';
import { checkVitalSign, isVitalSign } from './vital-signs.ts';

const HL7_BASE = 'http://hl7.org/fhir/StructureDefinition/';
const byUrl = new Map(PROFILES.map((profile) => [profile.url, profile]));

/** `now`: an ID number whose birth date is still to come is wrong; without it nothing is said. */
export function checkProfiles(resource: Resource, findings: Findings, now?: Date): void {
  const claimed: unknown = resource.meta?.profile;
  if (!Array.isArray(claimed)) return;
  claimed.forEach((canonical: unknown, index) => {
    if (typeof canonical !== 'string') return;
    const url = canonical.split('|')[0] as string;
    const at = `${resource.resourceType}.meta.profile[${index}]`;
    const profile = byUrl.get(url);
    if (profile) checkProfile(resource, profile, at, findings, now);
    else if (isVitalSign(url)) checkVitalSign(resource, url, at, findings);
    else if (url !== HL7_BASE + resource.resourceType) {
      findings.warning(
        'not-supported',
        at,
        '不认识此规范，未按其校验',
        'this profile is not known here and was not checked',
        'F15',
      );
    }
  });
}

function checkProfile(
  resource: Resource,
  profile: Profile,
  at: string,
  findings: Findings,
  now: Date | undefined,
): void {
  if (profile.type !== resource.resourceType) {
    findings.error(
      'structure',
      at,
      `此规范用于 ${profile.type}`,
      `this profile is for ${profile.type}`,
      'F14',
    );
    return;
  }
  for (const element of profile.elements) checkElement(resource, element, findings);
  if (profile.type === 'Patient') checkAgainstIdNumber(resource, findings, now);
}

interface Member {
  readonly value: unknown;
  readonly at: string;
}

function membersOf(resource: Resource, { element, slice }: ProfileElement): Member[] {
  const value = resource[element];
  const at = `${resource.resourceType}.${element}`;
  if (value === undefined) return [];
  const members = Array.isArray(value)
    ? value.map((one: unknown, index) => ({ value: one, at: `${at}[${index}]` }))
    : [{ value, at }];
  if (!slice) return members;
  return members.filter((one) => isObject(one.value) && slice.values.includes(String(one.value[slice.by])));
}

function checkElement(resource: Resource, element: ProfileElement, findings: Findings): void {
  const members = membersOf(resource, element);
  const { min = 0, max = Number.POSITIVE_INFINITY, zh, en, check } = element;
  if (members.length < min)
    findings.error(
      'required',
      resource.resourceType,
      `缺少${zh}（${element.element}）`,
      `${en} (${element.element}) is required`,
      'F14',
    );
  if (members.length > max) {
    const place = `${resource.resourceType}.${element.element}`;
    findings.error('structure', place, `${zh}最多 ${max} 个`, `at most ${max} of ${en}`, 'F14');
  }
  if (check === undefined) return;
  for (const { value, at } of members) {
    const fault = VALUE_CHECKS[check](value, element);
    if (fault) findings.error('value', at + fault.below, fault.zh, fault.en, 'F14');
  }
}

/** An ID number tells birth date and sex; a difference is reported, not refused, because registers do differ. */
function checkAgainstIdNumber(patient: Resource, findings: Findings, now: Date | undefined): void {
  const identifiers: readonly unknown[] = Array.isArray(patient['identifier']) ? patient['identifier'] : [];
  const card = identifiers.find((one) => isObject(one) && ID_CARD_SYSTEMS.includes(String(one['system'])));
  const read = isObject(card) ? readNationalId(String(card['value'])) : null;
  const { birthDate, gender } = patient;
  const today = now && chinaDate(now);
  if (today !== undefined && read && read.birthDate > today)
    findings.error(
      'value',
      'Patient.identifier',
      '身份证号中的出生日期在今天之后',
      'the birth date of the ID number is still to come',
      'F14',
    );
  if (today !== undefined && typeof birthDate === 'string' && birthDate > today)
    findings.error(
      'value',
      'Patient.birthDate',
      '出生日期在今天之后',
      'the birth date is still to come',
      'F14',
    );
  if (!read) return;
  if (typeof birthDate === 'string' && !read.birthDate.startsWith(birthDate)) {
    findings.warning(
      'business-rule',
      'Patient.birthDate',
      '出生日期与身份证号不一致',
      'the birth date differs from the ID number',
      'F14',
    );
  }
  if ((gender === 'male' || gender === 'female') && gender !== read.sex) {
    findings.warning(
      'business-rule',
      'Patient.gender',
      '性别与身份证号不一致',
      'the gender differs from the ID number',
      'F14',
    );
  }
}
