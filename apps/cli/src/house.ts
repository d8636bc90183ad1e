// Opens the consortium that a command works on, and closes it whatever happens.
import type { Consortium, RunningServer } from '@yimai/server';
import type { Given } from './command.ts';
import type { Io } from './io.ts';

/** Works whether or not `serve` runs on the same folder: both use one database server, started by whoever is first. */
export async function openHouse(given: Given, io: Io): Promise<Consortium> {
  const dataDir = given.text('data');
  // Loaded only now: wrong words are told without waiting for the whole house to be read.
  const { openConsortium } = await import('@yimai/server');
  return openConsortium({ ...(dataDir === undefined ? {} : { dataDir }), poolSize: 4, log: logTo(io) });
}

export async function inHouse<T>(given: Given, io: Io, work: (house: Consortium) => Promise<T>): Promise<T> {
  const house = await openHouse(given, io);
  try {
    return await work(house);
  } finally {
    await house.close();
  }
}

/** Where nobody can sign in yet: the code with which the desk takes the administrator's first password. */
export function tellFirstStart({ firstStart }: RunningServer, io: Io): void {
  if (firstStart === null) return;
  const { login, code } = firstStart;
  io.say({
    zh: `还没有人能登录。首次启动码 ${code}：在登录页为 ${login} 设置口令（或 npm run -s yimai -- user password ${login}）`,
    en: `Nobody can sign in yet. First-start code ${code}: set the password of ${login} on the sign-in page (or npm run -s yimai -- user password ${login})`,
  });
}

type Fields = { readonly [key: string]: string | number };

export const logTo = (io: Io) => (level: 'info' | 'warn' | 'error', message: string, fields?: Fields) => {
  const more = fields && Object.keys(fields).length > 0 ? ` ${JSON.stringify(fields)}` : '';
  io.line(level === 'info' ? `${message}${more}` : `${level}: ${message}${more}`);
};

/** Where the keys of encrypted fields lie: outside the data folder, so that no back-up holds them. */
export const keyFileOf = (dataDir: string): string => process.env['YIMAI_KEY_FILE'] ?? `${dataDir}.key`;
