// Which entries of the catalogue exist, and which of their must statements the last test run has shown.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../repository.ts';
import type { Catalogue, Entry } from './catalogue.ts';

export interface StatementStatus {
  readonly n: number;
  readonly statement: string;
  readonly status: 'passed' | 'failed' | 'missing';
}

export interface EntryStatus {
  readonly entry: Entry;
  readonly exists: boolean;
  readonly statements: readonly StatementStatus[];
}

interface Outcome {
  readonly title: string;
  readonly status: string;
}

const TAG = /\[([a-z0-9-]+)\/(\d+)\]/g;

/** A statement passes when a test carries its tag and every test that does has passed; skipped and to do count as missing. */
export function missionStatus(catalogue: Catalogue, tests: readonly Outcome[]): EntryStatus[] {
  const found = new Map<string, string[]>();
  for (const { title, status } of tests) {
    for (const [, id, n] of title.matchAll(TAG)) {
      const key = `${id}/${n}`;
      found.set(key, [...(found.get(key) ?? []), status]);
    }
  }
  return catalogue.entries.map((entry) => ({
    entry,
    exists: existsSync(join(root, 'programs', entry.domain, entry.id, 'programme.yaml')),
    statements: entry.must.map(({ n, statement }) => ({
      n,
      statement,
      status: statusOf(found.get(`${entry.id}/${n}`)),
    })),
  }));
}

function statusOf(all: readonly string[] | undefined): StatementStatus['status'] {
  if (!all || all.length === 0) return 'missing';
  if (all.includes('failed')) return 'failed';
  return all.every((one) => one === 'passed') ? 'passed' : 'missing';
}

/** The tests of the last run; null when there has been none. */
export function lastReport(): { readonly finishedAt: string; readonly tests: readonly Outcome[] } | null {
  const path = join(root, 'reports', 'tests.json');
  if (!existsSync(path)) return null;
  return JSON.parse(readFileSync(path, 'utf8')) as { finishedAt: string; tests: Outcome[] };
}
