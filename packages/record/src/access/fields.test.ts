// Closed and masked fields: what lies in the database, what comes back, what an older key still opens.
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Resource } from '../types.ts';
import { makeFields } from './fields.ts';
import { CIPHERS, hasNationalCiphers, openKeyring, rotateKeys } from './keyring.ts';
import { bringsMaskBack, maskAddress, maskName, maskNationalId, maskPhone } from './mask.ts';

function keyFile(t: { after(fn: () => void): void }): string {
  const folder = mkdtempSync(join(tmpdir(), 'yimai-keys-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return join(folder, 'outside', 'keys.json');
}

const ID = '99010119510101123X';
const TEXT = `{ "resourceType":"Patient", "id":"p","meta":{"versionId":"1"},
  "identifier":[{"value":"${ID}","system":"https://yimai.example/id/national-id"},{"system":"urn:x","value":"${ID}"}],
  "name":[{"text":"张三丰","family":"张","given":["三丰"]}],
  "telecom":[{"system":"phone","value":"139 0000 1234"},{"system":"email","value":"a@b.example"}],
  "address":[{"text":"示范省示范县东乡镇桃花村3组","line":["桃花村3组"],"district":"示范县"}],
  "extension":[{"url":"urn:n","valueDecimal":1.50}],
  "contained":[{"resourceType":"RelatedPerson","name":[{"text":"李四"}],"telecom":[{"value":"13800001111","system":"sms"}]}],
  "generalPractitioner":[{"identifier":{"system":"urn:oid:2.16.156.10011.1.3","value":"11010519491231002X"},"display":"王医师"}],
  "link":[{"type":"seealso","other":{"reference":"Patient/q","display":"张二"}}]}`;
const RESOURCE = JSON.parse(TEXT) as Resource;

test('[access A14] national IDs and phones are closed wherever they stand, every other byte stays', (t) => {
  const fields = makeFields(openKeyring(keyFile(t), { createIfMissing: true }));
  const closed = fields.closeFields(TEXT, RESOURCE);
  assert.equal(closed.match(/"enc:v1:/g)?.length, 5);
  for (const secret of ['139 0000 1234', '13800001111', '11010519491231002X', ID])
    assert.ok(!closed.includes(secret), secret);
  assert.ok(closed.includes('"valueDecimal":1.50'));
  assert.equal(fields.openFields(closed, true), TEXT, 'in clear it is byte for byte what came in');
});

test('[access A14] a masked answer shows the ends of numbers and the first character of a name, and says SUBSETTED', (t) => {
  const fields = makeFields(openKeyring(keyFile(t), { createIfMissing: true }));
  const masked = fields.openFields(fields.closeFields(TEXT, RESOURCE), false);
  const patient = JSON.parse(masked) as typeof RESOURCE & { meta: { security: { code: string }[] } };
  assert.deepEqual(
    patient.meta.security.map((coding) => coding.code),
    ['SUBSETTED'],
  );
  assert.deepEqual(patient['name'], [{ text: '张*', family: '*', given: ['*'] }]);
  assert.deepEqual(patient['address'], [{ text: '示范省示范县东乡镇*', line: ['*'], district: '示范县' }]);
  assert.ok(
    masked.includes('"9901**********123X"') && masked.includes('"139********34"') && masked.includes('1.50'),
  );
  assert.ok(!masked.includes('张二') && !masked.includes('李四') && masked.includes('王医师'));
  const plain = '{"resourceType":"Observation","valueQuantity":{"value":1.10}}';
  assert.equal(fields.openFields(plain, false), plain, 'what holds nothing to mask is not marked');
  const observation =
    '{"resourceType":"Observation","meta":{"security":[]},"subject":{"reference":"Patient/p","display":"张三"}}';
  assert.equal(
    fields.openFields(observation, false),
    observation
      .replace('张三', '张*')
      .replace(
        '"security":[]',
        '"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED"}]',
      ),
  );
});

test('[access A14] a masked value is known by the row it would overwrite, also when the mark was taken off', (t) => {
  const fields = makeFields(openKeyring(keyFile(t), { createIfMissing: true }));
  const closed = fields.closeFields(TEXT, RESOURCE);
  const [masked, clear] = [fields.openFields(closed, false), fields.openFields(closed, true)];
  const back = (text: string) => bringsMaskBack(text, masked, clear);
  assert.ok(back('{"telecom":[{"system":"phone","value":"139********34"}]}'));
  assert.ok(back('{"identifier":[{"value":"9901**********123X"}]}') && back('{"name":[{"text":"张*"}]}'));
  assert.ok(!back(TEXT) && !back('{"telecom":[{"system":"phone","value":"138******00"}]}'));
  assert.ok(!bringsMaskBack(masked, masked, masked), 'what was stored with stars may come again');
});

test('[access A14] an ID number inside a longer text: the text is closed whole, masked in the number alone', (t) => {
  const fields = makeFields(openKeyring(keyFile(t), { createIfMissing: true }));
  const note = '电话核实，身份证号11010519491231002x，家住桃花村';
  const lookalike = '单号 220105194912310038，不是身份证号';
  const text = JSON.stringify({ resourceType: 'Condition', note: [{ text: note }, { text: lookalike }] });
  const closed = fields.closeFields(text, JSON.parse(text) as Resource);
  assert.ok(!closed.includes('11010519491231002') && !closed.includes('桃花村'));
  assert.ok(closed.includes(lookalike), 'no check digit, no ID number');
  assert.equal(fields.openFields(closed, true), text);
  const masked = JSON.parse(fields.openFields(closed, false)) as { note: { text: string }[] };
  assert.equal(masked.note[0]?.text, '电话核实，身份证号1101**********002x，家住桃花村');
});

test('[access A14] a mobile number among words is closed with them, masked in the number alone; a bare number is not one', (t) => {
  const fields = makeFields(openKeyring(keyFile(t), { createIfMissing: true }));
  const open = ['13812345678', 'ORD-13812345678', '流水 20261122138123456789', '面积 0.13812345678 公顷'];
  const told = ['请拨打 13812345678 联系家属。', '电话：138-1234-5678', '+86 138 1234 5678 家属'];
  const text = JSON.stringify({
    resourceType: 'Task',
    note: [...open, ...told].map((one) => ({ text: one })),
  });
  const closed = fields.closeFields(text, JSON.parse(text) as Resource);
  for (const one of open) assert.ok(closed.includes(`"${one}"`), one);
  for (const one of told) assert.ok(!closed.includes(one), one);
  assert.equal(fields.openFields(closed, true), text);
  const masked = fields.openFields(closed, false);
  assert.match(masked, /"请拨打 138\*{6}78 联系家属。"/);
  for (const one of told) assert.ok(!masked.includes(one), one);
});

test('[access A14] a newer key closes, older keys go on opening, re-encryption leaves the newest only', (t) => {
  const file = keyFile(t);
  const first = openKeyring(file, { createIfMissing: true });
  const closed = makeFields(first).closeFields(TEXT, RESOURCE);
  const second = rotateKeys(file, hasNationalCiphers() ? 'sm4-cbc-hmac-sm3' : 'aes-256-gcm');
  const fields = makeFields(second);
  assert.notEqual(second.current, first.current);
  assert.equal(fields.openFields(closed, true), TEXT);
  const renewed = fields.reencrypt(closed)!;
  assert.ok(!renewed.includes(first.current) && renewed.includes(second.current));
  assert.equal(fields.openFields(renewed, true), TEXT);
  assert.equal(fields.reencrypt(renewed), null);
  assert.equal(second.blind(ID), first.blind(ID), 'the blind index outlives a rotation');
});

test('[access A14] a changed ciphertext, a foreign key and a foreign file open nothing', (t) => {
  const file = keyFile(t);
  for (const cipher of hasNationalCiphers() ? CIPHERS : CIPHERS.slice(0, 1)) {
    openKeyring(file, { createIfMissing: true });
    const ring = rotateKeys(file, cipher);
    const text = ring.close('secret');
    assert.equal(ring.open(text), 'secret');
    assert.notEqual(ring.close('secret'), text, 'equal texts never look equal');
    const head = text.lastIndexOf(':') + 1;
    for (let at = head; at < text.length - 1; at += 1) {
      const other = text[at] === 'A' ? 'B' : 'A';
      assert.equal(ring.open(text.slice(0, at) + other + text.slice(at + 1)), null, `${cipher} at ${at}`);
    }
    assert.equal(ring.open(text.replace(ring.current, 'ffffffff')), null);
  }
  assert.equal(openKeyring(keyFile(t), { createIfMissing: true }).open(openKeyring(file).close('x')), null);
});

test('[access A14] the key file is made 0600 at a first start only, and refused when others may read it', (t) => {
  const file = keyFile(t);
  assert.throws(() => openKeyring(file), /key file .* is missing/);
  openKeyring(file, { createIfMissing: true });
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const before = readFileSync(file, 'utf8');
  openKeyring(file, { createIfMissing: true });
  assert.equal(readFileSync(file, 'utf8'), before);
  chmodSync(file, 0o644);
  assert.throws(() => openKeyring(file), /key-file-open/);
  chmodSync(file, 0o600);
  writeFileSync(file, 'spoilt');
  assert.throws(() => openKeyring(file), /key-file-unreadable/);
});

test('[access A14] a number is found however it was typed, and never by another ring', (t) => {
  const ring = openKeyring(keyFile(t), { createIfMissing: true });
  assert.equal(ring.blind('11010519491231002x'), ring.blind(' 11010519491231002X'));
  assert.equal(ring.blind('+86 138-0013-8000'), ring.blind('13800138000'));
  assert.notEqual(ring.blind('13800138000'), ring.blind('13800138001'));
  assert.notEqual(ring.blind('1'), openKeyring(keyFile(t), { createIfMissing: true }).blind('1'));
});

test('[access A14] masks: ID 4/4, phone 3/2, name first character, address to the township', () => {
  assert.equal(maskNationalId('11010519491231002X'), '1101**********002X');
  assert.equal(maskPhone('13800138000'), '138******00');
  assert.equal(maskPhone('12345'), '*****');
  assert.deepEqual(['张三丰', '张', '阿卜杜拉·买买提'].map(maskName), ['张*', '*', '阿*']);
  assert.deepEqual(['示范县东乡镇桃花村', '示范县桃花路1号', '桃花路1号'].map(maskAddress), [
    '示范县东乡镇*',
    '示范县*',
    '*',
  ]);
});

test('[access A14] any resource comes back byte for byte (seed 20261122)', (t) => {
  const fields = makeFields(openKeyring(keyFile(t), { createIfMissing: true }));
  const json = fc.jsonValue({ maxDepth: 4 });
  const sealed = fc.record({
    system: fc.constantFrom('phone', 'sms', 'https://yimai.example/id/national-id'),
    value: fc.string({ minLength: 1, unit: 'binary' }),
  });
  const resource = fc.dictionary(fc.string(), fc.oneof(json, sealed, fc.array(sealed)));
  fc.assert(
    fc.property(resource, fc.boolean(), (value, pretty) => {
      const text = JSON.stringify(value, null, pretty ? 2 : 0);
      const closed = fields.closeFields(text, JSON.parse(text) as Resource);
      assert.equal(fields.openFields(closed, true), text);
      assert.doesNotThrow(() => JSON.parse(fields.openFields(closed, false)));
    }),
    { seed: 20261122, numRuns: 300 },
  );
});

test('[access A14] an open ring takes up a key that another process has made', async (t) => {
  const file = keyFile(t);
  const open = openKeyring(file, { createIfMissing: true });
  const before = open.close('old');
  const rotated = rotateKeys(file);
  assert.equal(open.open(rotated.close('new')), 'new', 'an unknown key is looked up at once');
  assert.deepEqual([open.current, open.keyOf(open.close('x'))], [rotated.current, rotated.current]);
  assert.equal(open.open(before), 'old');
  rmSync(file);
  assert.equal(open.open(before), 'old', 'a file that is gone changes nothing');
});
