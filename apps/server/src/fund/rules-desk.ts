// Rule sets on the desk: every value with its source, and what a change would have done to the stays of a year.
import type { FundRuleEffect, FundRules, FundRuleVersion } from '@yimai/desk/contract';
import { shippedRuleSets } from '@yimai/fund';
import { chinaDate, must, type Text } from '@yimai/kit';
import { priceLists, returnsAfter, type SettledCase } from '@yimai/ledger';
import type { FastifyInstance } from 'fastify';
import { type Reader, readerOf } from '../desk/desk-deps.ts';
import { bad, bodyOf, notFound, textOf } from '../desk/read-body.ts';
import { namesOf } from '../desk/resources.ts';
import { type FundDeps, houseRef, mustSeeFund, settles, sumOf, yuan } from './fund-deps.ts';
import { yearsOf } from './priced-year.ts';
import { changedRules, type RuleChange, rowsOf } from './rule-rows.ts';

export function register(app: FastifyInstance, deps: FundDeps): void {
  app.get('/desk/fund/rules/:region/:year', async (request): Promise<FundRules> => {
    const reader = await readerOf(deps, request);
    mustSeeFund(reader);
    const { region, year } = request.params as { region: string; year: string };
    return rulesOf(deps, reader, `${region}/${year}`);
  });
  app.post('/desk/fund/rules/what-if', async (request): Promise<FundRuleEffect> => {
    mustSeeFund(await readerOf(deps, request));
    const body = bodyOf(request.body);
    const name = textOf(body, 'name') ?? '';
    const year = textOf(body, 'year', 4) ?? (await yearsOf(deps))[0]!;
    return effectOf(deps, name, year, changesOf(body['changes']));
  });
}

async function rulesOf(deps: FundDeps, reader: Reader, name: string): Promise<FundRules> {
  const { fund } = deps;
  if (!shippedRuleSets().includes(name)) throw notFound();
  await fund.adopted.load(fund.database, fund.shelf.asSystem());
  const { method, scheme, title, effectiveFrom, effectiveTo, weights } = must(fund.rulesOf(name));
  const titleOf = (one: string): Text => must(fund.rulesOf(one)).title;
  const present = chinaDate(reader.now).slice(0, 4);
  const years = await yearsOf(deps);
  return {
    name,
    names: shippedRuleSets().map((one) => ({ name: one, title: titleOf(one) })),
    title,
    method,
    scheme,
    effectiveFrom,
    effectiveTo,
    rows: rowsOf(name, fund.adopted.changesOf(name)),
    weights: weights.byDrg.size,
    years: [...years.filter((year) => year < present), ...years.filter((year) => year >= present)],
    versions: await versionsOf(deps, reader, name),
    may: { propose: settles(reader) },
  };
}

const CONFIRMERS = ['insurer-clerk', 'bureau-director', 'script'];

async function versionsOf(deps: FundDeps, reader: Reader, name: string): Promise<FundRuleVersion[]> {
  const versions = [...deps.fund.adopted.ofSet(name)].reverse();
  const names = await namesOf(
    deps,
    reader,
    versions.flatMap(({ proposedBy, confirmedBy }) => [`User/${proposedBy}`, `User/${confirmedBy}`]),
  );
  const { user } = reader.signedIn.actor;
  return versions.map(({ name: _name, proposedBy, confirmedBy, ...one }) => ({
    ...one,
    proposedBy: names.get(`User/${proposedBy}`) ?? proposedBy,
    confirmedBy: confirmedBy === null ? null : (names.get(`User/${confirmedBy}`) ?? confirmedBy),
    mayConfirm: one.state === 'proposed' && proposedBy !== user && CONFIRMERS.includes(reader.actor.role),
  }));
}

function changesOf(value: unknown): RuleChange[] {
  if (!Array.isArray(value) || value.length > 100) throw bad('changes', '应为列表', 'should be a list');
  return value.map((one, index) => {
    const { row, field, value: text } = (one ?? {}) as Record<string, unknown>;
    if (typeof row !== 'string' || typeof field !== 'string' || typeof text !== 'string')
      throw bad(`changes[${index}]`, '应有 row、field、value', 'needs row, field and value');
    return { row, field, value: text.trim() };
  });
}

/** The same stays under both rule sets. */
async function effectOf(
  deps: FundDeps,
  name: string,
  year: string,
  changes: readonly RuleChange[],
): Promise<FundRuleEffect> {
  const { fund } = deps;
  await fund.adopted.load(fund.database, fund.shelf.asSystem());
  const before = must(fund.rulesOf(name));
  const after = must(changedRules(name, [...fund.adopted.changesOf(name), ...changes]));
  const scheme = must(fund.schemeOf(before.scheme));
  const all = await fund.shelf.stays(fund.shelf.asSystem());
  const stays = all.filter(({ list }) => list.dischargedOn.startsWith(year));
  // Month by month, as they are settled: caps look at the stays of one month, readmissions at what followed too.
  const [reviews, memberships] = await Promise.all([fund.reviews(), fund.memberships()]);
  const months = [...new Set(stays.map(({ list }) => list.dischargedOn.slice(0, 7)))];
  const price = (rules: typeof before): readonly SettledCase[] =>
    months.flatMap((month) => {
      const own = stays.filter(({ list }) => list.dischargedOn.startsWith(month));
      const returns = returnsAfter(month, all, rules);
      return priceLists(own, { rules, scheme, poolFen: null, reviews, memberships, returns }).cases;
    });
  const [old, fresh] = [price(before), price(after)];
  const oldPay = new Map(old.map((one) => [one.list.stay.id, one.payFen]));
  const houses = await fund.shelf.houses();
  const fundOf = (cases: readonly SettledCase[], org: string) =>
    sumOf(
      cases.filter(({ list }) => list.org === org),
      ({ fundFen }) => fundFen,
    );
  const total = (cases: readonly SettledCase[]) => ({
    pay: sumOf(cases, ({ payFen }) => payFen),
    fund: sumOf(cases, ({ fundFen }) => fundFen),
  });
  const [was, is] = [total(old), total(fresh)];
  const text = ({ pay, fund: due }: typeof was) => ({ pay: yuan(pay), fund: yuan(due) });
  return {
    stays: fresh.length,
    changed: fresh.filter((one) => oldPay.get(one.list.stay.id) !== one.payFen).length,
    before: text(was),
    after: text(is),
    difference: text({ pay: is.pay - was.pay, fund: is.fund - was.fund }),
    houses: [...new Set(fresh.map(({ list }) => list.org))].sort().map((org) => ({
      house: houseRef(houses, org),
      before: yuan(fundOf(old, org)),
      after: yuan(fundOf(fresh, org)),
      difference: yuan(fundOf(fresh, org) - fundOf(old, org)),
    })),
  };
}
