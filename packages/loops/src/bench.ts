// Measures the pure step beside an empty loop of the same shape, so that the figure has a floor of the same run.
import { compileLoop } from './compile.ts';
import { DIRECTOR, EXPERT, OFFICER, PLACES, repositoryCalendar, SAMPLE } from './sample.ts';
import { initialState, step } from './step.ts';
import type { LoopEvent, LoopState } from './types.ts';

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly floor: number;
  readonly target: string;
}

const START = Date.parse('2026-03-02T09:00:00+08:00');

/** Walks whole cases from opening to close, deadlines and branches included, for about `seconds`. */
export function benchLoops(seconds = 2): Figure[] {
  const { loop } = compileLoop(SAMPLE);
  const calendar = repositoryCalendar();
  const script: LoopEvent[] = [
    { event: 'place', actor: OFFICER, answers: { expert: 'p-expert' } },
    { event: 'accept', actor: EXPERT, answers: { start: '2026-03-05' } },
    { event: 'log', actor: EXPERT, answers: { sessions: 3 } },
    { event: 'log', actor: EXPERT, answers: { sessions: 2 } },
    { event: 'finish', actor: EXPERT },
    { event: 'rate-institution', actor: DIRECTOR, answers: { institution: 5 } },
    { event: 'rate-patients', actor: DIRECTOR, answers: { patients: 4 } },
    { event: 'close', actor: OFFICER },
  ];
  const opened = initialState(
    loop,
    { actor: DIRECTOR, places: PLACES, answers: { specialty: '儿科' } },
    START,
    calendar,
  );
  if (!opened.ok) throw new Error(`fault: the sample does not open: ${opened.refusal.code}`);
  const walk = (
    run: (state: LoopState, event: LoopEvent, at: number) => LoopState,
    forMs: number,
  ): number => {
    let steps = 0;
    const begin = performance.now();
    while (performance.now() - begin < forMs) {
      for (let round = 0; round < 200; round += 1) {
        let state = opened.state;
        let at = START;
        for (const event of script) {
          at += 60_000;
          state = run(state, event, at);
        }
        steps += script.length;
      }
    }
    return (steps / (performance.now() - begin)) * 1000;
  };
  const real = (state: LoopState, event: LoopEvent, at: number): LoopState => {
    const result = step(loop, state, event, at, calendar);
    if (!result.ok) throw new Error(`fault: ${event.event} refused: ${result.refusal.code}`);
    return result.state;
  };
  const floor = (state: LoopState, event: LoopEvent, at: number): LoopState => ({
    ...state,
    seq: state.seq + 1,
    closed: at,
    data: { ...state.data, ...event.answers },
  });
  walk(real, 300);
  const value = walk(real, seconds * 1000);
  return [
    { name: 'pure steps, one thread', value, unit: '1/s', floor: walk(floor, 500), target: '>= 500000' },
  ];
}
