// Sends resources to the record's importer, in two lanes so that reading and storing go on side by side.
import type { Resource } from '@yimai/fhir';
import type { ImportReport, Record } from '@yimai/record';

const LANES = 2;
const AT_ONCE = 800;

/** Refusals are faults here: the county's own data must be right. */
export async function bring(record: Record, resources: Iterable<Resource>): Promise<number> {
  const importer = record.importer(record.systemAccess(), { via: 'import' });
  let sent = 0;
  for (const resource of resources) {
    sent += 1;
    await importer.add(JSON.stringify(resource), sent);
  }
  check(await importer.finish());
  return sent;
}

/** Many resources: those of one number go in one after the other, `reached` is told the number from time to time. */
export async function bringMany(
  record: Record,
  resources: Iterable<readonly [lane: number, resource: Resource]>,
  stopped: () => boolean = () => false,
  reached: (lane: number) => void = () => {},
): Promise<number> {
  const importers = Array.from({ length: LANES }, () =>
    record.importer(record.systemAccess(), { via: 'import' }),
  );
  let waiting: string[][] = importers.map(() => []);
  let sent = 0;
  let held = 0;
  const flush = async () => {
    const full = waiting;
    waiting = importers.map(() => []);
    held = 0;
    await Promise.all(
      importers.map(async (importer, lane) => {
        for (const text of full[lane]!) await importer.add(text, sent);
      }),
    );
  };
  for (const [lane, resource] of resources) {
    waiting[lane % LANES]!.push(JSON.stringify(resource));
    sent += 1;
    held += 1;
    if (held >= AT_ONCE) {
      await flush();
      reached(lane);
    }
    if (stopped()) break;
  }
  await flush();
  for (const report of await Promise.all(importers.map((importer) => importer.finish()))) check(report);
  return sent;
}

function check(report: ImportReport): void {
  const first = report.errors[0];
  if (first)
    throw new Error(
      `fault: ${report.refused} resources of the county were refused, the first ${first.refusal.code} at ${first.refusal.at}: ${first.refusal.detail?.en}`,
    );
}
