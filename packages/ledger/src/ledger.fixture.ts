// For the tests of the ledger: a migrated throwaway database, and a month of made-up stays as postings.
import { fileURLToPath } from 'node:url';
import {
  loadRuleSet,
  type MonthlySettlement,
  type Posting,
  PriceBook,
  priceStays,
  type RuleSet,
  type StayCase,
  settleMonth,
} from '@yimai/fund';
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

export interface MadeUpMonth {
  /** `2026-03` where it is left out. */
  readonly month?: string;
  /** Changes the cost of the first stay, as a correction would. */
  readonly extraFen?: bigint;
  readonly rules?: RuleSet;
}

/** A month of `count` made-up stays, priced and settled. */
export function settledMonth(count: number, more: MadeUpMonth = {}): MonthlySettlement {
  const { month = '2026-03', extraFen = 0n, rules = must(loadRuleSet('rate-city/2026')) } = more;
  const stays = Array.from({ length: count }, (_, index): StayCase => {
    const costFen = 500_000n + BigInt((index * 7_919) % 900_000) + (index === 0 ? extraFen : 0n);
    return {
      id: `stay-${month === '2026-03' ? '' : `${month}-`}${String(index).padStart(7, '0')}`,
      patient: `made-up-${index}`,
      org: `hospital-${index % 5}`,
      level: 'secondary',
      payer: 'resident',
      admittedOn: localDate(`${month}-02`),
      dischargedOn: localDate(`${month}-12`),
      stayDays: index === 0 ? 2 : 10,
      group: { status: '分组成功', mdc: 'MDCE', adrg: 'ES2', drg: 'ES25' },
      costFen,
      patientBorneFen: costFen / 5n,
      unreasonableFen: 0n,
      bedDays: [],
      review: null,
    };
  });
  return settleMonth(priceStays(stays, new PriceBook(rules)), { month, on: localDate('2026-04-10'), rules });
}

/** Postings of a month of `count` stays. */
export const monthOf = (count: number, extraFen = 0n): readonly Posting[] =>
  settledMonth(count, { extraFen }).postings;
