// Profiles of the benchmark's parts: with YIMAI_BENCH_PROFILE=FOLDER each part leaves a .cpuprofile of this process.
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { join } from 'node:path';

export async function profiled<T>(part: string, work: () => Promise<T>): Promise<T> {
  const folder = process.env['YIMAI_BENCH_PROFILE'];
  if (!folder) return work();
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.start');
  const value = await work();
  const { profile } = await session.post('Profiler.stop');
  writeFileSync(join(folder, `${part}.cpuprofile`), JSON.stringify(profile));
  session.disconnect();
  return value;
}
