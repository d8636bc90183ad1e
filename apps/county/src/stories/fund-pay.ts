// Pay that follows work: the last months of the county hospital by work points, teams and posts, of a township by merit;
// an appeal that waits, the plan by which townships are paid.
import { addDays, addMonths, chinaInstant, localDate } from '@yimai/kit';
import { allChairs } from '../people.ts';
import { staffUsers } from '../sign-ins.ts';
import { type Script, type Stage, type Story, seat } from './stage.ts';

/** Days after a month's end on which its pay is frozen. */
const FROZEN_AFTER = 11;
/** Pay is frozen for so many of the last months. */
const PAY_MONTHS = 3;
/** Too few people make no whole departments. */
const ENOUGH = 700;
const HOSPITAL = 'county-hospital';
const TOWNSHIP = 'township-1';

export function addPay(stage: Stage, script: Script): void {
  if (stage.knows('merit-pay-plans'))
    script.add(chinaInstant(addDays(stage.begins, 40), '10:20'), meritPlan(stage));
}

// biome-ignore lint/correctness/useYield: one act
async function* meritPlan(stage: Stage): Story {
  const entry = {
    county: '990121',
    state: 'adopted',
    'merit-share': 60,
    document: '绩效工资分配办法（合成）',
  };
  await stage.send('merit-plan', seat('hr'), 'register.put', { register: 'merit-pay-plans', entry });
}

/** The pools are what the house's finance was given for the month: a sum for each resident. */
export async function payOf(stage: Stage, name: string, month: string, people: number): Promise<void> {
  const next = addMonths(localDate(`${month}-01`), 1);
  if (addMonths(next, PAY_MONTHS) < stage.until || people < ENOUGH) return;
  const pool = (yuan: number) => `${Math.round(people * yuan)}.00`;
  const finance = seat('finance');
  for (const [kind, yuan] of [
    ['rbrvs', 9.37],
    ['teams', 2.11],
    ['posts', 3.03],
  ] as const)
    await stage.send(name, finance, 'pay.freeze', { kind, org: HOSPITAL, month, pool: pool(yuan) });
  const merit = { kind: 'merit', org: TOWNSHIP, month, pool: pool(1.94), scores: appraisals(month) };
  await stage.send(name, finance, 'pay.freeze', merit);
  const isLast = addDays(addMonths(next, 1), FROZEN_AFTER) > stage.until;
  if (isLast)
    await stage.send(name, seat('doctor'), 'pay.appeal', {
      kind: 'rbrvs',
      org: HOSPITAL,
      month,
      reason: '急诊会诊两次未计入，请核对（合成）',
    });
}

/** Everybody of the township and its clinics was appraised; no two months alike. */
function appraisals(month: string): Readonly<Record<string, string>> {
  const clinic = `clinic-${TOWNSHIP.split('-')[1]}-`;
  const own = [...staffUsers(), ...allChairs()].filter(
    ({ org }) => org === TOWNSHIP || org.startsWith(clinic),
  );
  const luck = Number(month.slice(5));
  return Object.fromEntries(
    own.map(({ practitioner }, nth) => [
      `Practitioner/${practitioner}`,
      String(78 + ((nth * 7 + luck) % 21)),
    ]),
  );
}
