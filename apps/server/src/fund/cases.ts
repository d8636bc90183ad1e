// Stays one by one: the list with its sums, one stay with its trail, and what a changed code would do to group and pay.
import type { CodeName, FundAnswer, FundCase, FundCasePage, FundCaseRow } from '@yimai/desk/contract';
import { explainPrice, formatE4, PriceBook, type RuleSet } from '@yimai/fund';
import { groupWithTrail, type Stay } from '@yimai/grouping';
import { type Fen, formatYuan, must } from '@yimai/kit';
import { OUTSIDE_KIND, type SettledCase, stayCaseOf } from '@yimai/ledger';
import type { FastifyInstance } from 'fastify';
import { type Reader, readerOf } from '../desk/desk-deps.ts';
import { type Body, bad, bodyOf, choiceOf, notFound, notPermitted, textOf } from '../desk/read-body.ts';
import { entriesBy } from './entries.ts';
import { type FundDeps, houseRef, monthOf, seesCases, sumOf, yuan } from './fund-deps.ts';
import { type YearOfFund, yearOfFund, yearsOf } from './priced-year.ts';
import { sourcesOf } from './rule-rows.ts';

const PAGE = 50;

export function register(app: FastifyInstance, deps: FundDeps): void {
  app.post('/desk/fund/cases', async (request): Promise<FundCasePage> => {
    const reader = await casesReader(deps, request);
    const body = bodyOf(request.body);
    const year = textOf(body, 'year', 4) ?? (await yearsOf(deps))[0]!;
    return pageOf(deps, await visibleCases(deps, reader, year), body);
  });
  app.get('/desk/fund/cases/:id', async (request): Promise<FundCase> => {
    const reader = await casesReader(deps, request);
    return (await caseOf(deps, reader, (request.params as { id: string }).id)).answer;
  });
  app.post('/desk/fund/cases/:id/what-if', async (request): Promise<FundAnswer> => {
    const reader = await casesReader(deps, request);
    const { one, ofYear } = await caseOf(deps, reader, (request.params as { id: string }).id);
    const body = bodyOf(request.body);
    const stay: Stay = {
      ...one.list.stay,
      dx: codesOf(body, 'dx'),
      proc: codesOf(body, 'proc'),
    };
    return answerOf(deps, ofYear, { ...one, list: { ...one.list, stay } }, null);
  });
  app.post('/desk/fund/codes', async (request): Promise<readonly CodeName[]> => {
    await casesReader(deps, request);
    const body = bodyOf(request.body);
    const kind = choiceOf(body, 'kind', ['diagnosis', 'procedure'] as const, 'diagnosis');
    const code = textOf(body, 'text', 40) ?? '';
    const name = deps.fund.names()[kind](code);
    return name === undefined ? [] : [{ code, name }];
  });
}

async function casesReader(deps: FundDeps, request: Parameters<typeof readerOf>[1]): Promise<Reader> {
  const reader = await readerOf(deps, request);
  if (!seesCases(reader)) throw notPermitted();
  return reader;
}

/** The year's stays as priced together, kept to those whose list the reader may see. */
export async function visibleCases(
  deps: FundDeps,
  reader: Reader,
  year: string,
): Promise<readonly SettledCase[]> {
  const { cases } = await yearOfFund(deps, year);
  const own = await deps.fund.shelf.stays(reader.access);
  const ids = new Set(own.map(({ list }) => list.stay.id));
  return cases.filter(({ list }) => ids.has(list.stay.id));
}

function codesOf(body: Body, key: string): string[] {
  const value = body[key];
  if (Array.isArray(value) && value.length <= 60 && value.every((one) => typeof one === 'string'))
    return value.map((code) => code.trim()).filter((code) => code !== '');
  throw bad(key, '应为编码列表', 'should be a list of codes');
}

async function pageOf(deps: FundDeps, all: readonly SettledCase[], body: Body): Promise<FundCasePage> {
  const houses = await deps.fund.shelf.houses();
  const month = textOf(body, 'month', 7);
  const house = textOf(body, 'house', 64);
  const kind = textOf(body, 'kind', 40);
  const text = textOf(body, 'text', 60)?.toLowerCase();
  const sort = choiceOf(body, 'sort', ['loss', 'cost', 'date'] as const, 'date');
  const offset = Number.isSafeInteger(body['offset']) ? (body['offset'] as number) : 0;
  const found = all.filter(
    (one) =>
      (month === undefined || monthOf(one) === month) &&
      (house === undefined || one.list.org === house) &&
      (kind === undefined || one.kind === kind) &&
      (text === undefined || wordsOf(deps, one).includes(text)),
  );
  found.sort(ORDERS[sort]);
  const rows = found.slice(offset, offset + PAGE);
  return {
    items: rows.map((one) => rowOf(deps, one, houses)),
    total: found.length,
    sum: {
      cost: yuan(sumOf(found, ({ list }) => list.costFen)),
      pay: yuan(sumOf(found, ({ payFen }) => payFen)),
      fund: yuan(sumOf(found, ({ fundFen }) => fundFen)),
      result: yuan(sumOf(found, ({ resultFen }) => resultFen)),
    },
    houses: [...new Set(all.map(({ list }) => list.org))].map((id) => houseRef(houses, id)),
    kinds: [...new Set(all.map((one) => one.kind))].sort(),
    months: [...new Set(all.map(monthOf))].sort().reverse(),
  };
}

const compare = (left: Fen | string, right: Fen | string): number =>
  left < right ? -1 : left > right ? 1 : 0;

const ORDERS: Readonly<Record<string, (left: SettledCase, right: SettledCase) => number>> = {
  loss: (left, right) => compare(left.resultFen, right.resultFen),
  cost: (left, right) => compare(right.list.costFen, left.list.costFen),
  date: (left, right) => compare(right.list.dischargedOn, left.list.dischargedOn),
};

function wordsOf(deps: FundDeps, { list, group }: SettledCase): string {
  const [principal = ''] = list.stay.dx;
  const name = deps.fund.names().diagnosis(principal) ?? '';
  return `${list.stay.id} ${group.drg} ${principal} ${name}`.toLowerCase();
}

export function rowOf(
  deps: FundDeps,
  { list, group, kind, ...money }: SettledCase,
  houses: Parameters<typeof houseRef>[0],
): FundCaseRow {
  const [principal = ''] = list.stay.dx;
  return {
    id: list.stay.id,
    house: houseRef(houses, list.org).name,
    dischargedOn: list.dischargedOn,
    days: list.stay.los,
    diagnosis: deps.fund.names().diagnosis(principal) ?? principal,
    drg: group.drg || group.status,
    drgName: '',
    kind,
    cost: yuan(list.costFen),
    pay: yuan(money.payFen),
    fund: yuan(money.fundFen),
    result: yuan(money.resultFen),
  };
}

async function caseOf(
  deps: FundDeps,
  reader: Reader,
  id: string,
): Promise<{ one: SettledCase; ofYear: YearOfFund; answer: FundCase }> {
  // Read as the actor through the record: a look at one list is in the audit.
  const seen = await deps.record.read(reader.access, 'Claim', id);
  const shelved = (await deps.fund.shelf.stays(reader.access)).find(({ list }) => list.stay.id === id);
  if (seen === null || shelved === undefined) throw notFound();
  const ofYear = await yearOfFund(deps, shelved.list.dischargedOn.slice(0, 4));
  const one = ofYear.cases.find(({ list }) => list.stay.id === id);
  if (one === undefined) throw notFound();
  const houses = await deps.fund.shelf.houses();
  const entries = await entriesBy(deps, { caseId: id });
  const { list } = one;
  const last = entries.items.at(-1);
  const answer: FundCase = {
    id,
    house: houseRef(houses, list.org),
    level: list.level,
    payer: list.payer,
    person: { sex: list.stay.gender ?? '', age: ageOf(list.stay) },
    admittedOn: list.admittedOn,
    dischargedOn: list.dischargedOn,
    days: list.stay.los,
    diagnoses: list.stay.dx.map((code) => ({ code, name: deps.fund.names().diagnosis(code) ?? '' })),
    procedures: list.stay.proc.map((code) => ({ code, name: deps.fund.names().procedure(code) ?? '' })),
    cost: yuan(list.costFen),
    borne: yuan(list.patientBorneFen),
    answer: answerOf(deps, ofYear, one, one),
    entries: entries.items,
    settled: last === undefined ? null : { month: last.period, version: 1 },
    ruleSet: ofYear.ruleSet,
    scheme: ofYear.rules.scheme,
  };
  return { one, ofYear, answer };
}

const ageOf = ({ age, ageDays }: Stay): string =>
  age === 0 && ageDays !== null ? `${ageDays}d` : age === null ? '' : `${age}`;

/** `settled` is what the stay is paid together with the others of its month; null for a what-if, priced by itself. */
function answerOf(
  deps: FundDeps,
  { rules, ruleSet, reviews, memberships }: YearOfFund,
  one: SettledCase,
  settled: SettledCase | null,
): FundAnswer {
  const scheme = must(deps.fund.schemeOf(rules.scheme));
  const found = groupWithTrail(one.list.stay, scheme, deps.fund.names());
  // Other codes would be another case: what was granted for this one does not hold for them.
  const stay = stayCaseOf(one.list, found, { rules, memberships, ...(settled === null ? {} : { reviews }) });
  const { priced, reasons } = explainPrice(stay, new PriceBook(rules));
  const money = one.isOutside ? one : (settled ?? priced);
  const sources = sourcesOf(ruleSet);
  return {
    status: found.status,
    mdc: found.mdc,
    adrg: found.adrg,
    drg: found.drg,
    drgName: scheme.rules.drgNames[found.drg] ?? '',
    kind: one.isOutside ? OUTSIDE_KIND : money.kind,
    weight: formatE4(priced.weight || weightOf(rules, found.drg)),
    standard: yuan(money.standardFen),
    pay: yuan(money.payFen),
    fund: yuan(money.fundFen),
    result: yuan(money.resultFen),
    trail: found.trail.map(({ kind, rule, zh, en, because }) => ({ kind, rule, zh, en, because })),
    reasons: [
      ...(one.isOutside ? [outsideReason(one)] : reasons),
      ...(settled !== null && !one.isOutside && settled.payFen !== priced.payFen
        ? [togetherReason(priced.payFen, settled)]
        : []),
    ].map(({ row, zh, en }) => ({ row, zh, en, source: sources.get(row.split(', ').at(-1)!) ?? null })),
  };
}

const weightOf = (rules: RuleSet, drg: string): bigint => rules.weights.byDrg.get(drg) ?? 0n;

function outsideReason({ list, fundFen }: SettledCase) {
  const [cost, borne, due] = [list.costFen, list.patientBorneFen, fundFen].map(formatYuan);
  return {
    row: OUTSIDE_KIND,
    zh: `县外就医按实际费用记账：${cost} − 个人负担 ${borne} = ${due} 元`,
    en: `care outside the county at its charge: ${cost} − borne by the patient ${borne} = ${due} yuan`,
  };
}

function togetherReason(alone: Fen, { payFen, row }: SettledCase) {
  return {
    row,
    zh: `与其他病例一并计算（再入院、高倍率上限或点数）：${formatYuan(alone)} → ${formatYuan(payFen)} 元`,
    en: `with other stays (readmission, cap on high outliers or points): ${formatYuan(alone)} → ${formatYuan(payFen)} yuan`,
  };
}
