// The fund's year: budget and instalments, each month settled, the clearing, the surplus shared, published and paid; pay that
// follows work with an appeal that waits; a change of rules that waits for its second person. By the people's own commands.
import { shippedRuleSets } from '@yimai/fund';
import { addDays, addMonths, chinaInstant, type LocalDate, localDate } from '@yimai/kit';
import { drugCode } from '../price-facts.ts';
import type { Resident } from '../residents.ts';
import { type Script, type Stage, type Story, seat } from './stage.ts';

const RULES = 'consortium-county';
/** Days after a month's end on which it is settled and its pay frozen. */
const SETTLED_AFTER = 9;
const FROZEN_AFTER = 11;
/** Pay is frozen for so many of the last months. */
const PAY_MONTHS = 3;
/** Too few people make no whole departments. */
const ENOUGH = 700;

export interface FundCommands {
  has(type: string): boolean;
}

export function addFundYear(
  stage: Stage,
  script: Script,
  people: readonly Resident[],
  commands: FundCommands,
): void {
  if (!commands.has('settlement.run')) return;
  const years = [stage.begins, stage.until].map((day) => day.slice(0, 4));
  for (const year of new Set(years)) {
    if (!shippedRuleSets().includes(`${RULES}/${year}`)) continue;
    const first = later(localDate(`${year}-01-05`), addDays(stage.begins, 4));
    script.add(chinaInstant(first, '10:10'), fundYear(stage, year, people));
    script.add(chinaInstant(addDays(stage.until, -2), '09:15'), proposal(stage, year));
  }
  script.add(chinaInstant(addDays(stage.begins, 75), '11:00'), procurement(stage));
}

const later = (left: LocalDate, right: LocalDate): LocalDate => (left > right ? left : right);

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
  const months = Array.from({ length: 12 }, (_, index) =>
    addMonths(localDate(`${year}-01-01`), index),
  ).filter(
    (month) =>
      addMonths(month, 1) > stage.begins && addDays(addMonths(month, 1), SETTLED_AFTER) <= stage.until,
  );
  for (const first of months) {
    const month = first.slice(0, 7);
    const next = addMonths(first, 1);
    yield chinaInstant(addDays(next, SETTLED_AFTER), '09:40');
    await stage.send(name, insurer, 'settlement.run', { month });
    const isLate = addMonths(next, PAY_MONTHS) >= stage.until && people.length >= ENOUGH;
    if (!isLate || addDays(next, FROZEN_AFTER) > stage.until) continue;
    yield chinaInstant(addDays(next, FROZEN_AFTER), '15:20');
    await payOf(stage, `${name}-pay`, month, people.length);
  }
  yield* yearEnd(stage, name, year);
}

/** The pool is what the county hospital's finance was given for the month: a sum for each resident. */
async function payOf(stage: Stage, name: string, month: string, people: number): Promise<void> {
  const pool = (yuan: number) => `${Math.round(people * yuan)}.00`;
  const org = 'county-hospital';
  const finance = seat('finance');
  for (const [kind, yuan] of [
    ['rbrvs', 9.37],
    ['teams', 2.11],
    ['posts', 3.03],
  ] as const)
    await stage.send(name, finance, 'pay.freeze', { kind, org, month, pool: pool(yuan) });
  const isLast = addDays(addMonths(localDate(`${month}-01`), 2), FROZEN_AFTER) > stage.until;
  if (isLast)
    await stage.send(name, seat('doctor'), 'pay.appeal', {
      kind: 'rbrvs',
      org,
      month,
      reason: '急诊会诊两次未计入，请核对（合成）',
    });
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

/** The year is over: the houses' scores, the clearing, the surplus by the record's work, its notice, and the payment. */
async function* yearEnd(stage: Stage, name: string, year: string): Story {
  const over = localDate(`${Number(year) + 1}-01-18`);
  if (over > stage.until) return;
  yield chinaInstant(over, '10:00');
  const insurer = seat('insurer');
  const scores = { 'county-hospital': '0.97', 'tcm-hospital': '0.93', 'township-3': '0.88' };
  if (!(await stage.send(name, insurer, 'clearing.run', { year, scores }))) return;
  if (!(await stage.send(name, insurer, 'distribution.run', { year }))) return;
  yield chinaInstant(addDays(over, 1), '10:00');
  await stage.send(name, insurer, 'notice.publish', { year });
  const paid = addDays(over, 12);
  if (paid > stage.until) return;
  yield chinaInstant(paid, '10:00');
  await stage.send(name, seat('finance'), 'distribution.pay', { year });
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
