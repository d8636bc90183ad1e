// Look-ups travel together: the way there and back, the transaction and the settings cost more than finding a row by its
// key. Those asked in one turn share a flight, and what is asked while one is under way goes with the next, so that flights
// are the fuller the busier the house is. Each statement still stands under the settings of who asked it.
import type { Rows } from './database.ts';
import type { FlightAnswer, FlightStatement } from './flight.ts';
import type { LocalSettings } from './statements.ts';

/** More look-ups than this are split, so that several connections share the work; so many wait for no flight before. */
const TOGETHER_MAX = 8;
/** A look-up waits no longer than this for a flight to land: one that is held up holds nobody else up. */
const WAIT_MS = 4;

interface Asked {
  readonly settings: LocalSettings;
  /** Equal for equal settings. */
  readonly key: string;
  readonly statement: FlightStatement;
  readonly resolve: (rows: Rows<never>) => void;
  readonly reject: (error: Error) => void;
}

/** Sends the statements in one read-only transaction and answers the wanted ones. */
export type SendReads = (statements: readonly FlightStatement[]) => Promise<readonly FlightAnswer[]>;

export function readTogether(
  send: SendReads,
  settingsOf: (settings: LocalSettings) => readonly string[],
  statement: (text: string) => FlightStatement,
) {
  let waiting: Asked[] = [];
  let underWay = 0;
  let late: NodeJS.Timeout | null = null;

  function leaveIfFree(): void {
    if (waiting.length === 0) return;
    if (underWay === 0 || waiting.length >= TOGETHER_MAX) leave();
    else late ??= setTimeout(leave, WAIT_MS);
  }

  function leave(): void {
    if (late !== null) clearTimeout(late);
    late = null;
    const asked = waiting;
    waiting = [];
    // Equal settings side by side are sent once.
    asked.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
    for (let from = 0; from < asked.length; from += TOGETHER_MAX)
      void answer(asked.slice(from, from + TOGETHER_MAX));
  }

  async function answer(group: readonly Asked[]): Promise<void> {
    underWay += 1;
    try {
      const answers = await send(statementsOf(group));
      for (const [at, one] of group.entries()) one.resolve(answers[at]! as Rows<never>);
    } catch (error) {
      // What one of them broke the others have not asked for: each is asked by itself.
      if (group.length > 1) for (const one of group) void answer([one]);
      else group[0]!.reject(error as Error);
    } finally {
      underWay -= 1;
      leaveIfFree();
    }
  }

  function statementsOf(group: readonly Asked[]): FlightStatement[] {
    const statements: FlightStatement[] = [];
    let before: Asked | null = null;
    for (const one of group) {
      if (one.key !== before?.key) {
        // A setting that the one before had and this one has not is emptied: an empty setting closes, as a missing one does.
        for (const name of Object.keys(before?.settings ?? {}))
          if (!one.settings[name as `app.${string}`]) statements.push(statement(`set local ${name} = ''`));
        statements.push(...settingsOf(one.settings).map(statement));
        before = one;
      }
      statements.push(one.statement);
    }
    return statements;
  }

  return <T>(settings: LocalSettings, statement: FlightStatement): Promise<Rows<T>> =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(leaveIfFree);
      const key = settingsOf(settings).join('\n');
      waiting.push({ settings, key, statement, resolve: resolve as Asked['resolve'], reject });
    });
}
