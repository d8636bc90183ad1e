// A worker process for the kill test: it follows a synthetic feed in small batches until somebody kills it.
import { must, systemClock } from '@yimai/kit';
import { syntheticFeed } from './synthetic-feed.ts';
import { type NamedView, readNamedView } from './view-set.ts';
import { ViewWorker } from './view-worker.ts';

export const ENCOUNTER_VIEWS: readonly NamedView[] = [
  {
    name: 'stay',
    resource: 'Encounter',
    select: [
      {
        column: [
          { name: 'status', path: 'status' },
          { name: 'class', path: 'class.code' },
          { name: 'patient', path: 'subject.getReferenceKey(Patient)' },
          { name: 'org', path: 'serviceProvider.getReferenceKey(Organization)' },
          { name: 'start', path: 'period.start' },
          { name: 'reason', path: 'reasonCode.text' },
        ],
      },
    ],
  },
  {
    name: 'diagnosis',
    resource: 'Encounter',
    select: [
      {
        forEach: 'diagnosis',
        column: [
          { name: 'condition', path: 'condition.getReferenceKey()' },
          { name: 'rank', path: 'rank' },
        ],
      },
    ],
  },
].map((definition) => must(readNamedView(JSON.stringify(definition))));

if (process.argv[1] === import.meta.filename) {
  const [, , folder, length] = process.argv;
  const options = {
    folder: folder!,
    views: ENCOUNTER_VIEWS,
    source: syntheticFeed(Number(length)),
    clock: systemClock,
  };
  const worker = must(await ViewWorker.open({ ...options, batchSize: 300, publishEveryMs: 50 }));
  process.stdout.write('started\n');
  while ((await worker.step()) > 0) if (worker.seq % 1_200 === 0) await worker.publish();
  await worker.run(new AbortController().signal);
}
