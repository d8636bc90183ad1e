// fast-check whose properties run under YIMAI_SEEDS seeds instead of one; the failing seed stands in its message.
import fc from 'fast-check';

export * from 'fast-check';

const SEEDS = Number(process.env['YIMAI_SEEDS'] ?? 1);
const RUNS_A_SEED_MAX = 20;

interface Params {
  readonly numRuns?: number;
  readonly seed?: number;
}

/** The property under the test's own seed and those after it, with fewer runs for each. */
export function assert(property: fc.IAsyncProperty<unknown>, params: Params = {}): unknown {
  const first = params.seed ?? 1;
  const numRuns = Math.min(params.numRuns ?? RUNS_A_SEED_MAX, RUNS_A_SEED_MAX);
  const run = (at: number): unknown => {
    for (let index = at; index < SEEDS; index += 1) {
      const done: unknown = fc.assert(property, { ...params, numRuns, seed: first + index });
      if (done instanceof Promise) return done.then(() => run(index + 1));
    }
    return undefined;
  };
  return run(0);
}

export default { ...fc, assert };
