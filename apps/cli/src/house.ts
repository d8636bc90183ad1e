// Opens the consortium that a command works on, and closes it whatever happens.
import { type Consortium, openConsortium } from '@yimai/server';
import type { Given } from './command.ts';
import type { Io } from './io.ts';

/** Works whether or not `serve` runs on the same folder: both use one database server, started by whoever is first. */
export async function openHouse(given: Given, io: Io): Promise<Consortium> {
  const dataDir = given.text('data');
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

type Fields = { readonly [key: string]: string | number };

export const logTo = (io: Io) => (level: 'info' | 'warn' | 'error', message: string, fields?: Fields) => {
  const more = fields && Object.keys(fields).length > 0 ? ` ${JSON.stringify(fields)}` : '';
  io.line(level === 'info' ? `${message}${more}` : `${level}: ${message}${more}`);
};

/** Where the keys of encrypted fields lie: outside the data folder, so that no back-up holds them. */
export const keyFileOf = (dataDir: string): string => process.env['YIMAI_KEY_FILE'] ?? `${dataDir}.key`;
