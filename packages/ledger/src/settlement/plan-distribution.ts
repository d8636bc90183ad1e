// What becomes of a year's surplus: the pool of primary-care staff by their work records, the rest to county, township and
// village. What is left of chronic packages joins it, the pool of a dual package joins that of the staff. All parts sum to the
// fen. Pure.
import {
  type Consortium,
  incentivePool,
  PARTIES,
  type Party,
  type PointLine,
  type PoolResult,
  type Posting,
  shareSurplusPool,
  splitByParty,
  transfer,
} from '@yimai/fund';
import { type Fen, localDate, ok, type Result, refuse } from '@yimai/kit';
import { GROUP_BOOKS } from '../books.ts';
import { DUAL } from './packages-drawn.ts';

export interface WorkLine extends PointLine {
  readonly isPrimaryCare: boolean;
}

/** What is left of a chronic package and shared with the year's surplus. */
export interface PackageSurplus {
  readonly package: string;
  readonly row: string;
  readonly amountFen: Fen;
}

/** What there is to distribute, and who holds it. */
interface Sources {
  readonly surplusFen: Fen;
  readonly packagePoolFen?: Fen;
  readonly packageSurplus?: readonly PackageSurplus[];
  readonly payee: string;
}

export interface DistributionPlan {
  /** Of the year's budget. */
  readonly surplusFen: Fen;
  /** What chronic packages add to it; absent where they add nothing. */
  readonly packageSurplusFen?: Fen;
  /** What the dual package (双打包) adds to the pool of the staff; absent where it adds nothing. */
  readonly packagePoolFen?: Fen;
  /** The pool of the staff in all. */
  readonly poolFen: Fen;
  readonly pool: PoolResult;
  readonly parties: Readonly<Record<Party, Fen>>;
  readonly postings: readonly Posting[];
}

export function planDistribution(
  year: string,
  { surplusFen, packagePoolFen = 0n, packageSurplus = [], payee }: Sources,
  lines: readonly WorkLine[],
  consortium: Consortium,
): Result<DistributionPlan> {
  const packageSurplusFen = packageSurplus.reduce((sum, { amountFen }) => sum + amountFen, 0n);
  const sharedFen = surplusFen + packageSurplusFen;
  if (sharedFen <= 0n && packagePoolFen <= 0n) {
    const detail = { zh: '本年没有结余，不能分配', en: 'the year has no surplus to distribute' };
    return refuse('no-surplus', detail, { at: 'payload.year', rule: 'F8' });
  }
  const ofSurplusFen = incentivePool(sharedFen, consortium);
  const poolFen = ofSurplusFen + packagePoolFen;
  const pool = shareSurplusPool(poolFen, lines);
  if (!pool.ok) return pool;
  const parties = splitByParty(sharedFen - ofSurplusFen, consortium);
  const joined = {
    kind: 'package-pool',
    caseId: null,
    row: consortium.staffPool.id,
    zh: '双打包激励池并入结余激励',
    en: 'pool of the dual package joins the share of the surplus',
  };
  const postings = [
    move(year, DUAL, 'package-pool', `surplus/${payee}`, packagePoolFen, joined),
    ...packageSurplus.map((one) =>
      move(year, one.package, `package-surplus/${one.package}`, `surplus/${payee}`, one.amountFen, {
        kind: 'package-surplus',
        caseId: null,
        row: one.row,
        zh: '慢病打包结余并入年度结余',
        en: 'what is left of the chronic package joins the surplus',
      }),
    ),
    ...pool.value.shares.map((share) =>
      move(year, payee, `staff/${share.person}`, 'share/staff', share.shareFen, {
        kind: 'staff-share',
        caseId: share.person,
        row: consortium.staffPool.id,
        zh: '结余激励：按工作记录分配到人',
        en: 'share of the surplus by work records',
      }),
    ),
    ...PARTIES.map((party) =>
      move(year, payee, `party/${party}`, `share/${party}`, parties[party], {
        kind: 'party-share',
        caseId: null,
        row: consortium.distribution.id,
        zh: `结余分配：${PARTY_WORDS[party].zh}`,
        en: `share of the surplus: ${PARTY_WORDS[party].en}`,
      }),
    ),
  ].filter((made) => made !== null);
  const joins = {
    ...(packagePoolFen > 0n ? { packagePoolFen } : {}),
    ...(packageSurplusFen > 0n ? { packageSurplusFen } : {}),
  };
  return ok({ surplusFen, ...joins, poolFen, pool: pool.value, parties, postings });
}

const PARTY_WORDS: Readonly<Record<Party, { zh: string; en: string }>> = {
  county: { zh: '县级', en: 'county' },
  township: { zh: '乡级', en: 'township' },
  village: { zh: '村级', en: 'village' },
};

function move(
  year: string,
  from: string,
  key: string,
  creditAccount: string,
  amountFen: Fen,
  words: { kind: string; caseId: string | null; row: string; zh: string; en: string },
): Posting | null {
  const { kind, caseId, row, zh, en } = words;
  return transfer(
    {
      key: `${year}/1/${key}`,
      kind,
      source: 'insurance',
      purpose: 'surplus',
      period: year,
      on: localDate(`${year}-12-31`),
      caseId,
      row,
      text: { zh, en },
    },
    `${GROUP_BOOKS}surplus/${from}`,
    `${GROUP_BOOKS}${creditAccount}`,
    amountFen,
  );
}
