// Follows the test runner's events: what is said while it runs, and what the report keeps.
import { relative } from 'node:path';
import type { TestsStream } from 'node:test';
import { inspect } from 'node:util';
import { parseSuite, type SuiteOutcome } from './official-suites.ts';

export type TestStatus = 'passed' | 'failed' | 'skipped';

export interface TestOutcome {
  readonly file: string;
  /** The title with those of the tests around it, joined by ` > `. */
  readonly title: string;
  readonly status: TestStatus;
  readonly ms: number;
  readonly reason?: string;
}

export interface RunOutcome {
  readonly finishedAt: string;
  readonly node: string;
  readonly ms: number;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly suites: readonly SuiteOutcome[];
  readonly files: readonly { readonly file: string; readonly ms: number }[];
  readonly tests: readonly TestOutcome[];
}

interface Ended {
  readonly name: string;
  readonly nesting: number;
  readonly file?: string;
  readonly skip?: string | boolean;
  readonly todo?: string | boolean;
  readonly details: { readonly duration_ms: number; readonly type?: string; readonly error?: unknown };
}

interface FileSummary {
  readonly file?: string;
  readonly success: boolean;
  readonly counts: { readonly tests: number; readonly skipped: number };
  readonly duration_ms: number;
}

export class Report {
  readonly #root: string;
  readonly #say: (line: string) => void;
  readonly #begun = performance.now();
  readonly #tests: TestOutcome[] = [];
  readonly #suites = new Map<string, SuiteOutcome>();
  readonly #failures: { title: string; file: string; error: unknown }[] = [];
  readonly #files = new Map<string, number>();
  readonly #output = new Map<string, string>();
  #titles: string[] = [];

  constructor(root: string, say: (line: string) => void) {
    this.#root = root;
    this.#say = say;
  }

  follow(stream: TestsStream): void {
    stream.on('test:start', ({ name, nesting }) => {
      this.#titles = [...this.#titles.slice(0, nesting), name];
    });
    stream.on('test:pass', (event) => this.#end(event as Ended, 'passed'));
    stream.on('test:fail', (event) => this.#end(event as Ended, 'failed'));
    stream.on('test:summary', (event) => this.#endFile(event as FileSummary));
    stream.on('test:diagnostic', ({ message }) => {
      const suite = parseSuite(message);
      if (suite) this.#suites.set(suite.name, suite);
    });
    stream.on('test:stdout', ({ file, message }) => this.#keepOutput(file, message));
    stream.on('test:stderr', ({ file, message }) => this.#keepOutput(file, message));
  }

  #endFile({ file, success, counts, duration_ms: ms }: FileSummary): void {
    if (file === undefined) return;
    this.#files.set(this.#short(file), Math.round(ms));
    const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
    const seconds = (ms / 1000).toFixed(1);
    this.#say(
      `${success ? 'ok    ' : 'FAILED'}  ${this.#short(file)}  ${counts.tests} tests${skipped}, ${seconds} s`,
    );
  }

  /** Every file of `files` must have reported to its end: one whose report was cut off has failed. */
  expect(files: readonly string[]): void {
    for (const file of files.map((path) => this.#short(path)).filter((path) => !this.#files.has(path)))
      this.fail(file, 'reports to its end', 'the file ended, or was ended, before its report was complete');
  }

  /** A failure that no test reports: a build that they need, a file that was cut off. */
  fail(file: string, title: string, error: string): void {
    this.#tests.push({ file, title, status: 'failed', ms: 0 });
    this.#failures.push({ title, file, error });
    this.#say(`FAILED  ${file}  ${title}`);
  }

  #keepOutput(file: string | undefined, message: string): void {
    const key = this.#short(file);
    this.#output.set(key, `${this.#output.get(key) ?? ''}${message}`.slice(-4_000));
  }

  #end(event: Ended, status: 'passed' | 'failed'): void {
    if (event.details.type === 'suite') {
      // A suite is the sum of its tests; only a failure of its own hooks counts by itself.
      if (status === 'passed' || isOnlyChildren(event.details.error)) return;
    } else if (status === 'failed' && isOnlyChildren(event.details.error)) return;
    const file = this.#short(event.file);
    const title = [...this.#titles.slice(0, event.nesting), event.name].join(' > ');
    const excused = event.skip !== undefined || event.todo !== undefined;
    const final: TestStatus = excused ? 'skipped' : status;
    const reason = [event.skip, event.todo].find((word) => typeof word === 'string' && word !== '');
    this.#tests.push({
      file,
      title,
      status: final,
      ms: Math.round(event.details.duration_ms),
      ...(typeof reason === 'string' ? { reason } : {}),
    });
    if (final === 'failed') {
      this.#failures.push({ title, file, error: event.details.error });
      this.#say(`FAILED  ${file}  ${title}`);
    }
  }

  #short(file: string | undefined): string {
    return file === undefined ? '' : relative(this.#root, file);
  }

  finish(): RunOutcome {
    const count = (status: TestStatus) => this.#tests.filter((test) => test.status === status).length;
    return {
      finishedAt: new Date().toISOString(),
      node: process.version,
      ms: Math.round(performance.now() - this.#begun),
      passed: count('passed'),
      failed: count('failed'),
      skipped: count('skipped'),
      suites: [...this.#suites.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
      files: [...this.#files].map(([file, ms]) => ({ file, ms })),
      tests: this.#tests,
    };
  }

  sayFailures(): void {
    for (const { title, file, error } of this.#failures) {
      this.#say(`\n--- ${file}\n    ${title}`);
      const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
      this.#say(inspect(cause, { depth: 4, breakLength: 110, maxStringLength: 2_000 }));
    }
    for (const file of new Set(this.#failures.map((failure) => failure.file))) {
      const output = this.#output.get(file);
      if (output) this.#say(`\n--- what ${file} printed (its end)\n${output}`);
    }
    const skipped = this.#tests.filter((test) => test.status === 'skipped');
    if (skipped.length > 0) this.#say('\nSkipped (跳过):');
    for (const test of skipped)
      this.#say(`  ${test.file}  ${test.title}  (${test.reason ?? 'no reason given'})`);
  }

  countLine(): string {
    const { passed, failed, skipped } = this.finish();
    return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
  }
}

// The parent of a failed test is reported as failed as well; it would be counted twice.
function isOnlyChildren(error: unknown): boolean {
  return (error as { failureType?: string } | undefined)?.failureType === 'subtestsFailed';
}
