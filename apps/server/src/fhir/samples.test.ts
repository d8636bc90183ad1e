// The published R4 examples over HTTP: valid ones come back equal, invalid ones are refused for what is wrong in them.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { testServer } from '../server.fixture.ts';

const DATA =
  process.env['YIMAI_TEST_DATA'] ?? fileURLToPath(new URL('../../../../../shared/data', import.meta.url));
const FHIR = join(DATA, 'fhir');

function withoutStamp(text: string): unknown {
  const resource = JSON.parse(text) as { id?: unknown; meta?: { [key: string]: unknown } };
  const { versionId: _v, lastUpdated: _l, ...meta } = resource.meta ?? {};
  const { id: _id, meta: _meta, ...rest } = resource;
  return Object.keys(meta).length === 0 ? rest : { ...rest, meta };
}

const NUMBER = /:\s*(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)\s*[,}\]]/g;
const numbersOf = (text: string) => [...text.matchAll(NUMBER)].map((match) => match[1]).sort();

test('[server F10] published examples: stored and returned equal', async (t) => {
  if (!existsSync(FHIR)) {
    t.diagnostic('official-suite fhir-valid skipped test data absent');
    return t.skip('test data absent');
  }
  const { fhir } = await testServer(t);
  let count = 0;
  const failed: string[] = [];
  for (const folder of ['valid', 'accepted']) {
    for (const file of readdirSync(join(FHIR, folder)).filter((name) => name.endsWith('.json'))) {
      const text = readFileSync(join(FHIR, folder, file), 'utf8');
      const { resourceType } = JSON.parse(text) as { resourceType: string };
      // What the product writes itself is closed to REST; the others must come back.
      const created = await fhir('POST', resourceType, text);
      if (resourceType === 'AuditEvent') {
        assert.equal(created.status, 405, file);
        continue;
      }
      count += 1;
      if (created.status !== 201) {
        failed.push(`${file}: ${created.status} ${created.text.slice(0, 300)}`);
        continue;
      }
      const back = await fhir('GET', `${resourceType}/${created.json.id}`);
      try {
        assert.deepEqual(withoutStamp(back.text), withoutStamp(text), file);
        assert.deepEqual(numbersOf(back.text), numbersOf(text), file);
      } catch (error) {
        failed.push(`${file}: ${(error as Error).message.slice(0, 300)}`);
      }
    }
  }
  t.diagnostic(`official-suite fhir-valid run ${count}`);
  assert.deepEqual(failed, []);
});

test('[server F11] published wrong examples: refused, never a fault', async (t) => {
  if (!existsSync(FHIR)) {
    t.diagnostic('official-suite fhir-invalid skipped test data absent');
    return t.skip('test data absent');
  }
  const { fhir } = await testServer(t);
  const index = JSON.parse(readFileSync(join(FHIR, 'invalid-index.json'), 'utf8')) as unknown;
  const entries = (Array.isArray(index) ? index : Object.values(index as object).find(Array.isArray)) as {
    file?: string;
    path?: string;
    detectableFromBaseSpec?: boolean;
  }[];
  let count = 0;
  const accepted: string[] = [];
  for (const entry of entries) {
    const file = (entry.file ?? entry.path ?? '').split('/').at(-1)!;
    const path = join(FHIR, 'invalid', file);
    if (!existsSync(path)) continue;
    const text = readFileSync(path, 'utf8');
    const type = /"resourceType"\s*:\s*"([A-Za-z]+)"/.exec(text)?.[1] ?? 'Patient';
    const answer = await fhir('POST', type, text);
    assert.ok(answer.status < 500, `${file}: ${answer.status}`);
    count += 1;
    if (answer.status === 201 && entry.detectableFromBaseSpec !== false) accepted.push(file);
  }
  t.diagnostic(`official-suite fhir-invalid run ${count}`);
  assert.deepEqual(accepted, []);
});
