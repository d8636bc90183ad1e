// The ledger on a real database: whole or nothing, once, append-only, locked, corrected by reversal.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { account, type Posting, transfer, trialBalance } from '@yimai/fund';
import { localDate, must, type Result, uuidv7 } from '@yimai/kit';
import { sql } from '@yimai/postgres';
import { monthOf, testLedger } from './ledger.fixture.ts';
import type { RunRequest } from './types.ts';

const request = (postings: readonly Posting[], changes: Partial<RunRequest> = {}): RunRequest => ({
  command: uuidv7(),
  period: '2026-03',
  kind: 'month',
  scope: 'region',
  postings,
  ...changes,
});

function refused(result: Result<unknown>, code: string, at: string): void {
  assert(!result.ok, `expected the refusal ${code}`);
  assert.deepEqual([result.refusal.code, result.refusal.at], [code, at]);
}

const single = (key: string, debit: string, credit: string, amountFen: bigint): Posting =>
  transfer(
    {
      key,
      kind: 'test',
      source: 'insurance',
      purpose: 'red',
      period: '2026-03',
      on: localDate('2026-03-31'),
      caseId: 'case-1',
      row: 'row-1',
      text: { zh: '测试\t制表', en: 'a back\\slash\nand a line' },
    },
    debit,
    credit,
    amountFen,
  )!;

test('[ledger L1] a month posted: balances are those of the postings, each entry leads to its case and rule row', async (t) => {
  const { ledger } = await testLedger(t);
  const postings = monthOf(300);
  const receipt = must(await ledger.post(request(postings)));
  assert.equal(receipt.entryCount, postings.length);
  const kept = new Map(
    (await ledger.trialBalance()).map(({ account: name, balanceFen }) => [name, balanceFen]),
  );
  assert.deepEqual(kept, trialBalance(postings));
  assert.equal(
    [...kept.values()].reduce((sum, balance) => sum + balance, 0n),
    0n,
  );
  assert.deepEqual(await ledger.check(), []);
  const [entry] = await ledger.entries({ caseId: 'stay-0000007' });
  assert.deepEqual(
    [entry?.kind, entry?.row, entry?.on],
    ['stay-due', 'rate/resident/secondary', '2026-04-10'],
  );
});

test('[ledger L1] texts with tabs, back-slashes and line ends come back as they were, in a transaction of its own and of a command', async (t) => {
  const { ledger, database } = await testLedger(t);
  const posting = single('k1', 'expense/x', 'payable/y', 5n);
  must(await ledger.post(request([posting])));
  const inTransaction = request([{ ...posting, key: 'k2' }], { scope: 'other' });
  await database.tx({}, async (tx) => must(await ledger.postIn(tx, inTransaction)));
  for (const entry of await ledger.entries({ caseId: 'case-1' })) {
    assert.deepEqual([entry.zh, entry.en, entry.amountFen], [posting.text.zh, posting.text.en, 5n]);
  }
});

test('[ledger L1] a posting of several lines becomes transfers that keep every line; an unbalanced one is a fault', async (t) => {
  const { ledger } = await testLedger(t);
  const lines = [
    { account: 'a', amountFen: 7n },
    { account: 'b', amountFen: -4n },
    { account: 'c', amountFen: 2n },
    { account: 'd', amountFen: -5n },
  ];
  must(await ledger.post(request([{ ...single('k', 'a', 'b', 1n), lines }])));
  assert.deepEqual(
    (await ledger.trialBalance()).map(({ account: name, balanceFen }) => ({
      account: name,
      amountFen: balanceFen,
    })),
    lines,
  );
  const unbalanced = { ...single('k', 'a', 'b', 1n), lines: lines.slice(0, 2) };
  await assert.rejects(ledger.post(request([unbalanced], { scope: 'other' })), /does not balance/);
});

test('[ledger L2] an account that may not go negative cannot; nothing of the run is kept', async (t) => {
  const { ledger } = await testLedger(t);
  must(await ledger.post(request([single('open', account.prepaid('h'), account.bank('insurance'), 100n)])));
  const draw = request([single('draw', account.expense('red'), account.prepaid('h'), 101n)], {
    scope: 'red',
  });
  refused(await ledger.post(draw), 'account-overdrawn', 'postings');
  assert.equal((await ledger.entries({})).length, 1);
  assert.deepEqual(await ledger.check(), []);
  must(
    await ledger.post({
      ...draw,
      postings: [single('draw', account.expense('red'), account.prepaid('h'), 100n)],
    }),
  );
});

test('[ledger L3] the same command twice, and the same result by another command, posts once', async (t) => {
  const { ledger } = await testLedger(t);
  const first = request(monthOf(50));
  const receipt = must(await ledger.post(first));
  assert.equal(must(await ledger.post(first)).wasThere, true);
  const again = must(await ledger.post(request([...monthOf(50)].reverse())));
  assert.deepEqual([again.run, again.wasThere, again.digest], [receipt.run, true, receipt.digest]);
  assert.equal((await ledger.entries({})).length, receipt.entryCount);
});

test('[ledger L3] another result for a settled period is refused and needs a correction', async (t) => {
  const { ledger } = await testLedger(t);
  must(await ledger.post(request(monthOf(50))));
  refused(await ledger.post(request(monthOf(51))), 'already-settled', 'period');
});

test('[ledger L3] two clearings of one period started at the same moment post once', async (t) => {
  const { ledger } = await testLedger(t);
  const postings = monthOf(2000);
  const receipts = await Promise.all(Array.from({ length: 4 }, () => ledger.post(request(postings))));
  const runs = receipts.map((receipt) => must(receipt));
  assert.equal(new Set(runs.map(({ run }) => run)).size, 1);
  assert.equal(runs.filter(({ wasThere }) => !wasThere).length, 1);
  assert.equal((await ledger.entries({})).length, postings.length);
  assert.deepEqual(await ledger.check(), []);
});

test('[ledger L4] a locked period takes no posting and no correction; locking twice by one command is once', async (t) => {
  const { ledger } = await testLedger(t);
  must(await ledger.post(request(monthOf(20))));
  const command = uuidv7();
  must(await ledger.lockPeriod('2026-03', command));
  must(await ledger.lockPeriod('2026-03', command));
  refused(await ledger.lockPeriod('2026-03', uuidv7()), 'period-not-open', 'period');
  refused(await ledger.post(request(monthOf(20), { scope: 'other' })), 'period-locked', 'period');
  refused(await ledger.correct(request(monthOf(21))), 'period-locked', 'period');
  refused(await ledger.lockPeriod('1999-01', command), 'period-not-open', 'period');
});

test('[ledger L5] a correction reverses the old version and posts the new one; both stay; the result is the new one', async (t) => {
  const { ledger } = await testLedger(t);
  refused(await ledger.correct(request(monthOf(20))), 'nothing-to-correct', 'period');
  const before = must(await ledger.post(request(monthOf(20))));
  const corrected = request(monthOf(20, 100_000n));
  const after = must(await ledger.correct(corrected));
  assert.equal(after.version, 2);
  assert.equal(must(await ledger.correct(corrected)).wasThere, true);
  const last = must(await ledger.correct(request(monthOf(20, 70_000n))));
  assert.equal(last.version, 3);
  const kept = await ledger.trialBalance();
  const wanted = [...trialBalance(monthOf(20, 70_000n))].filter(([, balance]) => balance !== 0n);
  assert.deepEqual(
    kept.filter(({ balanceFen }) => balanceFen !== 0n).map((row) => [row.account, row.balanceFen]),
    wanted,
  );
  assert.equal((await ledger.entries({ run: before.run })).length, before.entryCount);
  assert.deepEqual(await ledger.check(), []);
});

test('[ledger L6] entries and runs are append-only for the application', async (t) => {
  const { ledger, database } = await testLedger(t);
  must(await ledger.post(request(monthOf(5))));
  const changed = await database.run(sql`update ledger_entry set amount_fen = 1`);
  const removed = await database.run(sql`delete from ledger_entry`);
  const rerun = await database.run(sql`update ledger_run set digest = 'x'`);
  assert.deepEqual([changed.rowCount, removed.rowCount, rerun.rowCount], [0, 0, 0]);
  assert.deepEqual(await ledger.check(), []);
});

test('[ledger L7] killed in the middle of a clearing 20 times: all of it or nothing each time, then it posts (seed 7)', async (t) => {
  const { ledger, appUrl, schema } = await testLedger(t);
  const program = fileURLToPath(new URL('post-and-die.fixture.ts', import.meta.url));
  const command = uuidv7();
  const count = 4000;
  const whole = monthOf(count).length;
  let killedBefore = 0;
  for (let round = 0; round < 20; round += 1) {
    const child = spawn(process.execPath, [program, appUrl, schema, command, String(count)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit');
    await Promise.race([once(child.stdout, 'data'), ended]);
    await sleep((round * 37) % 240);
    child.kill('SIGKILL');
    await ended;
    const found = (await ledger.entries({})).length;
    assert.ok(found === 0 || found === whole, `found ${found} of ${whole} entries`);
    assert.deepEqual(await ledger.check(), []);
    if (found === 0) killedBefore += 1;
  }
  assert.ok(killedBefore > 0, 'at least one kill must hit before the commit');
  const receipt = must(await ledger.post(request(monthOf(count), { command })));
  assert.equal(receipt.entryCount, whole);
  assert.equal((await ledger.entries({})).length, whole);
});
