// The worked examples as files that an insurer's clerk can read (`cases/*.yaml`), each computed by the rules it names.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { addDays, formatYuan, localDate, must, parseYuan } from '@yimai/kit';
import { parse } from 'yaml';
import * as fund from './index.ts';
import { stayOf } from './made-up-stays.ts';

type Table = Record<string, unknown>;

interface Case {
  readonly title: string;
  readonly source: string;
  readonly kind: string;
  readonly ruleSet?: string;
  readonly weights?: Record<string, string>;
  readonly set?: Table;
  readonly given: Table;
  readonly expected: Table;
}

const folder = new URL('../cases/', import.meta.url);
const fen = (yuan: unknown): bigint => must(parseYuan(String(yuan)));
const yuan = (amount: bigint): string => formatYuan(amount).replaceAll(',', '').replace(/\.00$/, '');
const e4 = (text: unknown): bigint => must(fund.parseE4(String(text)));

for (const file of readdirSync(folder).sort()) {
  const example: Case = parse(readFileSync(new URL(file, folder), 'utf8'));
  test(`[fund F3] ${file}: ${example.title}`, () => {
    assert.ok(example.source.length > 0, 'a case says where its figure comes from');
    const compute = COMPUTE[example.kind];
    assert(compute, `no computation for ${example.kind}`);
    assert.deepEqual(compute(example), example.expected);
  });
}

function rulesOf({ ruleSet, weights = {}, set = {} }: Case): fund.RuleSet {
  return must(
    fund.loadRuleSet(ruleSet!, {
      moreWeights: Object.entries(weights)
        .map(([drg, weight]) => `${drg}\t${weight}\n`)
        .join(''),
      patch(written) {
        for (const [path, value] of Object.entries(set)) setAt(written, path.split('.'), value);
        return written;
      },
    }),
  );
}

function setAt(into: Table, [key, ...rest]: string[], value: unknown): void {
  if (rest.length === 0) into[key!] = value;
  else setAt(into[key!] as Table, rest, value);
}

function stayOfCase({ given }: Case): fund.StayCase {
  const { drg, level, payer, bedDays } = given;
  return stayOf({
    drg: String(drg),
    level: level as fund.Level,
    payer: payer as fund.Payer,
    costFen: fen(given['cost']),
    patientBorneFen: fen(given['patient']),
    bedDays: (bedDays ?? []) as fund.BedDaySegment[],
  });
}

const COMPUTE: Record<string, (example: Case) => Table> = {
  stay(example) {
    const book = new fund.PriceBook(rulesOf(example));
    const { priced, reasons } = fund.explainPrice(stayOfCase(example), book);
    assert.ok(reasons.length > 0 && reasons.every(({ row, zh, en }) => row && zh && en));
    return {
      kind: priced.kind,
      standard: yuan(priced.standardFen),
      pay: yuan(priced.payFen),
      fund: yuan(priced.fundFen),
      result: yuan(priced.resultFen),
    };
  },
  'points-of-stay'(example) {
    const rules = rulesOf(example);
    const priced = fund.priceStay(stayOfCase(example), new fund.PriceBook(rules));
    return { kind: priced.kind, points: fund.formatE4(fund.pointsOf(priced, rules)) };
  },
  'point-clearing'(example) {
    const rules = rulesOf(example);
    const { given } = example;
    const pool = fen(given['fundBudget']) + fen(given['patient']);
    const hospitals = Object.entries(given['points'] as Table).map(([org, points]) => ({
      org,
      points: e4(points),
    }));
    const { totalFen } = fund.sharePool(pool, hospitals).find(({ org }) => org === given['org'])!;
    const dueFen = totalFen - fen(given['patientOfOrg']);
    const cleared = fund.clearOrg(
      {
        org: String(given['org']),
        dueFen,
        byItemFen: null,
        prepaidFen: fen(given['prepaid']),
        depositKeptFen: null,
        score: e4(given['score']),
      },
      rules,
    );
    const value = fund.pointValueE6(
      pool,
      hospitals.reduce((sum, { points }) => sum + points, 0n),
    );
    return {
      pointValue: `${value / 1_000_000n}.${value % 1_000_000n}`,
      total: yuan(totalFen),
      fund: yuan(dueFen),
      deposit: yuan(cleared.depositFen),
      final: yuan(cleared.finalFen),
    };
  },
  capitation(example) {
    const { consortium } = rulesOf(example);
    const { given } = example;
    const insured = [
      { payer: given['payer'] as fund.Payer, memberMonths: BigInt(given['heads'] as number) * 12n },
    ];
    const plan = must(fund.planBudget(insured, consortium!));
    const result = fund.clearConsortium(
      {
        budgetFen: plan.budgetFen,
        inCountyFen: fen(given['inCounty']),
        outsideFen: fen(given['outside']),
        reasonableOverrunFen: 0n,
      },
      consortium!,
    );
    const parts = fund.splitByParty(result.surplusFen, consortium!);
    return {
      gross: yuan(plan.grossFen),
      budget: yuan(plan.budgetFen),
      surplus: yuan(result.surplusFen),
      county: yuan(parts.county),
      township: yuan(parts.township),
      village: yuan(parts.village),
    };
  },
  packages(example) {
    const { consortium } = rulesOf(example);
    const { given } = example;
    const [rule] = consortium!.packages;
    const memberships = new Map([
      ['p1', [{ package: rule!.id, from: localDate(String(given['memberFrom'])), to: null }]],
    ]);
    const stays = Object.entries(given['stays'] as Record<string, [string, string, string]>);
    const ofPackage = stays.flatMap(([caseId, [admitted, code, cost]]): fund.PackageCost[] => {
      const admittedOn = localDate(admitted);
      const found = fund.packageOfStay(
        { patient: 'p1', admittedOn, code },
        consortium!.packages,
        memberships,
      );
      return found === null ? [] : [{ caseId, patient: 'p1', code, costFen: fen(cost) }];
    });
    const members = ['p1', ...Array.from({ length: Number(given['members']) - 1 }, (_, one) => `m${one}`)];
    const settled = fund.settlePackage(rule!, members, ofPackage);
    const packagesFen = settled.bySource['insurance-surplus']!;
    const byGroupFen = stays.reduce((sum, [, [, , cost]]) => sum + fen(cost), -settled.chargedFen);
    const year = {
      budgetFen: fen(given['budget']),
      inCountyFen: fen(given['otherCare']) + byGroupFen,
      outsideFen: 0n,
      packagesFen,
      reasonableOverrunFen: 0n,
    };
    const result = fund.clearConsortium(year, consortium!);
    return {
      paidByPackage: ofPackage.map(({ caseId }) => caseId),
      price: yuan(settled.budgetFen),
      fromBudget: yuan(packagesFen),
      packageCharged: yuan(settled.chargedFen),
      packageLeft: yuan(settled.balanceFen),
      budgetCharged: yuan(result.chargedFen),
      surplus: yuan(result.surplusFen),
    };
  },
  sharing(example) {
    const shared = fund.shareResult(
      fen(example.given['due']),
      fen(example.given['cost']),
      rulesOf(example).sharing,
    );
    return {
      fundBears: yuan(shared.fundBearsFen),
      hospitalBears: yuan(shared.hospitalBearsFen),
      kept: yuan(shared.keptFen),
      returned: yuan(shared.returnedFen),
    };
  },
  readmission(example) {
    const rules = rulesOf(example);
    const first = stayOfCase(example);
    const afterDays = Object.keys(example.expected['afterDays'] as Table).map((days) => {
      const admittedOn = addDays(first.dischargedOn, Number(days));
      const second = {
        ...first,
        id: 'second',
        admittedOn,
        dischargedOn: addDays(admittedOn, first.stayDays),
      };
      const [priced] = fund.priceStays([first, second], new fund.PriceBook(rules));
      return [days, fund.formatE4(fund.pointsOf(priced!, rules))];
    });
    return { afterDays: Object.fromEntries(afterDays) };
  },
  merit({ given }) {
    const units = Object.entries(given['units'] as Record<string, [string, string]>).map(
      ([unit, [base, score]]) => ({
        unit,
        base: e4(base),
        score: e4(score),
      }),
    );
    const { shares } = must(fund.shareByMerit(fen(given['pool']), units));
    return Object.fromEntries(shares.map(({ unit, shareFen }) => [unit, yuan(shareFen)]));
  },
  posts({ given }) {
    const groups = Object.entries(given['groups'] as Record<string, [number, string]>).map(
      ([group, [heads, weight]]) => ({
        group,
        heads: BigInt(heads),
        weight: e4(weight),
      }),
    );
    const shares = fund.shareByPosts(fen(given['pool']), groups);
    return Object.fromEntries(shares.map(({ group, perHeadFen }) => [group, yuan(perHeadFen)]));
  },
  department({ given }) {
    const cost = { controllableFen: fen(given['controllable']), rate: e4(given['rate']) };
    const pay = fund.departmentPay(e4(given['points']), fen(given['point']), cost, e4(given['quality']));
    return { pay: yuan(pay) };
  },
};
