// Pages of one search hang together: pinned to the moment of the first, whatever is written in between.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { everything, NOW, type TestRecord, testRecord, without } from './record.fixture.ts';
import { runSearch } from './run-search.ts';

const minutes = (count: number): Date => new Date(NOW.getTime() + count * 60_000);

describe('paging', () => {
  let record: TestRecord;
  const closing: (() => Promise<void>)[] = [];
  before(async () => {
    record = await testRecord({ after: (fn) => closing.push(fn) });
    for (let at = 1; at <= 9; at += 1)
      await record.put(
        { resourceType: 'Basic', id: `b${at}`, code: { text: `first ${at}` } },
        { at: minutes(at - 20) },
      );
  });
  after(async () => {
    for (const close of closing) await close();
  });

  async function walk(
    query: string,
    between: (turn: number) => Promise<void> = async () => {},
  ): Promise<string[]> {
    const seen: string[] = [];
    let next: string | undefined = `Basic?${query}`;
    for (let turn = 0; next !== undefined && turn < 20; turn += 1) {
      const page = await record.page('Basic', next.split('?')[1] ?? '');
      seen.push(...page.matches.map((row) => `${row.fhirId}/${row.version}`));
      next = page.next;
      await between(turn);
    }
    return seen;
  }

  it('[record R-S61] newest first', async () => {
    assert.deepEqual(await walk('_count=4'), [
      'b9/1',
      'b8/1',
      'b7/1',
      'b6/1',
      'b5/1',
      'b4/1',
      'b3/1',
      'b2/1',
      'b1/1',
    ]);
  });

  it('[record R-S63] the total of the first page stays', async () => {
    const first = await record.page('Basic', '_count=2&_total=accurate');
    assert.equal(first.total, 9);
    const second = await record.page('Basic', first.next!.split('?')[1]!);
    assert.equal(second.total, 9);
  });

  it('[record R-S60] what is written between two pages neither shows nor hides anything', async () => {
    const seen = await walk('_count=3', async (turn) => {
      if (turn !== 0) return;
      await record.put({ resourceType: 'Basic', id: 'new', code: { text: 'later' } }, { at: minutes(1) });
      await record.put({ resourceType: 'Basic', id: 'b9', code: { text: 'again' } }, { at: minutes(2) });
      await record.put({ resourceType: 'Basic', id: 'b2', code: { text: 'again' } }, { at: minutes(3) });
      await record.put({ resourceType: 'Basic', id: 'b2', code: { text: 'and again' } }, { at: minutes(4) });
      await record.remove('Basic', 'b4', minutes(5));
    });
    assert.deepEqual(seen, ['b9/1', 'b8/1', 'b7/1', 'b6/1', 'b5/1', 'b4/1', 'b3/1', 'b2/1', 'b1/1']);
  });

  it('[record R-S60] rows that are named by their ids, and rows of several types, keep to the first page too', async () => {
    for (let at = 1; at <= 4; at += 1)
      for (const resourceType of ['Account', 'Slot'])
        await record.put({ resourceType, id: `n${at}`, status: 'free' }, { at: minutes(-at) });
    const asked = [
      ['Account', '_id=n1,n2,n3&_count=2', 'n1/1 n2/1 n3/1'],
      [null, '_type=Account,Slot&_count=3', 'n1/1 n1/1 n2/1 n2/1 n3/1 n3/1 n4/1 n4/1'],
      [null, '_type=Account,Slot&_sort=-_id&_count=3', 'n4/1 n4/1 n3/1 n3/1 n2/1 n2/1 n1/1 n1/1'],
    ] as const;
    const pages = await Promise.all(asked.map(([type, query]) => record.page(type, query)));
    await record.put({ resourceType: 'Account', id: 'n2', status: 'inactive' }, { at: minutes(1) });
    await record.put({ resourceType: 'Slot', id: 'n5', status: 'busy' }, { at: minutes(1) });
    await record.remove('Account', 'n3', minutes(2));
    await record.remove('Slot', 'n1', minutes(2));
    for (const [at, [type, query, expected]] of asked.entries()) {
      const seen: string[] = [];
      for (let page = pages[at]; page; ) {
        seen.push(...page.matches.map((row) => `${row.fhirId}/${row.version}`));
        page = page.next ? await record.page(type, page.next.split('?')[1]!) : undefined;
      }
      assert.equal(seen.join(' '), expected, query);
    }
  });

  it('[record R-S62] a link that was cut, changed or made for another search is refused', async () => {
    const page = await record.page('Basic', '_count=2');
    const link = page.next!.split('_page=')[1]!;
    const changed = `${link.slice(0, -2)}${link.endsWith('A') ? 'B' : 'A'}${link.at(-1)}`;
    for (const [type, bad] of [
      ['Basic', link.slice(0, 30)],
      ['Basic', changed],
      ['Basic', ''],
      ['Basic', 'x'.repeat(2000)],
      ['Patient', link],
      [null, link],
    ] as const) {
      const result = await runSearch(record.deps, everything, type, `_page=${bad}`);
      assert.equal(result.ok, false);
      assert.deepEqual(result.ok ? null : [result.refusal.code, result.refusal.at], [
        'search-page-invalid',
        '_page',
      ]);
    }
  });

  it('[record R-S62] the link shows nothing of the search', async () => {
    const page = await record.page('Basic', '_count=1&_lastUpdated=gt2020');
    assert.match(page.next!, /^Basic\?_page=[\w-]+$/);
    assert.ok(!Buffer.from(page.next!.split('=')[1]!, 'base64url').toString('latin1').includes('gt2020'));
  });

  it('[record R-S74] the version of then is shown only if it and the present one may be seen', async () => {
    const put = (id: string, minute: number, locks: 'hiv'[]) =>
      record.put(
        { resourceType: 'Flag', id, status: 'active', code: {} },
        { at: minutes(minute), labels: { locks } },
      );
    await put('newest', -1, []);
    await put('opened-since', -2, ['hiv']);
    await put('closed-since', -3, []);
    await put('open', -4, []);
    const first = await record.page('Flag', '_count=1', without('hiv'));
    assert.deepEqual(
      first.matches.map((row) => row.fhirId),
      ['newest'],
    );
    await put('opened-since', 1, []);
    await put('closed-since', 2, ['hiv']);
    await put('open', 3, []);
    const second = await record.page('Flag', first.next!.split('?')[1]!, without('hiv'));
    assert.deepEqual(
      second.matches.map((row) => `${row.fhirId}/${row.version}`),
      ['open/1'],
    );
  });
});
