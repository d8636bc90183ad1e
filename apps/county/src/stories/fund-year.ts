// The fund's years: one that has closed, cleared, published, objected to and paid; one that runs, settled month by month with
// its reviews, results and packages; a change of rules and a batch of prices that wait. By the people's own commands.
import { addDays, addMonths, chinaInstant, type LocalDate, localDate } from '@yimai/kit';
import { fundYears, RULES } from '../fund-years.ts';
import { drugCode } from '../price-facts.ts';
import type { Resident } from '../residents.ts';
import { addBudgets } from './fund-budgets.ts';
import { addPay, payOf } from './fund-pay.ts';
import { addResults, enterCosts, enterPackage, PACKAGE } from './fund-results.ts';
import { addReviews, type Discharges } from './fund-reviews.ts';
import { type Script, type Stage, type Story, seat } from './stage.ts';

/** Days after a month's end on which it is settled and its pay frozen. */
const SETTLED_AFTER = 9;
const FROZEN_AFTER = 11;
/** Months of a paid year that are locked, from January. */
const LOCKED_TO = 9;
/** The system is in use before the insurer brings the year's lists and settles what is over. */
const TAKEN_OVER = 4;

export interface FundOf {
  readonly people: readonly Resident[];
  readonly discharges: Discharges;
  readonly commands: { has(type: string): boolean };
}

export function addFundYear(stage: Stage, script: Script, fund: FundOf): void {
  const { people, discharges, commands } = fund;
  if (!commands.has('settlement.run')) return;
  const years = fundYears(stage.until);
  for (const year of years)
    script.add(chinaInstant(playable(stage, `${year}-01-05`), '10:10'), fundYear(stage, year, people));
  for (const year of years)
    script.add(chinaInstant(addDays(stage.until, -2), '09:15'), proposal(stage, year));
  if (years.length === 0) return;
  addReviews(stage, script, discharges);
  addResults(stage, script, people);
  addPay(stage, script);
  addBudgets(stage, script, fund);
  script.add(chinaInstant(addDays(stage.begins, 8), '14:10'), chronicPackage(stage, people));
  script.add(chinaInstant(addDays(stage.begins, 75), '11:00'), procurement(stage));
  script.add(chinaInstant(addDays(stage.until, -6), '10:30'), priceBatch(stage));
}

/** What lies before the play is done when the insurer takes the system over. */
function playable(stage: Stage, day: string): LocalDate {
  const first = addDays(stage.begins, TAKEN_OVER);
  return day > first ? localDate(day) : first;
}

async function* fundYear(stage: Stage, year: string, people: readonly Resident[]): Story {
  const name = `fund-${year}`;
  const insurer = seat('insurer');
  const heads = (payer: string) => people.filter((one) => one.payer === payer).length;
  const adopted = await stage.send(name, insurer, 'budget.adopt', {
    year,
    ruleSet: `${RULES}/${year}`,
    insured: ['resident', 'employee'].map((payer) => ({ payer, memberMonths: 12 * heads(payer) })),
  });
  if (!adopted) return;
  for (let first = localDate(`${year}-01-01`); first.startsWith(year); first = addMonths(first, 1)) {
    const next = addMonths(first, 1);
    const settled = playable(stage, addDays(next, SETTLED_AFTER));
    if (settled > stage.until) return;
    yield chinaInstant(settled, '10:40');
    await stage.send(name, insurer, 'settlement.run', { month: first.slice(0, 7) });
    const frozen = addDays(next, FROZEN_AFTER);
    if (next <= stage.begins || frozen > stage.until) continue;
    yield chinaInstant(frozen, '15:20');
    await payOf(stage, `${name}-pay`, first.slice(0, 7), people.length);
  }
  yield* yearEnd(stage, name, year);
}

/** The year is over: packages, the houses' scores, the clearing, the surplus by the record's work, its notice, its payment. */
async function* yearEnd(stage: Stage, name: string, year: string): Story {
  const over = playable(stage, `${Number(year) + 1}-01-18`);
  if (over > stage.until) return;
  const insurer = seat('insurer');
  yield chinaInstant(over, '10:50');
  // A year whose members came too late has no package to settle, one that was overrun no surplus to share.
  await stage.send(name, insurer, 'package.settle', { year, package: PACKAGE }, 'may-refuse');
  const scores = { 'county-hospital': '0.97', 'tcm-hospital': '0.93', 'township-3': '0.88' };
  if (!(await stage.send(name, insurer, 'clearing.run', { year, scores }))) return;
  const shared = await stage.send(name, insurer, 'distribution.run', { year }, 'may-refuse');
  if (!shared) return;
  if (addDays(over, 1) > stage.until) return;
  yield chinaInstant(addDays(over, 1), '10:00');
  await stage.send(name, insurer, 'notice.publish', { year });
  yield* objection(stage, `${name}-objection`, String(shared['run']), addDays(over, 3));
  const paid = addDays(over, 12);
  if (paid > stage.until) return;
  yield chinaInstant(paid, '10:00');
  await stage.send(name, seat('finance'), 'distribution.pay', { year });
  // The last quarter stays open: its pay can still be appealed against.
  for (let month = 1; month <= LOCKED_TO; month += 1)
    await stage.send(name, insurer, 'period.lock', { period: `${year}-0${month}` });
}

/** A township asks why; the insurer looks into the records and answers before anything is paid. */
async function* objection(stage: Stage, name: string, run: string, on: LocalDate): Story {
  if (on > stage.until || !stage.knows('settlement-objection')) return;
  yield chinaInstant(on, '14:30');
  const answers = { run, what: '本院十二月随访少计两次，请核对工作记录（合成）' };
  const filed = await stage.send(name, seat('township'), 'loop.open', {
    loop: 'settlement-objection',
    answers,
  });
  const answered = addDays(on, 3);
  if (!filed || answered > stage.until) return;
  yield chinaInstant(answered, '16:00');
  await stage.send(name, seat('insurer'), 'loop.act', {
    case: String(filed['case']),
    event: 'reject',
    answers: { finding: '两次随访记在一月，已计入下一年度（合成）' },
  });
}

async function* chronicPackage(stage: Stage, people: readonly Resident[]): Story {
  await enterPackage(stage, 'chronic-package', people);
  yield chinaInstant(addDays(stage.begins, 190), '14:10');
  await enterCosts(stage, 'chronic-package-costs', people, 1);
}

// biome-ignore lint/correctness/useYield: the last act of a story
async function* proposal(stage: Stage, year: string): Story {
  const next = addMonths(localDate(`${stage.until.slice(0, 7)}-01`), 1);
  if (next.slice(0, 4) !== year) return;
  await stage.send(`fund-${year}-rules`, seat('insurer'), 'rules.propose', {
    name: `${RULES}/${year}`,
    from: next.slice(0, 7),
    reason: '基层病种费率谈判结果（合成）',
    changes: [{ row: 'rate/resident/primary', field: 'rate', value: '6350' }],
  });
}

const PRICES: readonly (readonly [item: string, title: string, kind: string, old: string, fresh: string])[] =
  [
    ['P98101', '磁共振平扫（虚构）', 'large-equipment', '480.00', '410.00'],
    ['P98102', '生化全套（虚构）', 'laboratory', '126.00', '98.00'],
    ['P98103', '一级护理（虚构）', 'nursing', '24.00', '30.00'],
    ['P98104', '针刺治疗（虚构）', 'tcm', '36.00', '42.00'],
  ];

/** Released days ago, in force next month: the list shows both prices. */
async function* priceBatch(stage: Stage): Story {
  await stage.send('price-batch', seat('insurer'), 'prices.release', {
    batch: `${stage.until.slice(0, 4)}-28`,
    effectiveOn: addDays(stage.until, 20),
    insuranceFrom: addDays(stage.until, 20),
    changes: PRICES.map(([item, title, kind, old, fresh]) => ({
      item,
      title,
      class: kind,
      old,
      new: fresh,
    })),
  });
}

const BUYERS = ['county-hospital', 'tcm-hospital', 'township-1', 'township-2'];

/** Agreed and used volumes of some selected drugs; one house is behind. */
async function* procurement(stage: Stage): Story {
  if (!stage.knows('procurement-volumes')) return;
  for (let index = 0; index < 6; index += 1) {
    yield chinaInstant(addDays(stage.begins, 75 + index), '11:00');
    for (const [nth, org] of BUYERS.entries()) {
      const agreed = 1200 + index * 310 - nth * 140;
      const share = org === 'township-2' ? 0.41 : 0.9 + nth * 0.03;
      await stage.send(`procurement-${index}`, seat('insurer'), 'register.put', {
        register: 'procurement-volumes',
        entry: {
          item: drugCode(index),
          institution: `Organization/${org}`,
          agreed,
          used: Math.round(agreed * share),
        },
      });
    }
  }
}
