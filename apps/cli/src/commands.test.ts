// The commands as a script meets them: what stands on stdout, which exit code, with and without a running server.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { testPlace } from './cli.fixture.ts';

const patient = (id: string, family = '王') => ({
  resourceType: 'Patient',
  id,
  meta: { tag: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'HTEST' }] },
  name: [{ text: `${family}小明`, family, given: ['小明'] }],
});
const counts = (created: number, updated: number, same: number, refused: number) => ({
  created,
  updated,
  unchanged: same,
  refused,
});

test('[cli C1] wrong words end with 2, say why on stderr and leave stdout empty', async (t) => {
  const { yimai, data } = testPlace(t);
  for (const args of [
    ['nonsense'],
    ['token', '--nope'],
    ['import'],
    ['import', 'a', 'b'],
    ['serve', '--port', 'x'],
    ['serve', '--port', '65536'],
    ['serve', '--tls-key', '/nowhere', '--tls-cert', '/nowhere'],
    ['serve', '--proxy', 'somebody'],
    ['demo', '--fresh', '--port', 'x'],
    ['demo', '--residents', 'many'],
    ['export', '--types', 'Nobody'],
  ]) {
    const ended = await yimai(args);
    assert.deepEqual([ended.code, ended.stdout], [2, ''], args.join(' '));
    assert.notEqual(ended.stderr, '');
  }
  assert.equal(existsSync(data), false, 'nothing was opened for wrong words');
});

test('[cli C2] a taken port ends serve before the database starts', async (t) => {
  const { yimai, data } = testPlace(t);
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  t.after(async () => void taken.close());
  const { port } = taken.address() as { port: number };
  const ended = await yimai(['serve', '--port', String(port)]);
  assert.deepEqual([ended.code, ended.stdout, existsSync(data)], [2, '', false]);
  assert.match(ended.stderr, /port-taken \[--port\]/);
});

test('[cli C2] serve prints one JSON line once it answers; commands work beside it; SIGTERM ends it with 0', async (t) => {
  const place = testPlace(t);
  const server = await place.serve();
  assert.match(server.url, /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.equal(server.fhir, `${server.url}/fhir/R4`);
  const headers = { authorization: `Bearer ${await place.token()}`, 'content-type': 'application/fhir+json' };
  const made = await fetch(`${server.fhir}/Patient`, {
    method: 'POST',
    headers,
    body: JSON.stringify(patient('p')),
  });
  assert.equal(made.status, 201);
  const exported = await place.yimai(['export', '--types', 'Patient']);
  assert.equal(exported.results.length, 1);
  assert.equal((await fetch(`${server.fhir}/Patient`)).status, 401);
  const ended = await server.end('SIGTERM');
  assert.equal(ended.code, 0);
  assert.equal(ended.stdout.split('\n').length, 2);
});

test('[cli C2] beyond this machine only with TLS or a proxy', async (t) => {
  const place = testPlace(t);
  const ended = await place.yimai(['serve', '--port', '0', '--host', '0.0.0.0']);
  assert.deepEqual([ended.code, ended.stdout], [2, '']);
  assert.match(ended.stderr, /host-needs-tls \[--host\]/);
});

test('[cli C2] serve has no door for a simulated clock', async (t) => {
  const place = testPlace(t);
  for (const option of ['--clock', '--now', '--time', '--simulated'])
    assert.equal((await place.yimai(['serve', option, '2020-01-01'])).code, 2, option);
  const source = readFileSync(new URL('./commands/serve.ts', import.meta.url), 'utf8');
  assert.doesNotMatch(source, /SimulatedClock|\bclock\s*[:,]/);
});

test('[cli C3] the same file again changes nothing; a changed one changes what it must', async (t) => {
  const place = testPlace(t);
  const file = join(place.top, 'patients.ndjson');
  const lines = (family: string) =>
    ['a', 'b', 'c'].map((id) => JSON.stringify(patient(id, family))).join('\n');
  writeFileSync(file, lines('王'));
  const first = await place.yimai(['import', file]);
  assert.deepEqual([first.code, first.results], [0, [{ file, ...counts(3, 0, 0, 0) }]], first.stderr);
  const again = await place.yimai(['import', file]);
  assert.deepEqual(again.results, [{ file, ...counts(0, 0, 3, 0) }]);
  assert.match(again.stderr, /unchanged 3/);
  const compared = await place.yimai(['import', file, '--again']);
  assert.deepEqual(compared.results, [{ file, ...counts(0, 0, 3, 0) }]);
  writeFileSync(file, lines('李'));
  assert.deepEqual((await place.yimai(['import', file])).results, [{ file, ...counts(0, 3, 0, 0) }]);
});

test('[cli C3] wrong lines go to the error file with their line, the others come in, exit 1', async (t) => {
  const place = testPlace(t);
  const file = join(place.top, 'mixed.ndjson.gz');
  const errors = join(place.top, 'errors.ndjson');
  const text = [
    JSON.stringify(patient('a')),
    '{"resourceType":"Patient",',
    '',
    '{"resourceType":"Patient","wrong":1}',
  ];
  writeFileSync(file, gzipSync(text.join('\n')));
  const ended = await place.yimai(['import', file, '--errors', errors]);
  assert.deepEqual([ended.code, ended.results], [1, [{ file, ...counts(1, 0, 0, 2) }]], ended.stderr);
  const rows = readFileSync(errors, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(rows.map(({ line }) => line).sort(), [2, 4]);
  assert.equal(rows.find(({ line }) => line === 2).code, 'invalid-json');
  assert.equal(existsSync(join(place.top, 'import-errors.ndjson')), false);
  // A file that cannot be read is one error with its place; the files after it come in.
  const folder = join(place.top, 'folder');
  mkdirSync(folder);
  writeFileSync(join(folder, '1-no-gzip.ndjson.gz'), 'plain text');
  const whole = gzipSync([patient('cut1'), patient('cut2')].map((one) => JSON.stringify(one)).join('\n'));
  writeFileSync(join(folder, '2-cut-off.ndjson.gz'), whole.subarray(0, whole.length - 12));
  writeFileSync(join(folder, '3-good.ndjson'), JSON.stringify(patient('good')));
  const some = await place.yimai(['import', folder, '--errors', errors]);
  assert.equal(some.code, 1, some.stderr);
  assert.deepEqual(
    some.results.map(({ refused }) => refused),
    [1, 1, 0],
  );
  assert.equal(some.results[2]?.['created'], 1);
  assert.match(readFileSync(errors, 'utf8'), /"code":"file-unreadable"/);
  for (const words of [
    ['import', folder, '--errors', '/nowhere/errors.ndjson'],
    ['export', '--out', place.top],
    ['backup', errors],
  ])
    assert.equal((await place.yimai(words)).code, 2, words.join(' '));
});

test('[cli C3] a Bundle comes in with ids that follow from it, references resolved, digits kept', async (t) => {
  const place = testPlace(t);
  const file = join(place.top, 'bundle.json');
  const who = 'urn:uuid:0a1b2c3d-0000-4000-8000-00000000000a';
  const bundle = `{"resourceType":"Bundle","type":"transaction","entry":[
    {"fullUrl":"${who}","resource":{"resourceType":"Patient","identifier":[{"system":"urn:test","value":"7"}],"name":[{"text":"虚构"}]}},
    {"resource":{"resourceType":"Observation","id":"o1","status":"final","code":{"text":"体重"},
      "subject":{"reference":"${who}"},"valueQuantity":{"value":61.50,"unit":"kg"}}},
    {"resource":{"resourceType":"Observation","id":"o2","status":"final","code":{"text":"体重"},
      "subject":{"reference":"Patient?identifier=urn:test|nobody"}}}]}`;
  writeFileSync(file, bundle);
  const first = await place.yimai(['import', file]);
  assert.deepEqual(first.results, [{ file, ...counts(3, 0, 0, 0) }], first.stderr);
  const exported = await place.yimai(['export', '--types', 'Observation']);
  assert.match(exported.stdout, /"value":\s*61\.50[,}]/);
  assert.match(exported.stdout, /Patient\/0a1b2c3d-0000-4000-8000-00000000000a/);
  const again = await place.yimai(['import', file, '--again']);
  assert.deepEqual(again.results, [{ file, ...counts(0, 0, 3, 0) }]);
});

test('[cli C4] a user signs in with the password that was given, and not after being disabled', async (t) => {
  const place = testPlace(t);
  const made = await place.yimai(
    ['user', 'create', 'nurse', '--name', '护士', '--role', 'hospital-nurse', '--org', 'consortium'],
    {
      in: 'a long enough password\n',
    },
  );
  assert.deepEqual([made.code, made.results], [0, [{ login: 'nurse', act: 'create' }]], made.stderr);
  const weak = await place.yimai(['user', 'password', 'nurse'], { in: 'short\n' });
  assert.equal(weak.code, 1);
  const generated = await place.yimai(['user', 'password', 'administrator', '--generate']);
  assert.match(String(generated.results[0]?.['password']), /^[\w-]{16}$/);
  const role = (name: string, org: string) => ['--role', name, '--org', org];
  for (const [words, code, why] of [
    [['user', 'create', 'half', '--generate', ...role('no-such-role', 'consortium')], 1, /role-unknown/],
    [
      ['user', 'create', 'half', '--generate', ...role('hospital-nurse', 'nowhere')],
      1,
      /organisation-unknown/,
    ],
    [['user', 'create', 'half', '--generate', '--role', 'hospital-nurse'], 2, /needs --role and --org/],
    [['user', 'role', 'nurse', ...role('hospital-nurse', 'nowhere')], 1, /organisation-unknown/],
  ] as const) {
    const refused = await place.yimai(words);
    assert.equal(refused.code, code, words.join(' '));
    assert.match(refused.stderr, why);
  }
  assert.equal((await place.yimai(['user', 'disable', 'nurse'])).code, 0);
  assert.equal((await place.yimai(['token', '--user', 'nurse'])).code, 1);
  const listed = (await place.yimai(['user', 'list'])).results.map(({ login, active }) => [login, active]);
  assert.deepEqual(listed, [
    ['administrator', true],
    ['nurse', false],
    ['script', true],
  ]);
});

test('[cli C5] back-up and restore: the same counts and hashes, no key inside, doctor finds both sound', async (t) => {
  const place = testPlace(t);
  const file = join(place.top, 'some.ndjson');
  const data = Buffer.alloc(30_000, 'blob').toString('base64');
  const secret = {
    ...patient('p1'),
    identifier: [{ system: 'https://yimai.example/id/national-id', value: '990101199001010014' }],
  };
  const binary = { resourceType: 'Binary', id: 'b1', contentType: 'text/plain', data };
  writeFileSync(file, [secret, binary].map((one) => JSON.stringify(one)).join('\n'));
  assert.equal((await place.yimai(['import', file])).code, 0);
  const folder = join(place.top, 'backup');
  const backup = await place.yimai(['backup', folder]);
  assert.equal(backup.code, 0, backup.stderr);
  assert.equal(backup.results[0]?.['blobs'], 1);
  assert.equal((await place.yimai(['backup', folder])).code, 2, 'a filled folder is refused');
  const key = readFileSync(`${place.data}.key`, 'utf8');
  for (const { secret: word } of (JSON.parse(key) as { keys: { secret: string }[] }).keys)
    assert.equal(readFileSync(join(folder, 'manifest.json'), 'utf8').includes(word), false);
  const second = join(place.top, 'second');
  const restored = await place.yimai(['restore', folder], { data: second });
  assert.equal(restored.code, 0, restored.stderr);
  assert.equal(restored.results[0]?.['verified'], true);
  const keyless = await place.yimai(['export'], { data: second });
  assert.deepEqual([keyless.code, keyless.stdout, existsSync(`${second}.key`)], [2, '', false]);
  assert.match(keyless.stderr, /key-missing/);
  writeFileSync(`${second}.key`, key, { mode: 0o600 });
  const [before, after] = [await place.yimai(['export']), await place.yimai(['export'], { data: second })];
  assert.equal(after.stdout, before.stdout);
  assert.match(after.stdout, /990101199001010014/);
  assert.equal(
    (await place.yimai(['restore', folder], { data: second })).code,
    2,
    'a filled place is refused',
  );
  const doctor = await place.yimai(['doctor'], { data: second });
  assert.deepEqual([doctor.code, doctor.results.filter(({ ok }) => ok !== true)], [0, []]);
});

test('[cli C5] a damaged back-up is bad input: exit 2, the file is named, and the place stays empty', async (t) => {
  const place = testPlace(t);
  const folder = join(place.top, 'backup');
  assert.equal((await place.yimai(['backup', folder])).code, 0);
  const second = join(place.top, 'second');
  const damaged = async (name: string, harm: (bytes: Buffer) => string | Buffer, tells: RegExp) => {
    const path = join(folder, name);
    const sound = readFileSync(path);
    writeFileSync(path, harm(sound));
    const { code, stdout, stderr } = await place.yimai(['restore', folder], { data: second });
    assert.deepEqual([code, stdout], [2, ''], `${name}: ${stderr}`);
    assert.match(stderr, tells);
    writeFileSync(path, sound);
  };
  const text = (change: (text: string) => string) => (bytes: Buffer) => change(bytes.toString('utf8'));
  await damaged(
    'manifest.json',
    text((manifest) =>
      manifest.replace(/"name": "app_user",([\s\S]*?)"rows": 2/, '"name": "app_user",$1"rows": 3'),
    ),
    /backup-damaged[\s\S]*tables\/app_user\.copy\.gz[\s\S]*app_user came out different/,
  );
  const cut = (bytes: Buffer) => bytes.subarray(0, bytes.length - 9);
  await damaged('tables/app_user.copy.gz', cut, /backup-damaged[\s\S]*tables\/app_user\.copy\.gz/);
  await damaged(
    'manifest.json',
    text((manifest) => manifest.replace('"tables"', '"other"')),
    /not-a-backup/,
  );
  assert.equal((await place.yimai(['restore', folder], { data: second })).code, 0);
  assert.equal((await place.yimai(['restore', join(place.top, 'nothing')], { data: second })).code, 2);
});

test('[cli C6] doctor says which row of the audit or the feed was changed or lost', async (t) => {
  const place = testPlace(t);
  const server = await place.serve();
  const headers = { authorization: `Bearer ${await place.token()}`, 'content-type': 'application/fhir+json' };
  for (const id of ['p', 'q']) {
    const body = JSON.stringify(patient(id));
    assert.equal((await fetch(`${server.fhir}/Patient/${id}`, { method: 'PUT', headers, body })).status, 201);
  }
  await server.end();
  assert.equal((await place.yimai(['doctor'])).code, 0);
  const { startEmbedded } = await import('@yimai/postgres/embedded');
  const { default: pg } = await import('pg');
  const db = await startEmbedded({ dataDir: place.data });
  const client = new pg.Client({ connectionString: db.url });
  await client.connect();
  await client.query(
    `update county.audit set body = body || ' ' where seq = (select min(seq) from county.audit)`,
  );
  await client.query('delete from county.change where seq = 1');
  await client.query(`update county.change set fhir_id = 'somebody' where seq = 2`);
  await client.end();
  await db.stop();
  const doctor = await place.yimai(['doctor']);
  assert.equal(doctor.code, 1);
  assert.deepEqual(
    doctor.results
      .filter(({ ok }) => ok !== true)
      .map(({ check, broken, missing, changed, untold }) => [check, broken ?? [missing, changed, untold]]),
    [
      ['audit-chain', { seq: 1, why: 'hash' }],
      ['feed', [1, 2, 'Patient/p/_history/1']],
    ],
  );
});

test('[cli C7] a key is rotated, and old and new values are read', async (t) => {
  const place = testPlace(t);
  const file = join(place.top, 'one.ndjson');
  const one = {
    ...patient('p1'),
    identifier: [{ system: 'https://yimai.example/id/national-id', value: '990101199001010014' }],
  };
  writeFileSync(file, JSON.stringify(one));
  await place.yimai(['import', file]);
  const before = (await place.yimai(['key', 'list'])).results[0];
  const after = (await place.yimai(['key', 'rotate'])).results[0];
  assert.notEqual(after?.['current'], before?.['current']);
  assert.equal(after?.['changed'], 1);
  assert.match((await place.yimai(['export'])).stdout, /990101199001010014/);
});

test('[cli C8] demo takes the next free port, keeps its data, starts over with --fresh, and stays on this machine', async (t) => {
  const place = testPlace(t);
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  t.after(async () => void taken.close());
  const { port } = taken.address() as { port: number };
  const demo = await place.serve('demo', ['--port', String(port), '--residents', '30']);
  assert.notEqual(Number(new URL(demo.url).port), port);
  assert.match(demo.stderr(), /village .*yimai-demo-2026/);
  assert.equal(statSync(place.data).mode & 0o777, 0o700);
  const refused = await place.yimai(['demo', '--fresh']);
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /data-place-in-use/);
  for (let turn = 0; turn < 1200 && !/year of the demo county is complete/.test(demo.stderr()); turn += 1)
    await new Promise((resolve) => setTimeout(resolve, 250));
  const ended = await demo.end();
  assert.equal(ended.code, 0);
  const opened = await place.yimai(['serve', '--port', '0', '--host', '0.0.0.0', '--proxy', '127.0.0.1']);
  assert.match(opened.stderr, /demo-stays-here/);
  const again = await place.serve('demo', ['--port', String(port), '--residents', '60']);
  assert.doesNotMatch(again.stderr(), /loading the demo data/);
  await again.end();
  const empty = await place.serve('demo', ['--port', String(port), '--fresh', '--empty']);
  const users = await place.yimai(['user', 'list']);
  assert.deepEqual(
    users.results.map(({ login }) => login),
    ['administrator', 'script'],
  );
  await empty.end();
});
