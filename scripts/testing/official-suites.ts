// Official suites: how a test file says that it ran one, and what the runner makes of it.
// In a test: `t.diagnostic('official-suite fhirpath run 715')` or `t.diagnostic('official-suite fhirpath skipped no data')`.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RunOutcome } from './report.ts';

export type SuiteOutcome =
  | { readonly name: string; readonly ran: number }
  | { readonly name: string; readonly ran: 0; readonly skippedBecause: string };

const FORM = /^#? ?official-suite (\S+) (?:run (\d+)|skipped(?: (.*))?)\s*$/;

export function parseSuite(message: string): SuiteOutcome | undefined {
  const match = FORM.exec(message.trim());
  if (!match) return undefined;
  const name = match[1]!;
  const ran = Number(match[2] ?? 0);
  if (ran > 0) return { name, ran };
  return { name, ran: 0, skippedBecause: match[3] ?? (match[2] ? 'no case found' : 'no reason given') };
}

const isSkipped = (suite: SuiteOutcome) => 'skippedBecause' in suite;

/** `official suites: 5 run, 1 skipped (cql)`; nothing stands in the brackets that was not skipped. */
export function suitesLine(suites: readonly SuiteOutcome[]): string {
  const skipped = suites.filter(isSkipped);
  const names = skipped.length > 0 ? ` (${skipped.map((suite) => suite.name).join(', ')})` : '';
  return `official suites: ${suites.length - skipped.length} run, ${skipped.length} skipped${names}`;
}

/** Where the outside data lie, a skipped suite is a hole in the proof, not a matter of taste. */
export function needsSuites(root: string, env: NodeJS.ProcessEnv): boolean {
  const data = env['YIMAI_TEST_DATA'] ?? join(root, '..', 'shared', 'data');
  return env['YIMAI_REQUIRE_SUITES'] === '1' && existsSync(data);
}

export function closingLines(outcome: RunOutcome, strict: boolean): string[] {
  const lines = outcome.suites.map((suite) =>
    'skippedBecause' in suite
      ? `  ${suite.name}: skipped, ${suite.skippedBecause}`
      : `  ${suite.name}: ${suite.ran} cases`,
  );
  if (strict && outcome.suites.some(isSkipped))
    lines.push('FAILED: the outside data are here, so no suite of them may be skipped.');
  return ['', ...lines];
}

export function exitCode(outcome: RunOutcome, strict: boolean): number {
  const holes = strict && outcome.suites.some(isSkipped);
  return outcome.failed > 0 || outcome.passed === 0 || holes ? 1 : 0;
}
