// Plans and slips of pay as the desk and a sheet show them: names for ids, items in words, money as text.
import type { PayResult, PaySlipSheet } from '@yimai/desk/contract';
import { formatE4, type PayPlan, type PayRules, type PaySlip } from '@yimai/fund';
import type { Text } from '@yimai/kit';
import type { DistributionPlan, PayAsk, PayReport, StoredReport } from '@yimai/ledger';
import { houseRef, sumOf, yuan } from './fund-deps.ts';
import { payRulesOf } from './pay-plans.ts';
import type { House } from './stay-shelf.ts';

type Houses = ReadonlyMap<string, House>;

interface Naming {
  readonly houses: Houses;
  readonly names: ReadonlyMap<string, string>;
  readonly rules: PayRules;
}

export function resultOf(
  { kind, org, month }: Pick<PayAsk, 'kind' | 'org' | 'month'>,
  { poolFen, slips, groups, teams, isEqualShare, leftOut }: PayPlan,
  { houses, names, rules }: Naming,
): Omit<PayResult, 'suggestion' | 'frozen' | 'isDraft'> {
  const placeOf = (id: string): string => houses.get(id)?.name ?? id;
  const titleOf = (group: string): Text =>
    rules.posts.find((one) => one.group === group)?.title ?? { zh: group, en: group };
  return {
    kind,
    house: houseRef(houses, org),
    month,
    pool: yuan(poolFen),
    people: slips.map(({ person, department, points, shareFen, lines }) => ({
      person,
      name: names.get(person) ?? person,
      department: placeOf(department),
      points: formatE4(points),
      share: yuan(shareFen),
      records: lines.length,
    })),
    sum: yuan(sumOf(slips, ({ shareFen }) => shareFen)),
    departments: departmentsOf(slips).map(({ department, ...sums }) => ({
      name: placeOf(department),
      ...sums,
    })),
    groups: groups.map((one) => ({
      group: titleOf(one.group),
      heads: one.heads,
      pay: yuan(one.payFen),
      perHead: yuan(one.perHeadFen),
      ratio: formatE4(one.ratio),
      target: formatE4(one.target),
      distance: formatE4(one.distance),
    })),
    teams: teams.map(({ team, stays, caseMixIndex, payFen }) => ({
      team: names.get(team) ?? team,
      stays,
      caseMix: formatE4(caseMixIndex),
      pay: yuan(payFen),
    })),
    isEqualShare,
    leftOut,
  };
}

function departmentsOf(slips: readonly PaySlip[]) {
  const names = [...new Set(slips.map(({ department }) => department))].sort();
  return names.map((department) => {
    const own = slips.filter((one) => one.department === department);
    return {
      department,
      people: own.length,
      points: formatE4(own.reduce((sum, { points }) => sum + points, 0n)),
      pay: yuan(sumOf(own, ({ shareFen }) => shareFen)),
    };
  });
}

const ITEM_WORDS: Readonly<Record<string, Text>> = {
  'team-responsible': { zh: '主诊住院', en: 'Stay as responsible doctor' },
  'team-assisting': { zh: '协同住院', en: 'Stay as assisting doctor' },
  'health-management': { zh: '健康管理', en: 'Health management' },
};

interface SlipInput {
  readonly report: PayReport;
  readonly person: string;
  readonly version: number;
  readonly at: string;
  readonly name: string;
  readonly houses: Houses;
}

export function slipOf(
  { report, person, version, at, name, houses }: SlipInput,
  shown: number,
): PaySlipSheet {
  const { kind, org, month, poolFen, slips, deductions } = report;
  const slip = slips.find((one) => one.person === person)!;
  const rules = payRulesOf(month.slice(0, 4));
  const wordOf = (item: string): Text => {
    const value = rules.ok ? rules.value.values.find((one) => one.item === item) : undefined;
    return value?.title ?? ITEM_WORDS[item] ?? postWord(item, rules.ok ? rules.value : null);
  };
  const lowered = new Map(deductions.map((one) => [one.record, one]));
  const items = [...new Set(slip.lines.map(({ item }) => item))];
  return {
    kind,
    house: houseRef(houses, org),
    month,
    version,
    at,
    name,
    department: houses.get(slip.department)?.name ?? slip.department,
    points: formatE4(slip.points),
    pool: yuan(poolFen),
    poolPoints: formatE4(slips.reduce((sum, { points }) => sum + points, 0n)),
    share: yuan(slip.shareFen),
    items: items.map((item) => {
      const own = slip.lines.filter((one) => one.item === item);
      return {
        item: wordOf(item),
        count: own.length,
        quantity: formatE4(own.reduce((sum, { quantity }) => sum + quantity, 0n)),
        points: formatE4(own.reduce((sum, { points }) => sum + points, 0n)),
      };
    }),
    lines: slip.lines.slice(0, shown).map(({ record, item, on, quantity, points }) => {
      const deduction = lowered.get(record);
      return {
        record,
        item: wordOf(item),
        on,
        quantity: formatE4(quantity),
        points: formatE4(points),
        deducted: deduction ? { points: formatE4(deduction.points), reason: deduction.reason } : null,
      };
    }),
    more: Math.max(0, slip.lines.length - shown),
  };
}

const postWord = (kind: string, rules: PayRules | null): Text =>
  rules?.posts.find(({ kinds }) => kinds.includes(kind))?.title ?? { zh: kind, en: kind };

/** Plain rows of a slip, for a spreadsheet. */
export function slipRows(sheet: PaySlipSheet): string[][] {
  return [
    ['工作记录', '项目', '日期', '数量', '工分', '扣分', '原因'],
    ...sheet.lines.map(({ record, item, on, quantity, points, deducted }) => [
      record,
      item.zh,
      on ?? '',
      quantity,
      points,
      deducted?.points ?? '',
      deducted?.reason ?? '',
    ]),
    ['合计', '', '', '', sheet.points, '', ''],
    ['应发（元）', '', '', '', sheet.share.replaceAll(',', ''), '', ''],
  ];
}

/** A person's part of the year's surplus in the shape of a slip; null for who has none. */
export function surplusSlip(
  { report, period, scope }: StoredReport<DistributionPlan>,
  person: string,
): PayReport | null {
  const share = report.pool.shares.find((one) => one.person === person);
  if (share === undefined) return null;
  const slip: PaySlip = {
    person,
    department: '',
    points: share.points,
    shareFen: share.shareFen,
    lines: share.records.map((record) => ({
      record,
      item: 'health-management',
      on: null,
      quantity: 10_000n,
      points: 0n,
    })),
  };
  const others = report.pool.shares
    .filter((one) => one.person !== person)
    .map(({ points, shareFen }) => ({ person: '', department: '', points, shareFen, lines: [] }));
  return {
    kind: 'surplus' as PayReport['kind'],
    org: scope,
    month: period,
    deductions: [],
    appeal: null,
    poolFen: report.poolFen,
    slips: [slip, ...others],
    groups: [],
    teams: [],
    isEqualShare: false,
    leftOut: [],
  };
}
