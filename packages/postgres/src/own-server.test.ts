// Shows that an address of a server that cannot be used is refused with what is wrong with it, before anything is done.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RefusalError } from '@yimai/kit';
import { isDatabaseAway } from './away.ts';
import { ownServer, roleOf } from './own-server.ts';
import { testDatabase } from './testing.ts';

const refusal = (env: NodeJS.ProcessEnv) =>
  ownServer(env).then(
    () => 'taken',
    (error) => {
      assert.ok(error instanceof RefusalError, String(error));
      assert.ok(error.refusal.detail?.zh && error.refusal.detail.en);
      return `${error.refusal.code} ${error.refusal.at}`;
    },
  );

test('[postgres P19] without an address the embedded server is used; one for the owner alone is no address', async () => {
  assert.equal(await ownServer({}), null);
  assert.equal(await ownServer({ DATABASE_URL: '', DATABASE_OWNER_URL: '' }), null);
  const owner = 'postgresql://a:b@localhost/c';
  assert.equal(await refusal({ DATABASE_OWNER_URL: owner }), 'database-url-missing DATABASE_URL');
});

test('[postgres P19] an address that cannot be used says what is wrong with it', async (t) => {
  const { ownerUrl, appUrl } = await testDatabase(t);
  assert.deepEqual(await ownServer({ DATABASE_URL: appUrl, DATABASE_OWNER_URL: ownerUrl }), {
    owner: ownerUrl,
    app: appUrl,
  });
  assert.equal(await refusal({ DATABASE_URL: appUrl }), 'database-owner-missing DATABASE_URL');
  assert.equal(
    await refusal({ DATABASE_URL: appUrl, DATABASE_OWNER_URL: appUrl }),
    'database-owner-missing DATABASE_OWNER_URL',
  );
  const other = (change: (url: URL) => void) => {
    const url = new URL(appUrl);
    change(url);
    return { DATABASE_URL: url.href, DATABASE_OWNER_URL: ownerUrl };
  };
  const wrongWord = other((url) => {
    url.password = 'wrong';
  });
  assert.equal(await refusal(wrongWord), 'database-sign-in-refused DATABASE_URL');
  const wrongName = other((url) => {
    url.pathname = '/nothing-here';
  });
  assert.equal(await refusal(wrongName), 'database-not-there DATABASE_URL');
  for (const text of ['nonsense', 'mysql://a:b@localhost/c', 'postgresql://localhost/c'])
    assert.equal(await refusal({ DATABASE_URL: text }), 'database-url-wrong DATABASE_URL', text);
});

test('[postgres P19] a server that does not answer is weather, not a wrong word', async () => {
  const away = { DATABASE_URL: 'postgresql://a:b@127.0.0.1:1/c' };
  await assert.rejects(ownServer(away), (error) => isDatabaseAway(error));
});

test('[postgres P19] the role of an address is spelled as the database spells it', () => {
  assert.equal(roleOf('postgresql://yimai%2Dapp%40county:x@localhost/c'), 'yimai-app@county');
});
