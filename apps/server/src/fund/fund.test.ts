// The fund in the running house: lists in by file, a month, a year and its surplus by command, the ledger whole each time.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import ExcelJS from 'exceljs';
import { sheetBytes } from '../desk/sheet.ts';
import { BUDGET, command, file, HEAD, house, JSON_BODY, line, post, signIn } from './fund.fixture.ts';

test('[server F1] a file with an error imports nothing; the good rows do when chosen; no list comes in twice', async (t) => {
  const server = await house(t);
  const text = [
    HEAD,
    line('A1'),
    line('A2', { cost: '-1' }),
    line('A3', { org: 'nowhere' }),
    line('A4', { dx: 'XYZ' }),
  ].join('\n');
  const report = await file(server, '/desk/fund/lists/check', text);
  assert.equal(report.status, 200, JSON.stringify(report.json));
  assert.deepEqual([report.json.rows, report.json.good, report.json.bad], [4, 2, 2]);
  const codes = report.json.problems.map((one: { row: number; code: string; column: string }) => [
    one.row,
    one.code,
    one.column,
  ]);
  assert.deepEqual(codes, [
    [3, 'amount-negative', '总费用'],
    [3, 'patient-part-above-cost', '个人负担'],
    [4, 'house-unknown', '机构编号'],
    [5, 'code-outside-edition', '诊断'],
  ]);
  const refused = await file(server, '/desk/fund/lists/import', text);
  assert.equal(refused.json.issue?.[0]?.details?.coding?.[0]?.code ?? refused.json.code, 'rows-with-errors');
  assert.equal((await server.fhir('GET', 'Claim?_summary=count')).json.total, 0);
  const good = await file(server, '/desk/fund/lists/import?goodRows=1', text);
  assert.deepEqual([good.json.imported, good.json.leftOut], [2, 2]);
  const again = await file(server, '/desk/fund/lists/check', text);
  assert.deepEqual(
    again.json.problems
      .filter((one: { code: string }) => one.code === 'already-imported')
      .map((one: { row: number }) => one.row),
    [2, 5],
  );
  const twice = await file(server, '/desk/fund/lists/import?goodRows=1', text);
  assert.equal(twice.json.imported, 0);
});

test('[server F2] budget, month, clearing, distribution: each posted once, statements add up, the ledger balances', async (t) => {
  const server = await house(t);
  const lists = [
    HEAD,
    ...Array.from({ length: 6 }, (_, index) => line(`M${index}`, { cost: `${6000 + index * 900}.37` })),
    line('T1', { org: 'township-1', cost: '3100.01' }),
    line('O1', { org: 'city-hospital', cost: '21000.00' }),
    line('N1', { month: '2026-04' }),
  ].join('\n');
  const imported = await file(server, '/desk/fund/lists/import', lists);
  assert.equal(imported.json.imported, 9, JSON.stringify(imported.json));

  const early = await command(server, 'settlement.run', { month: '2026-03' });
  assert.equal(early.refusal?.code, 'budget-not-adopted');
  const budget = await command(server, 'budget.adopt', BUDGET);
  assert.equal(budget.outcome, 'applied', JSON.stringify(budget));

  const [one, two] = await Promise.all([
    command(server, 'settlement.run', { month: '2026-03' }),
    command(server, 'settlement.run', { month: '2026-03' }),
  ]);
  assert.deepEqual([one.outcome, two.outcome], ['applied', 'applied'], JSON.stringify([one, two]));
  assert.deepEqual([one.result.wasThere, two.result.wasThere].sort(), [false, true]);
  assert.equal(one.result.run, two.result.run);
  assert.equal((await command(server, 'settlement.run', { month: '2026-04' })).outcome, 'applied');

  const statement = await post(server, '/desk/fund/statement', {
    month: '2026-03',
    house: 'county-hospital',
  });
  assert.deepEqual([statement.stays, statement.addsUp, statement.version], [6, true, 1]);
  const kase = (await server.request('GET', '/desk/fund/cases/M0')).json;
  assert.equal(kase.entries.length, 1);
  assert.ok(kase.answer.trail.length > 0 && kase.answer.reasons.length > 0);
  const other = await post(server, '/desk/fund/cases/M0/what-if', { dx: ['I63.500'], proc: [] });
  assert.notEqual(other.drg, kase.answer.drg);
  const response = await server.fhir('GET', 'ClaimResponse?request=Claim/M0');
  assert.equal(response.json.entry?.length, 1, response.text);

  const preview = await post(server, '/desk/fund/clearing', {
    year: '2026',
    scores: { 'township-1': '0.8' },
  });
  assert.deepEqual(preview.openMonths, []);
  const [cleared, same] = await Promise.all([
    command(server, 'clearing.run', { year: '2026', scores: { 'township-1': '0.8' } }),
    command(server, 'clearing.run', { year: '2026', scores: { 'township-1': '0.8' } }),
  ]);
  assert.deepEqual([cleared.outcome, same.outcome], ['applied', 'applied'], JSON.stringify([cleared, same]));
  assert.equal(cleared.result.run, same.result.run);
  const different = await command(server, 'clearing.run', { year: '2026', scores: {} });
  assert.equal(different.refusal?.code, 'already-settled');
  const after = await post(server, '/desk/fund/clearing', { year: '2026', scores: { 'township-1': '0.8' } });
  assert.deepEqual(after.accounts, preview.accounts, 'before and after read the same once posted');

  for (const id of ['a', 'b'])
    await server.fhir('PUT', `Practitioner/${id}`, { resourceType: 'Practitioner', id });
  const lines = [
    { record: 'Encounter/1', person: 'Practitioner/a', points: '3', isPrimaryCare: true },
    { record: 'Encounter/2', person: 'Practitioner/b', points: '4', isPrimaryCare: true },
    { record: 'Encounter/3', person: 'Practitioner/c', points: '9', isPrimaryCare: false },
  ];
  const shared = await command(server, 'distribution.run', { year: '2026', lines });
  assert.equal(shared.outcome, 'applied', JSON.stringify(shared));
  const { distribution } = await post(server, '/desk/fund/clearing', { year: '2026', scores: {} });
  const fen = (text: string): bigint => BigInt(text.replaceAll(/[,.]/g, ''));
  const people = distribution.people.reduce(
    (sum: bigint, each: { share: string }) => sum + fen(each.share),
    0n,
  );
  const parties = distribution.parties.reduce(
    (sum: bigint, each: { amount: string }) => sum + fen(each.amount),
    0n,
  );
  assert.equal(people, fen(distribution.pool));
  assert.equal(people + parties, fen(distribution.surplus));
  assert.deepEqual(
    distribution.people.map((each: { records: string[] }) => each.records),
    [['Encounter/1'], ['Encounter/2']],
  );

  const ledger = (await server.request('GET', '/desk/fund/ledger')).json;
  assert.equal(ledger.balanced, true);
  const ofHouses = ledger.accounts.filter((each: { account: string }) =>
    /^group\/(payable|deposit)\//.test(each.account),
  );
  assert.deepEqual(ofHouses, [], 'nothing is owed to a house after the clearing');
  assert.equal((await command(server, 'period.lock', { period: '2026-03' })).outcome, 'applied');
  const locked = await command(server, 'settlement.run', { month: '2026-03', correction: true });
  assert.equal(locked.refusal?.code, 'period-locked');
});

test('[server F3] a changed rule shows its effect on the year and adopts nothing; the board adds up', async (t) => {
  const server = await house(t);
  await file(
    server,
    '/desk/fund/lists/import',
    [HEAD, line('M1'), line('M2', { month: '2026-05' })].join('\n'),
  );
  const effect = await post(server, '/desk/fund/rules/what-if', {
    name: 'consortium-county/2026',
    year: '2026',
    changes: [{ row: 'rate/resident/secondary', field: 'rate', value: '8000' }],
  });
  assert.deepEqual([effect.stays, effect.changed], [2, 2]);
  assert.match(effect.difference.fund, /^\d/);
  const board = await post(server, '/desk/fund/board', { year: '2026' });
  assert.equal(board.months[2].stays, 1);
  assert.equal(board.budget, null);
  const refused = await server.request(
    'POST',
    '/desk/fund/rules/what-if',
    { name: 'consortium-county/2026', changes: [{ row: 'low', field: 'below', value: 'much' }] },
    JSON_BODY,
  );
  assert.equal(refused.status >= 400, true);
});

test('[server F4] the same lists as XLSX and as JSON lines; merged cells and a broken line are refused with their place', async (t) => {
  const server = await house(t);
  const heads = HEAD.split(',');
  const cells = [HEAD, line('X1'), line('X2', { cost: '3.333' })].map((text) => text.split(','));
  const bytes = await sheetBytes('xlsx', 'lists', cells);
  const report = await file(server, '/desk/fund/lists/check', bytes, 'lists.xlsx');
  assert.deepEqual([report.json.good, report.json.bad], [1, 1], JSON.stringify(report.json));
  assert.deepEqual([report.json.problems[0].row, report.json.problems[0].code], [3, 'not-an-amount']);

  const book = new ExcelJS.Workbook();
  const sheet = book.addWorksheet('lists');
  for (const row of cells) sheet.addRow(row);
  sheet.getRow(3).getCell(heads.indexOf('cost') + 1).value = 2000.1 + 3000.2;
  sheet.getRow(3).getCell(heads.indexOf('patientBorne') + 1).value = 0.305;
  const sums = await file(
    server,
    '/desk/fund/lists/check',
    Buffer.from(await book.xlsx.writeBuffer()),
    's.xlsx',
  );
  assert.deepEqual(
    sums.json.problems.map(({ column, code }: { column: string; code: string }) => [column, code]),
    [['个人负担', 'not-an-amount']],
    'a sum kept as a binary fraction is its amount, half a fen is none',
  );
  sheet.mergeCells('A2:A3');
  const merged = Buffer.from(await book.xlsx.writeBuffer());
  const refused = await file(server, '/desk/fund/lists/check', merged, 'merged.xlsx');
  assert.deepEqual([refused.json.code, refused.json.at], ['cells-merged', 'A2:A3']);

  const values = line('J1').split(',');
  const record = Object.fromEntries(heads.map((head, index) => [head, values[index]]));
  const lines = `${JSON.stringify({ ...record, dx: ['J18.000', 'I10.x00x002'] })}\n`;
  const imported = await file(server, '/desk/fund/lists/import', lines, 'lists.jsonl');
  assert.equal(imported.json.imported, 1, JSON.stringify(imported.json));
  const broken = await file(server, '/desk/fund/lists/check', `${lines}{"id":`, 'lists.jsonl');
  assert.deepEqual([broken.json.code, broken.json.at], ['line-not-json', 'line 2']);
  for (const dx of [{ code: 'J18.000' }, [['J18.000']], true]) {
    const nested = `${lines}${JSON.stringify({ ...record, id: 'J2', dx })}\n`;
    const answer = await file(server, '/desk/fund/lists/import?goodRows=1', nested, 'lists.jsonl');
    assert.deepEqual([answer.json.code, answer.json.at], ['cell-not-text', 'line 2.dx']);
  }
});

test('[server F5] who settles nothing may not: another role is refused, and single stays are closed to who sees sums', async (t) => {
  const server = await house(t);
  server.token = await signIn(server, 'president', 'consortium-president', 'consortium');
  assert.equal((await post(server, '/desk/fund/board', {})).may.settle, false);
  const cases = await server.request('POST', '/desk/fund/cases', {}, JSON_BODY);
  assert.equal(cases.status, 403);
  const settle = await command(server, 'settlement.run', { month: '2026-03' });
  assert.deepEqual([settle.outcome, settle.refusal?.code], ['refused', 'role-not-allowed']);
  server.token = '';
  assert.equal((await server.request('POST', '/desk/fund/board', {}, JSON_BODY)).status, 401);
});
