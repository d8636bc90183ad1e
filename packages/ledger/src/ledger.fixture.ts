// For the tests of the ledger: a migrated throwaway database, and a month of made-up stays as postings.
import { fileURLToPath } from 'node:url';
import { loadRuleSet, type Posting, PriceBook, priceStays, type StayCase, settleMonth } from '@yimai/fund';
import { localDate, must, SimulatedClock } from '@yimai/kit';
import { type Database, migrate, openDatabase, readMigrations } from '@yimai/postgres';
import { testDatabase } from '@yimai/postgres/testing';
import { type Ledger, openLedger } from './ledger.ts';

export interface TestLedger {
  readonly ledger: Ledger;
  readonly database: Database;
  readonly ownerUrl: string;
  readonly appUrl: string;
  readonly schema: string;
}

export const START = '2026-04-10T01:00:00Z';

export async function testLedger(t: { after(fn: () => Promise<void>): void }): Promise<TestLedger> {
  const place = await testDatabase();
  await migrate({
    ownerUrl: place.ownerUrl,
    schema: place.schema,
    appRole: new URL(place.appUrl).username,
    migrations: readMigrations('ledger', fileURLToPath(new URL('../migrations/', import.meta.url))),
    now: new Date(START),
  });
  const database = openDatabase({ url: place.appUrl, schema: place.schema, poolSize: 8 });
  t.after(async () => {
    await database.close();
    await place.close();
  });
  const ledger = openLedger({ database, clock: new SimulatedClock(START) });
  return { ledger, database, ownerUrl: place.ownerUrl, appUrl: place.appUrl, schema: place.schema };
}

/** Postings of a month of `count` stays; `extraFen` changes the cost of the first, as a correction would. */
export function monthOf(count: number, extraFen = 0n): readonly Posting[] {
  const rules = must(loadRuleSet('rate-city/2026'));
  const stays = Array.from({ length: count }, (_, index): StayCase => {
    const costFen = 500_000n + BigInt((index * 7_919) % 900_000) + (index === 0 ? extraFen : 0n);
    return {
      id: `stay-${String(index).padStart(7, '0')}`,
      patient: `made-up-${index}`,
      org: `hospital-${index % 5}`,
      level: 'secondary',
      payer: 'resident',
      admittedOn: localDate('2026-03-02'),
      dischargedOn: localDate('2026-03-12'),
      stayDays: index === 0 ? 2 : 10,
      group: { status: '分组成功', mdc: 'MDCE', adrg: 'ES2', drg: 'ES25' },
      costFen,
      patientBorneFen: costFen / 5n,
      unreasonableFen: 0n,
      bedDays: [],
      review: null,
    };
  });
  const priced = priceStays(stays, new PriceBook(rules));
  return settleMonth(priced, { month: '2026-03', on: localDate('2026-04-10'), rules }).postings;
}
