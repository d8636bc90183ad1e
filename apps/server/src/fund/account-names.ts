// The chart of accounts in words: what an account is, and whose.
import type { Text } from '@yimai/kit';
import { GROUP_BOOKS } from '@yimai/ledger';
import type { House } from './stay-shelf.ts';

const HEADS: Readonly<Record<string, Text>> = {
  bank: { zh: '银行存款', en: 'Bank' },
  budget: { zh: '总额预算', en: 'Budget' },
  reserve: { zh: '风险金', en: 'Reserve' },
  expense: { zh: '基金支出', en: 'Expense' },
  payable: { zh: '应付', en: 'Payable' },
  prepaid: { zh: '预拨', en: 'Prepaid' },
  deposit: { zh: '质量保证金', en: 'Quality deposit' },
  surplus: { zh: '结余', en: 'Surplus' },
  share: { zh: '分配', en: 'Shares' },
  income: { zh: '收入', en: 'Income' },
  advance: { zh: '预收', en: 'Advance received' },
  'pay-pool': { zh: '绩效总额', en: 'Pool of pay' },
  'pay-due': { zh: '应付绩效', en: 'Pay due' },
};

const ENDS: Readonly<Record<string, Text>> = {
  insurance: { zh: '医保基金', en: 'insurance fund' },
  'public-health': { zh: '公卫资金', en: 'public-health money' },
  'outside-county': { zh: '县外就医', en: 'care outside the county' },
  'global-budget': { zh: '总额付费', en: 'global budget' },
  'surplus-kept': { zh: '结余留用', en: 'surplus kept' },
  'borne-by-group': { zh: '集团自担超支', en: 'overrun borne by the group' },
  'assessment-deduction': { zh: '考核扣减', en: 'deducted by assessment' },
  normal: { zh: '正常病例', en: 'normal cases' },
  'low-outlier': { zh: '低倍率', en: 'low outliers' },
  'high-outlier': { zh: '高倍率', en: 'high outliers' },
  ambiguous: { zh: '歧义病案', en: 'ambiguous groups' },
  ungrouped: { zh: '无法入组', en: 'no group' },
  unstable: { zh: '非稳定病组', en: 'unstable groups' },
  'short-stay': { zh: '短住院', en: 'short stays' },
  'long-stay': { zh: '长住院', en: 'long stays' },
  'bed-day': { zh: '按床日', en: 'bed-day' },
  'special-review': { zh: '特例单议', en: 'special-case review' },
  red: { zh: 'RED 付费', en: 'RED' },
  mes: { zh: 'MES 付费', en: 'MES' },
  overrun: { zh: '超支分担', en: 'overrun shared' },
  'surplus-returned': { zh: '超额结余退回', en: 'surplus returned' },
  'dual-package': { zh: '双打包', en: 'dual package' },
  'dual-package-pool': { zh: '双打包激励池', en: 'pool of the dual package' },
  'package/diabetes': { zh: '糖尿病打包', en: 'diabetes package' },
  package: { zh: '慢病打包', en: 'chronic packages' },
  packages: { zh: '打包付费', en: 'packages' },
  insurer: { zh: '医保经办', en: 'insurer' },
  staff: { zh: '基层人员', en: 'primary-care staff' },
  county: { zh: '县级', en: 'county' },
  township: { zh: '乡级', en: 'township' },
  village: { zh: '村级', en: 'village' },
};

/** `group/payable/county-hospital` in words. */
export function accountName(account: string, houses: ReadonlyMap<string, House>): Text {
  const plain = account.startsWith(GROUP_BOOKS) ? account.slice(GROUP_BOOKS.length) : account;
  const slash = plain.indexOf('/');
  const [head, end] = [plain.slice(0, slash), plain.slice(slash + 1)];
  const house = houses.get(end)?.name ?? end;
  const first = HEADS[head] ?? { zh: head, en: head };
  const last = ENDS[end] ?? { zh: house, en: house };
  return { zh: `${first.zh} · ${last.zh}`, en: `${first.en} · ${last.en}` };
}
