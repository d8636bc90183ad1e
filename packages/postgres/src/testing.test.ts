// Shows that a test database is its own, is copied from its template, and that a lost connection fails the test.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import pg from 'pg';
import { startTestCluster, testDatabase } from './testing.ts';

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

test('[postgres P9] two test databases share nothing and leave nothing', async () => {
  const first = await testDatabase();
  const second = await testDatabase();
  await query(first.ownerUrl, 'create schema county create table county.thing (id int)');
  await assert.rejects(query(second.ownerUrl, 'select * from county.thing'), { code: '42P01' });
  await first.close();
  await second.close();
  assert.equal(existsSync(first.dir), false);
  await assert.rejects(query(first.ownerUrl, 'select 1'), { code: '3D000' });
});

test('[postgres P9] a template is made once and copied', async (t) => {
  let made = 0;
  const template = {
    key: `testing-${process.pid}`,
    make: async (ownerUrl: string, schema: string) => {
      made += 1;
      await query(ownerUrl, `create schema ${schema} create table thing (id int)`);
    },
  };
  for (let turn = 0; turn < 2; turn += 1) {
    const db = await testDatabase(t, { template });
    assert.deepEqual(await query(db.ownerUrl, 'select count(*)::int as n from county.thing'), [{ n: 0 }]);
  }
  assert.equal(made, 1);
  const cluster = await startTestCluster();
  t.after(async () => {
    await query(cluster.adminUrl, `drop database tpl_testing_${process.pid}`);
    await cluster.stop();
  });
});

test('[postgres P9] closing with an open connection fails', async () => {
  const db = await testDatabase();
  const leaked = new pg.Client({ connectionString: db.appUrl, application_name: 'leaky' });
  leaked.on('error', () => {});
  await leaked.connect();
  await assert.rejects(db.close(), /leaked 1 database connection\(s\): leaky/);
});
