// The keys of encrypted fields, in a file outside the data folder: old keys open, the newest closes, a back-up holds none.
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  getCiphers,
  getHashes,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { assert, must, refuse } from '@yimai/kit';

/** Order is the algorithm id in the header of each ciphertext: append only. */
export const CIPHERS = ['aes-256-gcm', 'sm4-cbc-hmac-sm3'] as const;
export type CipherName = (typeof CIPHERS)[number];

export interface Keyring {
  /** The key that closes from now on. */
  readonly current: string;
  readonly keyIds: readonly string[];
  /** `enc:v1:<key id>:<base64url of algorithm id, iv, tag, bytes>`. */
  close(plain: string): string;
  /** Null when it is no ciphertext of this ring, or was changed. */
  open(text: string): string | null;
  /** The key id that a ciphertext names. */
  keyOf(text: string): string | null;
  /** Blind index of an identifier: equal for equal numbers however they were typed, useless without the key. */
  blind(value: string): string;
}

interface KeyFile {
  readonly format: 'yimai-keys-1';
  readonly keys: readonly { readonly id: string; readonly cipher: CipherName; readonly secret: string }[];
  readonly blind: { readonly hash: 'sm3' | 'sha256'; readonly secret: string };
}

const PREFIX = 'enc:v1:';
const TEXT = /^enc:v1:([A-Za-z0-9]{1,16}):([A-Za-z0-9_-]+)$/;

/** Reads the key file; it must be readable by its owner only. Only a first start may make one. */
export function openKeyring(file: string, options: { readonly createIfMissing?: boolean } = {}): Keyring {
  if (!existsSync(file)) {
    assert(options.createIfMissing, `the key file (YIMAI_KEY_FILE) is missing`);
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeKeys(file, {
      format: 'yimai-keys-1',
      keys: [newKey('aes-256-gcm')],
      blind: { hash: getHashes().includes('sm3') ? 'sm3' : 'sha256', secret: secretText() },
    });
  }
  if ((statSync(file).mode & 0o077) !== 0)
    refuseKeyFile(
      'key-file-open',
      `密钥文件 ${file} 只能由其所有者读取（chmod 600）`,
      `the key file ${file} may be readable by its owner only (chmod 600)`,
    );
  return following(file);
}

/** A process that has the ring open closes with a new key at most this long after `yimai key rotate` wrote it. */
export const KEYS_LOOKED_AT_MS = 1000;

/** The ring as the file has it: a running server takes up a new key by itself. A file that is gone or spoilt changes nothing. */
function following(file: string): Keyring {
  const stateOf = () => {
    const found = statSync(file, { throwIfNoEntry: false });
    return found && `${found.ino} ${found.size} ${found.mtimeMs}`;
  };
  let written = stateOf();
  let ring = makeKeyring(readKeys(file));
  let lookedAt = performance.now();
  const look = (atOnce = false): Keyring => {
    if (!atOnce && performance.now() - lookedAt < KEYS_LOOKED_AT_MS) return ring;
    lookedAt = performance.now();
    const now = stateOf();
    if (now !== undefined && now !== written) {
      const keys = parseKeys(file);
      if (keys) ring = makeKeyring(keys);
      written = now;
    }
    return ring;
  };
  return {
    get current() {
      return look().current;
    },
    get keyIds() {
      return look().keyIds;
    },
    close: (plain) => look().close(plain),
    open(text) {
      const id = ring.keyOf(text);
      const isUnknown = id !== null && !ring.keyIds.includes(id);
      return (isUnknown ? look(true) : ring).open(text);
    },
    keyOf: (text) => ring.keyOf(text),
    blind: (value) => ring.blind(value),
  };
}

/** Adds a key, which closes from now on; older ones go on opening. The blind index keeps its key. */
export function rotateKeys(file: string, cipher: CipherName = 'aes-256-gcm'): Keyring {
  const keys = readKeys(file);
  const next = { ...keys, keys: [...keys.keys, newKey(cipher)] };
  writeKeys(file, next);
  return makeKeyring(next);
}

/** Whether this machine's OpenSSL has the national cipher and hash (国密). */
export const hasNationalCiphers = (): boolean =>
  getCiphers().includes('sm4-cbc') && getHashes().includes('sm3');

const secretText = (): string => randomBytes(32).toString('base64');
const newKey = (cipher: CipherName) => ({ id: randomBytes(4).toString('hex'), cipher, secret: secretText() });

function readKeys(file: string): KeyFile {
  const keys = parseKeys(file);
  if (keys) return keys;
  return refuseKeyFile(
    'key-file-unreadable',
    `${file} 不是一脉的密钥文件，或已损坏：请放回它的副本`,
    `${file} is no key file of yimai, or is damaged: put its copy back`,
  );
}

/** Null for what is no key file of ours. */
function parseKeys(file: string): KeyFile | null {
  const text = readFileSync(file, 'utf8');
  try {
    const keys = JSON.parse(text) as Partial<KeyFile> | null;
    if (keys?.format !== 'yimai-keys-1' || !keys.keys?.length || !keys.blind) return null;
    return keys.keys.every(isKey) ? (keys as KeyFile) : null;
  } catch {
    return null;
  }
}

const isKey = ({ id, cipher, secret }: KeyFile['keys'][number]): boolean =>
  typeof id === 'string' && CIPHERS.includes(cipher) && Buffer.from(secret, 'base64').length === 32;

function refuseKeyFile(code: string, zh: string, en: string): never {
  must(refuse(code, { zh, en }, { at: 'YIMAI_KEY_FILE' }));
  throw new Error('fault: a refusal was not thrown');
}

// Written beside and renamed, so that a crash leaves the old keys or the new, never half a file.
function writeKeys(file: string, keys: KeyFile): void {
  const draft = `${file}.new`;
  // On the disk before any row is closed under it.
  writeFileSync(draft, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600, flush: true });
  chmodSync(draft, 0o600);
  renameSync(draft, file);
}

interface Key {
  readonly id: string;
  readonly cipher: CipherName;
  readonly encrypt: Buffer;
  readonly mac: Buffer;
}

function makeKeyring(file: KeyFile): Keyring {
  const keys = new Map(file.keys.map((key) => [key.id, derived(key)]));
  const current = file.keys.at(-1)!.id;
  // As a key object: a key as bytes is prepared anew for every value.
  const blindKey = createSecretKey(file.blind.secret, 'base64');
  return {
    current,
    keyIds: [...keys.keys()],
    close: (plain) => `${PREFIX}${current}:${seal(keys.get(current)!, plain).toString('base64url')}`,
    open(text) {
      const match = TEXT.exec(text);
      const key = match && keys.get(match[1]!);
      return key ? unseal(key, Buffer.from(match[2]!, 'base64url')) : null;
    },
    keyOf: (text) => TEXT.exec(text)?.[1] ?? null,
    blind: (value) =>
      createHmac(file.blind.hash, blindKey)
        .update(normalised(value))
        .digest()
        .subarray(0, 24)
        .toString('base64url'),
  };
}

function derived(key: KeyFile['keys'][number]): Key {
  const secret = Buffer.from(key.secret, 'base64');
  assert(secret.length === 32, `key ${key.id} has a wrong length`);
  const part = (use: string, bytes: number) =>
    Buffer.from(hkdfSync('sha256', secret, '', `yimai ${use}`, bytes));
  return {
    id: key.id,
    cipher: key.cipher,
    encrypt: part('encrypt', key.cipher === 'aes-256-gcm' ? 32 : 16),
    mac: part('authenticate', 32),
  };
}

// What the tag covers beside the text: a ciphertext cannot be passed off as one of another key or algorithm.
const headerOf = (key: Key): Buffer => Buffer.from(`${PREFIX}${key.id}:${CIPHERS.indexOf(key.cipher)}`);

function seal(key: Key, plain: string): Buffer {
  const id = Buffer.from([CIPHERS.indexOf(key.cipher)]);
  if (key.cipher === 'aes-256-gcm') {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key.encrypt, iv);
    cipher.setAAD(headerOf(key));
    const bytes = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    return Buffer.concat([id, iv, cipher.getAuthTag(), bytes]);
  }
  const iv = randomBytes(16);
  const cipher = createCipheriv('sm4-cbc', key.encrypt, iv);
  const bytes = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return Buffer.concat([id, iv, macOf(key, iv, bytes), bytes]);
}

function unseal(key: Key, sealed: Buffer): string | null {
  if (sealed[0] !== CIPHERS.indexOf(key.cipher)) return null;
  try {
    if (key.cipher === 'aes-256-gcm') {
      const decipher = createDecipheriv('aes-256-gcm', key.encrypt, sealed.subarray(1, 13));
      decipher.setAAD(headerOf(key));
      decipher.setAuthTag(sealed.subarray(13, 29));
      return Buffer.concat([decipher.update(sealed.subarray(29)), decipher.final()]).toString('utf8');
    }
    const iv = sealed.subarray(1, 17);
    const bytes = sealed.subarray(49);
    const mac = sealed.subarray(17, 49);
    if (mac.length !== 32 || !timingSafeEqual(mac, macOf(key, iv, bytes))) return null;
    const decipher = createDecipheriv('sm4-cbc', key.encrypt, iv);
    return Buffer.concat([decipher.update(bytes), decipher.final()]).toString('utf8');
  } catch {
    // A wrong tag, length or padding: not ours, or changed.
    return null;
  }
}

const macOf = (key: Key, iv: Buffer, bytes: Buffer): Buffer =>
  createHmac('sm3', key.mac).update(headerOf(key)).update(iv).update(bytes).digest();

/** `11010519491231002x` and `+86 138-0013-8000` as the numbers they mean. */
function normalised(value: string): string {
  const plain = value
    .normalize('NFKC')
    .replace(/[\s\-()·.]/g, '')
    .toUpperCase();
  const phone = /^(?:\+|00)?86(1\d{10})$/.exec(plain);
  return phone ? phone[1]! : plain;
}
