// Subscriptions: a hook gets what matches, again after a failure, and nothing its subscriber may not see any more.
import assert from 'node:assert/strict';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { sql } from '@yimai/postgres';
import { testServer } from './server.fixture.ts';

async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let turn = 0; turn < 200; turn += 1) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail(what);
}

test('[server F20] a rest-hook gets each match at least once and in order, also when it fails at first', async (t) => {
  const { fhir, consortium } = await testServer(t);
  const got: string[] = [];
  let failures = 2;
  const hook = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      if (failures > 0) {
        failures -= 1;
        response.writeHead(503).end();
        return;
      }
      got.push(`${(JSON.parse(body) as { valueInteger: number }).valueInteger} ${request.headers['x-key']}`);
      response.writeHead(200).end();
    });
  });
  await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
  t.after(() => hook.close());
  const endpoint = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/`;
  const subscription = await fhir('POST', 'Subscription', {
    resourceType: 'Subscription',
    status: 'requested',
    reason: '测试',
    criteria: 'Observation?status=final',
    channel: { type: 'rest-hook', endpoint, payload: 'application/fhir+json', header: ['X-Key: k'] },
  });
  assert.equal(subscription.status, 201, subscription.text);
  const observe = (status: string, value: number) =>
    fhir('POST', 'Observation', {
      resourceType: 'Observation',
      status,
      code: { text: 'x' },
      valueInteger: value,
    });
  await observe('final', 1);
  await observe('preliminary', 2);
  await observe('final', 3);
  await until(() => got.length >= 2, 'the hook was not called');
  assert.deepEqual(got, ['1 k', '3 k']);
  const standing = async () => (await fhir('GET', `Subscription/${subscription.json.id}`)).json;
  await until(async () => (await standing()).status === 'active', 'the subscription did not become active');

  // What could not be followed, or would be told more than was asked, is refused when it is written.
  for (const [criteria, url, at] of [
    ['nonsense', endpoint, 'criteria'],
    ['Nothing?status=final', endpoint, 'criteria'],
    ['Observation?colour=red', endpoint, 'criteria'],
    ['Observation?date=never', endpoint, 'criteria'],
    ['Observation?status=final', 'ftp://127.0.0.1/', 'channel.endpoint'],
    ['Observation?status=final', undefined, 'channel.endpoint'],
  ] as const) {
    const { id: _id, meta: _meta, ...more } = subscription.json;
    const refused = await fhir('POST', 'Subscription', {
      ...more,
      criteria,
      channel: { type: 'rest-hook', ...(url === undefined ? {} : { endpoint: url }) },
    });
    assert.deepEqual(
      [refused.status, refused.json.issue?.[0].expression],
      [422, [`Subscription.${at}`]],
      criteria,
    );
  }
  await observe('final', 5);
  await until(() => got.length >= 3, 'an active subscription is served as before');
  assert.equal(got.pop(), '5 k');

  await consortium.database.run(
    sql`update role_assignment set until_at = ${consortium.clock.now()} where role = 'script'`,
  );
  consortium.accounts.forget();
  await consortium.record.transaction(consortium.record.systemAccess(), { via: 'rest' }, (tx) =>
    tx.create({ resourceType: 'Observation', status: 'final', code: { text: 'x' }, valueInteger: 4 }),
  );
  await new Promise((resolve) => setTimeout(resolve, 2500));
  assert.equal(got.length, 2, 'an ended role receives nothing more');
  const ended = await consortium.record.read(
    consortium.record.systemAccess(),
    'Subscription',
    subscription.json.id,
  );
  assert.equal((JSON.parse(ended?.content ?? '{}') as { status?: string }).status, 'error');
});
