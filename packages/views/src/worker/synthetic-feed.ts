// A change feed for tests and benchmarks: synthetic encounters that are made, changed and deleted, the same for a seed.
import type { Change, ChangeSource } from './change-source.ts';

/** The change with that number; every tenth is a second version, every fiftieth a deletion of an earlier resource. */
export function syntheticChange(seq: number): Change {
  const deletes = seq % 50 === 0;
  const updates = !deletes && seq % 10 === 0;
  const target = deletes ? seq - 3 : updates ? seq - 7 : seq;
  const id = `e${target}`;
  const day = String(1 + (target % 28)).padStart(2, '0');
  const month = String(1 + (target % 12)).padStart(2, '0');
  return {
    seq,
    type: 'Encounter',
    id,
    version: deletes || updates ? 2 : 1,
    op: deletes ? 'delete' : updates ? 'update' : 'create',
    content: deletes
      ? null
      : {
          resourceType: 'Encounter',
          id,
          status: updates ? 'finished' : 'in-progress',
          class: { code: target % 5 === 0 ? 'IMP' : 'AMB' },
          subject: { reference: `Patient/p${target % 997}` },
          serviceProvider: { reference: `Organization/o${target % 23}` },
          period: {
            start: `2025-${month}-${day}T08:30:00+08:00`,
            end: `2025-${month}-${day}T09:30:00+08:00`,
          },
          diagnosis: [
            { condition: { reference: `Condition/c${target}-1` }, rank: 1 },
            { condition: { reference: `Condition/c${target}-2` }, rank: 2 },
          ],
          reasonCode: [
            { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: `J${10 + (target % 80)}.9` }] },
          ],
        },
  };
}

/** A feed of `length` changes that is there from the start. */
export function syntheticFeed(length: number): ChangeSource {
  return {
    changesSince: (seq, limit) => {
      const count = Math.max(0, Math.min(limit, length - seq));
      return Promise.resolve(Array.from({ length: count }, (_, index) => syntheticChange(seq + index + 1)));
    },
  };
}

/** Cases, register entries and visits in turn, as the engines write them. */
export function engineFeed(length: number): ChangeSource {
  return {
    changesSince: (seq, limit) => {
      const count = Math.max(0, Math.min(limit, length - seq));
      return Promise.resolve(Array.from({ length: count }, (_, index) => engineChange(seq + index + 1)));
    },
  };
}

const BASE = 'https://yimai.example/fhir';
const coded = (word: string, code: string) => ({ coding: [{ system: `${BASE}/CodeSystem/${word}`, code }] });

function engineChange(seq: number): Change {
  if (seq % 3 === 0) return syntheticChange(seq);
  const day = `2025-${String(1 + (seq % 12)).padStart(2, '0')}-${String(1 + (seq % 28)).padStart(2, '0')}`;
  const isCase = seq % 3 === 1;
  const id = `${isCase ? 'k' : 'r'}${seq}`;
  const field = (name: string, value: object) => ({
    url: `${BASE}/StructureDefinition/register-field`,
    extension: [
      { url: 'name', valueCode: name },
      { url: 'value', ...value },
    ],
  });
  const content = isCase
    ? {
        resourceType: 'Task',
        id,
        status: 'completed',
        extension: [{ url: `${BASE}/StructureDefinition/loop-state`, valueString: '{"synthetic":true}' }],
        identifier: [{ value: `two-way-referral-${seq}` }],
        code: coded('loop', 'two-way-referral'),
        businessStatus: coded('loop-state-two-way-referral', seq % 2 === 0 ? 'followed-up' : 'seen'),
        for: { reference: `Patient/p${seq % 997}` },
        requester: { reference: `Organization/o${seq % 23}` },
        authoredOn: `${day}T01:00:00Z`,
        executionPeriod: { start: `${day}T01:00:00Z`, end: `${day}T20:00:00Z` },
        input: ['reason', 'summary', 'to', 'bed', 'plan'].map((name) => ({
          type: coded('field', name),
          valueString: name === 'to' ? 'Organization/o1' : 'synthetic text of a case that says nothing',
        })),
      }
    : {
        resourceType: 'Basic',
        id,
        code: coded('register', 'check-log'),
        extension: [
          { url: `${BASE}/StructureDefinition/register-from`, valueDate: day },
          field('object', { valueString: `HS${seq}` }),
          field('kind', { valueString: 'patrol' }),
          field('day', { valueString: day }),
          field('problem', { valueBoolean: false }),
          field('households', { valueDecimal: 1 }),
        ],
      };
  return { seq, type: content.resourceType, id, version: 1, op: 'create', content };
}
