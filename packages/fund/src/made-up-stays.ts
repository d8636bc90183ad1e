// Made-up stays for tests, the bench and demonstrations: plain defaults, and many at once from a seed. No real persons.
import { STATUS } from '@yimai/grouping';
import { addDays, localDate } from '@yimai/kit';
import { LEVELS, PAYERS } from './rule-set.ts';
import type { StayCase } from './stay-case.ts';

/** An ordinary stay of ten days in March 2026, changed in what a case is about. */
export function stayOf({
  drg = 'ES25',
  ...changes
}: Partial<StayCase> & { readonly drg?: string }): StayCase {
  return {
    id: 'first',
    patient: 'made-up-person',
    org: 'county-hospital',
    level: 'secondary',
    payer: 'resident',
    admittedOn: localDate('2026-03-02'),
    dischargedOn: localDate('2026-03-12'),
    stayDays: 10,
    group: { status: STATUS.grouped, mdc: `MDC${drg[0]}`, adrg: drg.slice(0, 3), drg },
    costFen: 800_000n,
    patientBorneFen: 0n,
    unreasonableFen: 0n,
    bedDays: [],
    review: null,
    ...changes,
  };
}

/** The money side of a stay whose group is known: cost spread around the standard, one in a hundred far out. */
export function madeUpStay(index: number, group: StayCase['group'], averageFen: number): StayCase {
  const spread = (index * 2_654_435_761) % 1000;
  const factor = spread < 10 ? 5 : spread < 40 ? 0.2 : 0.6 + spread / 1100;
  const costFen = BigInt(Math.round(averageFen * factor));
  const admittedOn = addDays(FIRST_DAY, (index * 7) % 330);
  const stayDays = 3 + (spread % 20);
  return {
    id: `stay-${String(index).padStart(8, '0')}`,
    patient: `person-${(index * 31) % 700_001}`,
    org: `hospital-${index % 40}`,
    level: LEVELS[index % 3]!,
    payer: PAYERS[index % 2]!,
    admittedOn,
    dischargedOn: addDays(admittedOn, stayDays),
    stayDays,
    group,
    costFen,
    patientBorneFen: costFen / 4n,
    unreasonableFen: 0n,
    bedDays: [],
    review: null,
  };
}

const FIRST_DAY = localDate('2026-01-01');
