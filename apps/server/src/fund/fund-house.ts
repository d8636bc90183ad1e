// What the fund needs of the house it runs in: the shelf of stays, rule sets, schemes, code names, and its commands.
import { rowKey } from '@yimai/fhir';
import { type CodeNames, type CompiledScheme, loadCodeNames, loadScheme } from '@yimai/grouping';
import type { Result } from '@yimai/kit';
import { type Ledger, openLedger, returnsAfter, type SettlementDeps } from '@yimai/ledger';
import { type Database, sql } from '@yimai/postgres';
import type { Access } from '@yimai/record';
import { AdoptedRules } from './adoption.ts';
import { noticeOf } from './notices.ts';
import { membershipsOf, packageOf } from './packages.ts';
import { healthWorkOf } from './pay-work.ts';
import { resultClaimOf } from './results.ts';
import { grantedReviews } from './reviews.ts';
import { StayShelf } from './stay-shelf.ts';

export interface FundHouseDoor extends SettlementDeps {
  readonly shelf: StayShelf;
  readonly ledger: Ledger;
  readonly database: Database;
  readonly adopted: AdoptedRules;
  names(): CodeNames;
}

export interface FundHouseOptions {
  readonly database: Database;
  readonly clock: { now(): Date };
  /** Asked late: the record opens after the commands are made. */
  readonly systemAccess: () => Access;
}

export function openFund({ database, clock, systemAccess }: FundHouseOptions): FundHouseDoor {
  const shelf = new StayShelf(database, systemAccess);
  const adopted = new AdoptedRules();
  const schemes = remember((name: string): Result<CompiledScheme> => loadScheme(name));
  let names: CodeNames | undefined;
  const namesOnce = (): CodeNames => {
    names ??= loadCodeNames();
    return names;
  };
  return {
    shelf,
    database,
    ledger: openLedger({ database, clock: clock as never }),
    names: namesOnce,
    staysOf: (month) => shelf.month(month),
    returnsAfter: async (month, rules) => returnsAfter(month, await shelf.stays(systemAccess()), rules),
    async reviews() {
      // Whoever prices stays asks for their reviews first: then the adopted rules are those of now.
      await adopted.load(database, systemAccess());
      return grantedReviews(database);
    },
    noticeOf,
    healthWork: (year) => healthWorkOf({ database, shelf }, year),
    resultClaimOf,
    packageOf,
    memberships: () => membershipsOf(database),
    knownLists: async (numbers) => (await shelf.found(numbers)).known,
    droppedLists: async (numbers) => (await shelf.found(numbers)).dropped,
    async knownResidents(ids) {
      const wanted = [...new Set(ids)];
      const keys = new Map(wanted.map((id) => [rowKey('Patient', id) as string, id]));
      const { rows } = await database.read<{ id: string }>(
        systemAccess().settings,
        sql`select r.id from resource r where r.id = any(${[...keys.keys()]}::uuid[]) and not r.deleted`,
      );
      return new Set(rows.map(({ id }) => keys.get(id)!));
    },
    async houses() {
      return new Set((await shelf.houses()).keys());
    },
    adopted,
    rulesOf: adopted.rulesOf,
    schemeOf: schemes,
    isDiagnosis: (code) => namesOnce().diagnosis(code) !== undefined,
    isProcedure: (code) => namesOnce().procedure(code) !== undefined,
  };
}

function remember<T>(make: (name: string) => Result<T>): (name: string) => Result<T> {
  const made = new Map<string, Result<T>>();
  return (name) => {
    const known = made.get(name);
    if (known !== undefined) return known;
    const fresh = make(name);
    if (fresh.ok) made.set(name, fresh);
    return fresh;
  };
}
