// Checks the profiles that a resource claims in meta.profile: ours in full, unknown ones with a warning.
import { readNationalId } from '@yimai/terms';
import { isObject } from '../path/node.ts';
import type { Resource } from '../types.ts';
import type { Findings } from '../validate/findings.ts';
import { PROFILES, type Profile, type ProfileElement } from './profiles.ts';
import { ID_CARD_SYSTEMS } from './systems.ts';
import { VALUE_CHECKS } from './value-checks.ts';

const HL7_BASE = 'http://hl7.org/fhir/StructureDefinition/';
const byUrl = new Map(PROFILES.map((profile) => [profile.url, profile]));

export function checkProfiles(resource: Resource, findings: Findings): void {
  const claimed: unknown = resource.meta?.profile;
  if (!Array.isArray(claimed)) return;
  claimed.forEach((canonical: unknown, index) => {
    if (typeof canonical !== 'string') return;
    const url = canonical.split('|')[0] as string;
    const at = `${resource.resourceType}.meta.profile[${index}]`;
    const profile = byUrl.get(url);
    if (profile) checkProfile(resource, profile, at, findings);
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

function checkProfile(resource: Resource, profile: Profile, at: string, findings: Findings): void {
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
  if (profile.type === 'Patient') checkAgainstIdNumber(resource, findings);
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
function checkAgainstIdNumber(patient: Resource, findings: Findings): void {
  const identifiers: readonly unknown[] = Array.isArray(patient['identifier']) ? patient['identifier'] : [];
  const card = identifiers.find((one) => isObject(one) && ID_CARD_SYSTEMS.includes(String(one['system'])));
  const read = isObject(card) ? readNationalId(String(card['value'])) : null;
  if (!read) return;
  const { birthDate, gender } = patient;
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
