// Tests of loading: the repository's own programmes are sound, and a wrong one is told in its file and place.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadPolicy } from '@yimai/record';
import { loadCalendar, loadProgrammes } from './load.ts';
import { REPOSITORY } from './testing.ts';

const HEAD = 'version: 1\ntitle: { zh: 甲, en: A }\nsource: test\n';

function load(files: Readonly<Record<string, string>>): string[] {
  const root = mkdtempSync(join(tmpdir(), 'yimai-programs-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(root, name, '..'), { recursive: true });
      writeFileSync(join(root, name), text);
    }
    return loadProgrammes(root).issues.map((one) => `${one.programme}/${one.file} ${one.at} ${one.code}`);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

test('[runtime P1] every programme of the repository loads without an issue, with roles that the policy knows', () => {
  const roles = new Set(loadPolicy().roles.keys());
  const { programmes, issues } = loadProgrammes(join(REPOSITORY, 'programs'), { roles });
  assert.deepEqual(issues, []);
  assert.ok(programmes.length >= 25);
  assert.deepEqual(
    loadCalendar(join(REPOSITORY, 'rules/calendar')).years,
    [2023, 2024, 2025, 2026, 2027, 2028],
  );
});

test('[runtime P2] a wrong declaration is told with programme, file and place, and the others load', () => {
  const good = `id: good\ndomain: hr\n${HEAD}`;
  const found = load({
    'hr/good/programme.yaml': good,
    'hr/other-name/programme.yaml': `id: elsewhere\ndomain: hr\n${HEAD}`,
    'hr/broken/programme.yaml': 'id: [broken',
    'hr/keys/programme.yaml': `id: keys\ndomain: hr\n${HEAD}lops: []\n`,
    'hr/forms-bad/programme.yaml': `id: forms-bad\ndomain: hr\n${HEAD}`,
    'hr/forms-bad/forms/x.yaml':
      'id: x\nversion: "1"\ntitle: { zh: 甲, en: A }\nitems: [{ id: a, text: { zh: 甲, en: A }, type: choice }]\n',
  });
  assert.deepEqual(found, [
    'hr/broken/programme.yaml  yaml-invalid',
    'hr/forms-bad/forms/x.yaml items.a.options options-missing',
    'hr/keys/programme.yaml lops unknown-key',
    'hr/other-name/programme.yaml id id-differs',
  ]);
});

test('[runtime P3] names are checked across programmes', () => {
  const found = load({
    'insp/a/programme.yaml': `id: a\ndomain: insp\n${HEAD}recurring:\n  - { id: r, title: { zh: 甲, en: A }, every: day, objects: nowhere, when: data.x >, by: [inspector] }\n`,
    'insp/b/programme.yaml': `id: b\ndomain: insp\n${HEAD}lists:\n  - { id: l, title: { zh: 甲, en: A }, value: money, source: s, rows: [{ key: k, from: 2026-01-01, value: "1" }, { key: k, from: 2026-01-01, value: "2" }] }\n`,
  });
  assert.deepEqual(found, [
    'insp/a/programme.yaml recurring.r.objects name-unknown',
    'insp/a/programme.yaml recurring.r.when expression-invalid',
    'insp/b/programme.yaml lists.l row-twice',
  ]);
});
