// Runs HL7's FHIRPath test suite for R4 on our engine; the exceptions are listed with their reasons.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { testData } from '../test-data.ts';
import { evaluateFhirPath } from './full-engine.ts';
import { EXCEPTIONS } from './official-exceptions.ts';

interface Case {
  readonly name: string;
  readonly expression: string;
  readonly input?: string;
  readonly outputs: readonly { readonly type?: string; readonly value?: string }[];
  readonly invalid?: string;
  readonly mode?: string;
  readonly predicate?: boolean;
  readonly ordered?: boolean;
}

const folder = testData('fhirpath');
const suite = folder ? new URL('tests-fhir-r4.json', folder) : null;

const inputs = new Map<string, string>();
function inputOf(name: string | undefined): unknown {
  if (!name || !folder) return {};
  let text = inputs.get(name);
  if (text === undefined) {
    text = readFileSync(new URL(`input/${name}`, folder), 'utf8');
    inputs.set(name, text);
  }
  return JSON.parse(text);
}

const print = (value: unknown): string => {
  const text =
    typeof value === 'object' && value !== null && !Object.hasOwn(value, 'toString')
      ? String(value)
      : `${value}`;
  return text === '[object Object]' ? JSON.stringify(value) : text;
};
const bare = (text: string): string => text.replace(/^@T?/, '');
const ZONED = /T.*(Z|[+-]\d{2}:\d{2})$/;
/** The same instant in another zone is the same value (FHIRPath §6.1.1). */
const sameInstant = (a: string, b: string): boolean =>
  ZONED.test(a) && ZONED.test(b) && Date.parse(a) === Date.parse(b);
const agree = (got: string, want: string): boolean =>
  bare(got) === bare(want) ||
  sameInstant(got, bare(want)) ||
  (want !== '' && !Number.isNaN(Number(want)) && Number(got) === Number(want));

/** null if the test passes, else what came instead. */
function run(one: Case): string | null {
  let values: unknown[];
  try {
    values = evaluateFhirPath(one.expression, inputOf(one.input));
  } catch (error) {
    return one.invalid ? null : `threw ${(error as Error).message}`;
  }
  if (one.invalid) return `gave ${values.map(print).join(', ')} where ${one.invalid} must fail`;
  let got = values.map(print);
  const want = one.outputs.map((output) => output.value ?? '');
  if (one.predicate && one.outputs[0]?.type === 'boolean')
    got = [got.length === 1 && (got[0] === 'true' || got[0] === 'false') ? got[0] : String(got.length > 0)];
  if (one.ordered === false) {
    got.sort();
    want.sort();
  }
  const same = got.length === want.length && got.every((text, at) => agree(text, want[at] as string));
  return same ? null : `gave ${got.join(', ')}, expected ${want.join(', ')}`;
}

test('[fhir F23] the official FHIRPath suite passes but for the listed exceptions', (context) => {
  if (!suite || !existsSync(suite)) {
    context.diagnostic('official-suite fhirpath skipped no data here');
    context.skip('the official FHIRPath suite is not here');
    return;
  }
  const { groups } = JSON.parse(readFileSync(suite, 'utf8')) as { groups: { name: string; tests: Case[] }[] };
  const cases = groups.flatMap((group) =>
    group.tests.map((one) => ({ key: `${group.name}/${one.name}`, one })),
  );
  const failed = cases
    .map(({ key, one }) => ({ key, why: run(one) }))
    .filter((result) => result.why !== null);
  const total = cases.length;
  context.diagnostic(`official-suite fhirpath run ${total}`);
  context.diagnostic(
    `fhirpath: ${total - failed.length} of ${total} pass, ${failed.length} listed exceptions`,
  );
  const unexpected = failed.filter(({ key }) => !Object.hasOwn(EXCEPTIONS, key));
  assert.deepEqual(unexpected, []);
  const gone = Object.keys(EXCEPTIONS).filter((key) => !failed.some((one) => one.key === key));
  assert.deepEqual(gone, [], 'an exception that now passes must be taken off the list');
});
