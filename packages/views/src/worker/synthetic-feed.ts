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
