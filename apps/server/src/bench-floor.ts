// The floor of a create: bare transactions that write the same rows with values made beforehand.
import { extractIndexRows, rowKey } from '@yimai/fhir';
import { uuidv7 } from '@yimai/kit';
import { flushWrites, insertAudit, type StoredRow } from '@yimai/record/bench';
import type { Consortium } from './consortium.ts';

export async function bareCreates(
  consortium: Consortium,
  count: number,
  body: (turn: number) => string,
  clients: number,
): Promise<number> {
  const now = consortium.clock.now();
  const prepared = Array.from({ length: count }, (_, turn) => {
    const id = uuidv7();
    const resource = { ...(JSON.parse(body(turn)) as { resourceType: string }), id };
    const key = rowKey(resource.resourceType, id);
    const row: StoredRow = {
      id: key,
      type: resource.resourceType,
      fhirId: id,
      version: 1,
      updatedAt: now,
      deleted: false,
      kind: 'clinical-result',
      locks: [],
      org: null,
      patient: key,
      engine: null,
      content: JSON.stringify(resource),
    };
    const audit = {
      id: uuidv7(),
      at: now,
      person: key,
      org: key,
      patient: key,
      action: 'create',
      body: '{"floor":true,"of":"the same length as an audit row of a create has, more or less, give or take"}',
    };
    return { write: { op: 'create' as const, row, index: extractIndexRows(resource) }, audit, tx: uuidv7() };
  });
  let turn = 0;
  const start = performance.now();
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (turn < count) {
        const one = prepared[turn]!;
        turn += 1;
        await consortium.database.tx({ 'app.reach': 'all' }, async (run) => {
          await flushWrites(run, [one.write], {
            tx: one.tx,
            firstOrd: 0,
            commandId: null,
            recordedAt: now,
            blind: (value) => value,
          });
          await run.run(insertAudit([one.audit]));
        });
      }
    }),
  );
  return count / ((performance.now() - start) / 1000);
}
