// Results of RED and MES as they stand on record: agreement, breach, evidence; what was paid for and what bars the rest.
import type { FundResult, FundResults } from '@yimai/desk/contract';
import {
  AGREEMENT_PARTIES,
  type Agreement,
  type Consortium,
  drawOnResult,
  type ResultClaim,
  refundedOf,
  reportOf,
} from '@yimai/fund';
import { chinaDate, type Fen, type LocalDate, ok, type Result } from '@yimai/kit';
import {
  adoptedBudget,
  closingOf,
  type DrawReport,
  nothingPrepaid,
  type PrepaidYear,
  prepaidFund,
  type RefundReport,
  reportsOf,
  type Statements,
} from '@yimai/ledger';
import { and, type Fragment, sql } from '@yimai/postgres';
import type { FastifyInstance } from 'fastify';
import { readerOf } from '../desk/desk-deps.ts';
import { bodyOf, notPermitted, textOf } from '../desk/read-body.ts';
import { type FundDeps, houseRef, seesAll, settles, yuan } from './fund-deps.ts';
import { dualOf, packagesOf } from './packages.ts';
import { yearsOf } from './priced-year.ts';

interface ClaimRow {
  readonly key: string;
  readonly case_id: string;
  readonly origin: string;
  readonly number: string;
  readonly on: LocalDate;
  readonly row: string;
  readonly kind: 'red' | 'mes';
  readonly disease: string;
  readonly org: string;
  readonly evidence: readonly string[] | null;
  readonly eliminated: boolean | string | null;
  readonly agreement: string | null;
  readonly signed: readonly string[] | null;
  readonly in_force: boolean;
  readonly breached: boolean;
}

/**
 * The agreement counts for its own patient and house only, and while it is in force. Cases of one person and disease are one
 * case to the fund: who was paid for under RED is not paid for a second time under MES.
 */
async function claimRows(tx: Statements, where: Fragment): Promise<ClaimRow[]> {
  const { rows } = await tx.run<ClaimRow>(sql`
    with claim as (
      select e.*, regexp_replace(e.data ->> 'case', '^.*/', '') as case_id,
        first_value(regexp_replace(e.data ->> 'case', '^.*/', '')) over (
          partition by e.data ->> 'patient', e.data ->> 'disease' order by e.from_date, e.id) as origin
      from register_entry e where e.register = 'result-claims' and e.to_date is null)
    select e.key, e.case_id, e.origin, coalesce(c.title, e.case_id) as number, e.from_date::text as "on",
      e.data ->> 'row' as row, e.data ->> 'kind' as kind, e.data ->> 'disease' as disease,
      regexp_replace(e.data ->> 'org', '^.*/', '') as org, e.data -> 'evidence' as evidence,
      e.data -> 'eliminated' as eliminated, a.id as agreement, a.signed,
      coalesce(a.in_force_from is not null and a.ended_on is null and a.to_date >= e.from_date, false) as in_force,
      exists (select 1 from register_entry b where b.register = 'agreement-breaches' and b.to_date is null
        and b.key = a.id) as breached
    from claim e
    left join loop_case c on c.id = e.case_id
    left join agreement a on a.id = e.data ->> 'agreement' and a.kind = 'four-party'
      and a.parties ->> 'patient' = e.data ->> 'patient' and a.parties ->> 'hospital' = e.data ->> 'org'
    where ${where} order by e.from_date, e.id`);
  return rows;
}

function agreementOf({ agreement, signed, in_force, breached }: ClaimRow): Agreement | null {
  if (agreement === null) return null;
  return { id: agreement, signedBy: in_force ? (signed ?? []) : [], isBreached: breached };
}

function toClaim(row: ClaimRow): ResultClaim {
  return {
    kind: row.kind,
    row: row.row,
    caseId: row.origin,
    org: row.org,
    on: row.on,
    agreement: agreementOf(row),
    evidence: row.evidence ?? [],
    isEliminated: row.eliminated === true || row.eliminated === 'true',
  };
}

export async function resultClaimOf(tx: Statements, key: string): Promise<ResultClaim | null> {
  const [row] = await claimRows(tx, sql`e.key = ${key}`);
  return row === undefined ? null : toClaim(row);
}

interface AgreementCount {
  readonly disease: string;
  readonly active: number;
  readonly others: number;
}

/** Agreements by disease: in force, signed by all four, nobody in breach; the others do not count. */
export async function agreementCounts(tx: Statements, on: LocalDate): Promise<readonly AgreementCount[]> {
  const isActive = and([
    sql`a.in_force_from <= ${on}::date and a.to_date >= ${on}::date`,
    sql`(a.ended_on is null or a.ended_on >= ${on}::date) and a.signed @> ${[...AGREEMENT_PARTIES]}::text[]`,
    sql`not exists (select 1 from register_entry b where b.register = 'agreement-breaches'
      and b.to_date is null and b.key = a.id)`,
  ]);
  const { rows } = await tx.run<AgreementCount>(sql`
    select e.data ->> 'disease' as disease, count(*) filter (where ${isActive})::int as active,
      count(*) filter (where (${isActive}) is not true)::int as others
    from register_entry e join agreement a on a.id = e.key
    where e.register = 'agreement-cases' and e.to_date is null group by 1 order by 1`);
  return rows;
}

export function register(app: FastifyInstance, deps: FundDeps): void {
  app.post('/desk/fund/results', async (request): Promise<FundResults> => {
    const reader = await readerOf(deps, request);
    if (!seesAll(reader)) throw notPermitted();
    const { fund } = deps;
    const { database } = fund;
    const years = await yearsOf(deps);
    const year = textOf(bodyOf(request.body), 'year', 4) ?? years[0]!;
    const [rows, prepaid, paid, agreements, houses, budget] = await Promise.all([
      claimRows(database, sql`true`),
      prepaidFund(database, year),
      reportsOf<DrawReport>(database, 'result-payment', ''),
      agreementCounts(database, chinaDate(reader.now)),
      fund.shelf.houses(),
      adoptedBudget(database, year),
    ]);
    const rules = budget.ok ? fund.rulesOf(budget.value.report.ruleSet) : null;
    const consortium = rules?.ok ? rules.value.consortium : null;
    const closing = await closingOf(database, year);
    const given = await reportsOf<RefundReport>(database, 'result-refund', '');
    const refunds = new Map(given.map(({ scope, report }) => [scope, report.amountFen]));
    const paidOf = new Map(paid.map(({ scope, period, report }) => [scope, { ...report, period }]));
    const results: FundResult[] = [];
    for (const row of rows) {
      const before = paidOf.get(row.key);
      const drawn = before === undefined ? drawOf(row, prepaid, consortium) : null;
      const amount = before?.amountFen ?? (drawn?.ok ? drawn.value : null);
      results.push({
        key: row.key,
        case: row.case_id,
        number: row.number.split(' ').at(-1) ?? '',
        kind: row.kind,
        row: row.row,
        disease: row.disease,
        house: houseRef(houses, row.org),
        signatures: row.signed?.length ?? 0,
        breached: row.breached,
        evidence: row.evidence ?? [],
        amount: amount === null ? null : yuan(amount),
        paidOn: before?.claim.on ?? null,
        paidIn: before?.period ?? null,
        refunded: refunds.has(row.key) ? yuan(refunds.get(row.key)!) : null,
        bar: drawn === null || drawn.ok ? null : (drawn.refusal.detail ?? null),
      });
    }
    const report = prepaid === null ? null : reportOf(prepaid.fund);
    return {
      years,
      year,
      fund:
        prepaid === null || report === null
          ? null
          : {
              house: houseRef(houses, prepaid.org),
              on: prepaid.on,
              opening: yuan(prepaid.fund.openingFen),
              red: yuan(report.redFen),
              mes: yuan(report.mesFen),
              refunds: yuan(refundedOf(prepaid.fund)),
              balance: yuan(closing === null ? report.balanceFen : closing.carriedFen),
              closed:
                closing === null
                  ? null
                  : { carried: yuan(closing.carriedFen), returned: yuan(closing.returnedFen) },
            },
      opening: consortium === null ? null : yuan(consortium.prepaidFund.openingFen),
      results,
      agreements,
      packages: await packagesOf(database, consortium, year),
      dual: await dualOf(database, year),
      houses: await hospitalsOf(deps, houses),
      may: { settle: settles(reader) },
    };
  });
}

/** Hospitals of the county that have had stays; offices stand on the same level and have none. */
async function hospitalsOf(
  { fund }: FundDeps,
  houses: Parameters<typeof houseRef>[0],
): Promise<FundResults['houses']> {
  const stays = await fund.shelf.stays(fund.shelf.asSystem());
  const orgs = [...new Set(stays.filter(({ isOutside }) => !isOutside).map(({ list }) => list.org))];
  return orgs
    .filter((org) => houses.get(org)?.level === 'secondary')
    .sort()
    .map((org) => houseRef(houses, org));
}

/** What the claim would draw today, or what bars it. */
function drawOf(row: ClaimRow, prepaid: PrepaidYear | null, rules: Consortium | null): Result<Fen> {
  if (prepaid === null || rules === null || prepaid.org !== row.org) return nothingPrepaid();
  const drawn = drawOnResult(prepaid.fund, toClaim(row), rules);
  return drawn.ok ? ok(drawn.value.draws.at(-1)!.amountFen) : drawn;
}
