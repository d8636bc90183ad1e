// The vital signs that R4 itself publishes as profiles of Observation, checked when claimed: category, LOINC code, units.
import { isObject } from '../path/node.ts';
import type { Resource } from '../types.ts';
import type { Findings } from '../validate/findings.ts';

const LOINC = 'http://loinc.org';
const UCUM = 'http://unitsofmeasure.org';
const CATEGORY = 'http://terminology.hl7.org/CodeSystem/observation-category';

interface VitalSign {
  /** LOINC code that Observation.code must hold; none for the profile all others rest on. */
  readonly code?: string;
  /** UCUM codes that the measured quantity may have. */
  readonly units?: readonly string[];
  /** The value itself must be there: no reason for its absence will do. */
  readonly valueNeeded?: true;
  /** The value stands in components or members, never beside them. */
  readonly noValue?: 'quantity' | 'any';
  readonly hasMembers?: true;
  /** LOINC codes of components, each exactly once, in these units. */
  readonly components?: readonly string[];
}

const LENGTH = ['cm', '[in_i]'];

const VITAL_SIGNS: Readonly<Record<string, VitalSign>> = {
  vitalsigns: {},
  vitalspanel: { code: '85353-1', noValue: 'any', hasMembers: true },
  resprate: { code: '9279-1', units: ['/min'] },
  heartrate: { code: '8867-4', units: ['/min'] },
  oxygensat: { code: '2708-6', units: ['%'] },
  bodytemp: { code: '8310-5', units: ['Cel', '[degF]'] },
  bodyheight: { code: '8302-2', units: LENGTH },
  headcircum: { code: '9843-4', units: LENGTH },
  bodyweight: { code: '29463-7', units: ['g', 'kg', '[lb_av]'] },
  bmi: { code: '39156-5', units: ['kg/m2'], valueNeeded: true },
  bp: { code: '85354-9', noValue: 'quantity', components: ['8480-6', '8462-4'], units: ['mm[Hg]'] },
};

const HL7_BASE = 'http://hl7.org/fhir/StructureDefinition/';

/** Their canonical addresses. */
export const VITAL_SIGN_PROFILES: readonly string[] = Object.keys(VITAL_SIGNS).map((one) => HL7_BASE + one);

export const isVitalSign = (url: string): boolean =>
  url.startsWith(HL7_BASE) && Object.hasOwn(VITAL_SIGNS, url.slice(HL7_BASE.length));

type Say = (at: string, zh: string, en: string) => void;

export function checkVitalSign(resource: Resource, url: string, at: string, findings: Findings): void {
  const sign = VITAL_SIGNS[url.slice(HL7_BASE.length)];
  const say: Say = (place, zh, en) => findings.error('structure', place, zh, en, 'F14');
  if (resource.resourceType !== 'Observation' || !sign) {
    say(at, '此规范用于 Observation', 'this profile is for Observation');
    return;
  }
  checkCommon(resource, say);
  if (sign.code !== undefined && !hasCode(resource['code'], sign.code))
    say('Observation.code', `应有 LOINC 代码 ${sign.code}`, `the LOINC code ${sign.code} is needed`);
  if (sign.hasMembers && !Array.isArray(resource['hasMember']))
    say('Observation', '缺少 hasMember', 'hasMember is required');
  checkValue(resource, sign, say);
  if (sign.components) checkComponents(resource, sign, say);
}

function checkCommon(resource: Resource, say: Say): void {
  const vital = listOf(resource['category']).filter((one) => hasCode(one, 'vital-signs', CATEGORY));
  if (vital.length !== 1)
    say('Observation', '应有一个类别 vital-signs', 'one category vital-signs is required');
  if (!isObject(resource['subject'])) say('Observation', '缺少 subject', 'subject is required');
  const at = resource['effectiveDateTime'];
  if (at === undefined && resource['effectivePeriod'] === undefined)
    say('Observation', '缺少 effective[x]（时刻或期间）', 'effective[x] (a time or a period) is required');
  // vs-1: a day at least.
  if (typeof at === 'string' && at.length < 10)
    say('Observation.effective.ofType(dateTime)', '时间至少精确到日', 'vs-1: the time is known to the day');
  const rests = resource['component'] !== undefined || resource['hasMember'] !== undefined;
  if (!rests && !isAnswered(resource))
    say('Observation', '应有数值或缺失原因', 'vs-2: a value or the reason for its absence is needed');
  listOf(resource['component']).forEach((one, index) => {
    if (isObject(one) && !isAnswered(one))
      say(
        `Observation.component[${index}]`,
        '应有数值或缺失原因',
        'vs-3: a value or the reason for its absence is needed',
      );
  });
}

function checkValue(resource: Resource, sign: VitalSign, say: Say): void {
  if (sign.noValue === 'any' && hasValue(resource))
    say('Observation.value', '数值只能在成员中', 'no value stands beside the members');
  if (sign.noValue === 'quantity' && resource['valueQuantity'] !== undefined)
    say('Observation.value', '数值只能在分量中', 'no value stands beside the components');
  if (sign.valueNeeded && resource['valueQuantity'] === undefined)
    say('Observation', '缺少 valueQuantity', 'valueQuantity is required');
  if (sign.noValue === undefined && sign.units) checkUnits(resource, sign.units, 'Observation', say);
}

function checkComponents(resource: Resource, { components = [], units = [] }: VitalSign, say: Say): void {
  const list = listOf(resource['component']);
  for (const code of components) {
    const found = list.filter((one) => isObject(one) && hasCode(one['code'], code));
    if (found.length !== 1) say('Observation', `应有一个分量 ${code}`, `one component ${code} is required`);
    for (const one of found)
      if (isObject(one)) checkUnits(one, units, `Observation.component[${list.indexOf(one)}]`, say);
  }
}

/** A quantity has number, unit and a UCUM code of the wanted ones. */
function checkUnits(holder: Json, units: readonly string[], at: string, say: Say): void {
  const quantity = holder['valueQuantity'];
  if (!isObject(quantity)) return;
  const place = `${at}.value.ofType(Quantity)`;
  for (const part of ['value', 'unit'])
    if (quantity[part] === undefined && quantity[`_${part}`] === undefined)
      say(place, `缺少 ${part}`, `${part} is required`);
  if (quantity['system'] !== UCUM || !units.includes(String(quantity['code'])))
    say(place, `单位应为 UCUM 的 ${units.join('、')}`, `the unit is ${units.join(' or ')} of UCUM`);
}

type Json = Readonly<Record<string, unknown>>;

const hasValue = (holder: Json): boolean =>
  Object.keys(holder).some((key) => /^_?value[A-Z]/.test(key) && holder[key] !== undefined);

const isAnswered = (holder: Json): boolean => holder['dataAbsentReason'] !== undefined || hasValue(holder);

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const hasCode = (concept: unknown, code: string, system = LOINC): boolean =>
  isObject(concept) &&
  listOf(concept['coding']).some((one) => isObject(one) && one['system'] === system && one['code'] === code);
