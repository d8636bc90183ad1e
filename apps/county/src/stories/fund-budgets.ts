// The houses' own budgets (全面预算): drafted and submitted by finance, approved by the consortium, spent as the year goes, one
// adjustment granted and one that waits, next year's first draft submitted.
import { addDays, addMonths, chinaInstant, type LocalDate, localDate } from '@yimai/kit';
import type { FundOf } from './fund-year.ts';
import { type Script, type Stage, type Story, seat } from './stage.ts';

type Line = readonly [id: string, title: string, yuanAHead: number, internal?: true];

interface Plan {
  readonly house: string;
  readonly department: string;
  readonly title: string;
  readonly lines: readonly Line[];
  /** What is spent of the share of the time. */
  readonly pace: number;
}

const PLANS: readonly Plan[] = [
  {
    house: 'county-hospital',
    department: 'internal',
    title: '内科',
    pace: 0.98,
    lines: [
      ['drugs', '药品', 21],
      ['consumables', '卫生材料', 9],
      ['training', '进修培训', 1.2],
    ],
  },
  {
    house: 'county-hospital',
    department: 'surgery',
    title: '外科',
    pace: 1.13,
    lines: [
      ['consumables', '卫生材料', 24],
      ['drugs', '药品', 11],
      ['maintenance', '设备维保', 3.5],
    ],
  },
  {
    house: 'county-hospital',
    department: 'imaging',
    title: '医学影像科',
    pace: 0.86,
    lines: [
      ['maintenance', '设备维保', 8],
      ['films', '胶片与耗材', 4],
      ['reading', '为乡镇远程阅片（成员间）', 2, true],
    ],
  },
  {
    house: 'tcm-hospital',
    department: 'general',
    title: '中医医院',
    pace: 0.94,
    lines: [
      ['herbs', '中药饮片', 12],
      ['consumables', '卫生材料', 5],
    ],
  },
  {
    house: 'township-1',
    department: 'general',
    title: '溪口镇卫生院',
    pace: 1.02,
    lines: [
      ['drugs', '基本药物', 4],
      ['reading', '上送阅片服务费（成员间）', 0.8, true],
    ],
  },
];

/** Months between two vouchers of a line: few are enough to see a budget live. */
const EVERY = 2;

export function addBudgets(stage: Stage, script: Script, { people, commands }: FundOf): void {
  if (!commands.has('operating-budget.draft')) return;
  const year = stage.until.slice(0, 4);
  const [, first] = [localDate(`${year}-01-06`), addDays(stage.begins, 6)].sort() as [LocalDate, LocalDate];
  if (first > stage.until) return;
  script.add(chinaInstant(first, '09:10'), running(stage, year, people.length));
}

/** Finance keeps the county's houses, the director of a township the own. */
const keeperOf = ({ house }: Plan) => seat(house === 'township-1' ? 'township' : 'finance');

async function* running(stage: Stage, year: string, people: number): Story {
  const day = stage.today();
  for (const plan of PLANS) await draft(stage, year, plan, people);
  yield chinaInstant(addDays(day, 2), '16:30');
  for (const plan of PLANS) {
    const payload = { ...keyOf(year, plan), note: '同意，按月执行（合成）' };
    await stage.send(nameOf(year, plan), seat('office'), 'operating-budget.approve', payload);
  }
  let spent = localDate(`${year}-02-27`);
  for (; spent < stage.until && spent.startsWith(year); spent = addMonths(spent, EVERY)) {
    if (spent <= day) continue;
    yield chinaInstant(spent, '17:00');
    const month = spent.slice(0, 7);
    for (const plan of PLANS) await spend(stage, year, plan, { on: spent, month, people });
    if (month.endsWith('-06')) await adjust(stage, year, people, 'granted');
  }
  const last = addDays(stage.until, -5);
  if (last <= day || !last.startsWith(year)) return;
  yield chinaInstant(last, '10:05');
  await adjust(stage, year, people, 'waits');
  await draft(stage, `${Number(year) + 1}`, PLANS[0]!, people);
}

const keyOf = (year: string, { house, department }: Plan) => ({ year, house, department });
const nameOf = (year: string, { house, department }: Plan): string => `budget-${year}-${house}-${department}`;
const yuan = (amount: number): string => `${Math.max(1, Math.round(amount))}.00`;

async function draft(stage: Stage, year: string, plan: Plan, people: number): Promise<void> {
  const keeper = keeperOf(plan);
  const lines = plan.lines.map(([id, title, aHead, internal]) => ({
    id,
    title,
    planned: yuan(aHead * people),
    ...(internal ? { internal } : {}),
  }));
  const name = nameOf(year, plan);
  const drafted = { ...keyOf(year, plan), title: plan.title, lines };
  await stage.send(name, keeper, 'operating-budget.draft', drafted);
  await stage.send(name, keeper, 'operating-budget.submit', keyOf(year, plan));
}

interface Spent {
  readonly on: LocalDate;
  readonly month: string;
  readonly people: number;
}

async function spend(stage: Stage, year: string, plan: Plan, { on, month, people }: Spent): Promise<void> {
  const luck = Number(month.slice(5));
  for (const [nth, [line, title, aHead]] of plan.lines.entries()) {
    const share = plan.pace * (0.9 + (((luck * 7 + nth * 5) % 9) / 9) * 0.2);
    // What no line has left is refused, as it should be: then the department asks for more.
    await stage.send(
      nameOf(year, plan),
      keeperOf(plan),
      'operating-budget.spend',
      {
        ...keyOf(year, plan),
        line,
        record: `${month}-${plan.house}-${plan.department}-${line}`,
        amount: yuan((EVERY * aHead * people * share) / 12),
        on,
        text: `${month} ${title}（合成）`,
      },
      'may-refuse',
    );
  }
}

async function adjust(stage: Stage, year: string, people: number, end: 'granted' | 'waits'): Promise<void> {
  const [, surgery] = PLANS;
  const name = `budget-adjust-${year}-${end}`;
  const more = yuan(people * (end === 'granted' ? 1.1 : 0.6));
  const changes = [
    { line: 'maintenance', amount: `-${more}` },
    { line: 'consumables', amount: more },
  ];
  const reason = '骨科手术增加，卫生材料不足，自设备维保调剂（合成）';
  const payload = { ...keyOf(year, surgery!), changes, reason };
  const asked = await stage.send(name, seat('finance'), 'operating-budget.adjust', payload, 'may-refuse');
  if (!asked || end === 'waits') return;
  await stage.send(name, seat('president'), 'operating-budget.decide', {
    ...keyOf(year, surgery!),
    number: asked['number'],
    granted: true,
    answer: '同意（合成）',
  });
}
