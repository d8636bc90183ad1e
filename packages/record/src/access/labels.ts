// Computes what the policy table decides by: kind of data, locked classes, owning organisation, resident.
import { compartmentPatients, rowKey } from '@yimai/fhir';
import type { Uuid } from '@yimai/kit';
import { type Coding, type Labels, LOCKS, type Lock, type Resource } from '../types.ts';
import { eachCoding, isObject, targetOf, targetsAt, valuesAt } from './elements.ts';
import { type EitherKind, type KindRules, type LockRule, loadKinds } from './kinds.ts';

/** `keeper` owns what names no organisation itself: of an update the owner so far, of a creation the writer's own. */
export type LabelsOf = (resource: Resource, keeper?: { readonly org: Uuid | null }) => Labels;

/** Elements that name the resident in most types; the standard's compartment decides for the rest. */
const SUBJECTS = ['subject', 'patient', 'for', 'beneficiary', 'individual', 'securityContext'];

/** Makes the labelling function of one set of rules. Definitions belong to the whole consortium. */
export function makeLabels(rules: KindRules = loadKinds()): LabelsOf {
  const locksOf = makeLocks(rules);
  return (resource, keeper) => {
    const patient = patientOf(resource);
    const kind = kindOf(resource, patient, rules);
    const org = kind === 'definition' ? null : (ownerOf(resource, rules) ?? keeper?.org ?? null);
    return { kind, locks: locksOf(resource), org, patient };
  };
}

/** Row key of the resident the resource is about. */
export function patientOf(resource: Resource): Uuid | null {
  if (resource.resourceType === 'Patient') return resource.id ? rowKey('Patient', resource.id) : null;
  for (const element of SUBJECTS) {
    for (const value of valuesAt(resource, element)) {
      const target = targetOf(value);
      if (target?.type === 'Patient') return target.key;
    }
  }
  const first = compartmentPatients(resource)[0];
  return first ? rowKey('Patient', first.id) : null;
}

function kindOf(resource: Resource, patient: Uuid | null, rules: KindRules): string {
  const type = resource.resourceType;
  const either = rules.either.get(type);
  const own = either ? eitherKind(resource, patient, either) : rules.byType.get(type);
  const claimable = either?.tags ?? rules.tagged[type] ?? [];
  for (const tag of resource.meta?.tag ?? []) {
    // A tag never turns a resident's data into data of no one.
    const known = tag.system === rules.tagSystem && tag.code !== undefined && claimable.includes(tag.code);
    if (known && rules.kinds.get(tag.code!)!.person === rules.kinds.get(own!)?.person) return tag.code!;
  }
  return own ?? 'unknown';
}

// A subject that is contained, logical or of unknown type may be a person, so it counts as one.
function eitherKind(resource: Resource, patient: Uuid | null, either: EitherKind): string {
  if (patient !== null) return either.patient;
  const subjects = SUBJECTS.flatMap((element) => valuesAt(resource, element)).filter(isObject);
  if (subjects.length === 0) {
    const { absent } = either;
    return absent === 'patient' ? either.patient : absent === 'other' ? either.other : absent;
  }
  const isPerson = subjects.some((subject) => {
    const type = targetOf(subject)?.type ?? containedType(resource, subject) ?? subject['type'];
    return typeof type !== 'string' || ['Patient', 'RelatedPerson', 'Person'].includes(type);
  });
  return isPerson ? either.patient : either.other;
}

function containedType(resource: Resource, subject: Readonly<Record<string, unknown>>): string | undefined {
  const reference = subject['reference'];
  if (typeof reference !== 'string' || !reference.startsWith('#')) return undefined;
  const found = valuesAt(resource, 'contained').find(
    (inner) => isObject(inner) && inner['id'] === reference.slice(1),
  );
  return isObject(found) && typeof found['resourceType'] === 'string' ? found['resourceType'] : undefined;
}

function ownerOf(resource: Resource, rules: KindRules): Uuid | null {
  for (const path of rules.owner[resource.resourceType] ?? rules.owner['default']!) {
    if (path === 'self') return resource.id ? rowKey(resource.resourceType, resource.id) : null;
    const found = targetsAt(resource, path).find((target) => target.type === 'Organization');
    if (found) return found.key;
  }
  return null;
}

type CodeTest = (code: string) => boolean;
interface LockTest {
  readonly lock: Lock;
  readonly icd: CodeTest;
  readonly loinc: CodeTest;
  readonly atc: CodeTest;
  readonly label: CodeTest;
}

const ICD_SYSTEM = /icd-?10|2\.16\.840\.1\.113883\.6\.(3|90)\b|2\.16\.156\.10011\.2\.3\.3\.11/i;
const LOINC_SYSTEM = 'http://loinc.org';
const ATC_SYSTEM = /whocc\.no\/atc|\batc\b/i;
const LABEL_SYSTEMS = ['http://terminology.hl7.org/CodeSystem/v3-ActCode'];

function makeLocks(rules: KindRules): (resource: Resource) => Lock[] {
  const tests = LOCKS.map((lock) => testOf(lock, rules.locks.get(lock)!));
  const labelSystems = new Set([...LABEL_SYSTEMS, rules.lockSystem]);
  return (resource) => {
    const found = new Set<Lock>();
    const visit = ({ system, code }: Coding): void => {
      if (system === undefined || code === undefined) return;
      for (const test of tests) if (matches(test, system, code)) found.add(test.lock);
    };
    eachCoding(resource, visit);
    for (const { system, code } of resource.meta?.security ?? []) {
      if (system === undefined || code === undefined || !labelSystems.has(system)) continue;
      for (const test of tests) if (test.label(code)) found.add(test.lock);
    }
    return LOCKS.filter((lock) => found.has(lock));
  };
}

function matches(test: LockTest, system: string, code: string): boolean {
  if (system === LOINC_SYSTEM) return test.loinc(code);
  if (ICD_SYSTEM.test(system)) return test.icd(code);
  return ATC_SYSTEM.test(system) && test.atc(code);
}

function testOf(lock: Lock, rule: LockRule): LockTest {
  const loinc = new Set(rule.loinc);
  const labels = new Set([...rule.labels, lock.toUpperCase()]);
  return {
    lock,
    icd: icdTest(rule.icd),
    loinc: (code) => loinc.has(code),
    atc: (code) => rule.atc.some((prefix) => code.toUpperCase().startsWith(prefix)),
    label: (code) => labels.has(code.toUpperCase()),
  };
}

/** `F00-F99` holds F00 and F99.9 and all between; `Z64.0` holds that code and what is longer, dots ignored. */
function icdTest(ranges: readonly string[]): CodeTest {
  const plain = (code: string): string => code.toUpperCase().replaceAll('.', '');
  const spans = ranges.map((range) => {
    const [low, high] = range.split('-') as [string, string | undefined];
    return { low: plain(low), high: plain(high ?? low) };
  });
  return (code) => {
    const text = plain(code);
    return spans.some(({ low, high }) => text >= low && text.slice(0, high.length) <= high);
  };
}
