// Looks at the rows of a view with one check: which organisation must correct which rows, and why.
import { assertNever, chinaDate, type Text } from '@yimai/kit';
import type { Finding, QualityCheck, Row, Rule } from './quality-check.ts';

export interface OrgParents {
  /** The organisation directly above, or null. */
  parentOf(org: string): string | null;
}

/** The findings of one check, one for each organisation that must correct something, in order of organisation. */
export function checkRows(check: QualityCheck, rows: readonly Row[], tree: OrgParents): Finding[] {
  const own = rows.filter((row) => fits(check, row));
  const bad = check.rule.kind === 'adds-up' ? notAdding(check, check.rule, own, tree) : badRows(check, own);
  const findings = [...bad].map(([owner, found]) => ({
    check: check.id,
    owner,
    rows: [...new Set(found.map((row) => row.resource_id))].sort(),
    detail: wordsOf(check.rule, found.length),
  }));
  return findings.sort((a, b) => (a.owner < b.owner ? -1 : 1));
}

/** The payload of `loop.open` that asks the owner to correct the rows of a finding. */
export function correctionOf(finding: Finding, period: string): unknown {
  return {
    loop: 'data-quality-correction',
    answers: {
      check: finding.check,
      owner: `Organization/${finding.owner}`,
      period,
      rows: [...finding.rows],
      found: finding.detail.zh,
    },
  };
}

const fits = ({ where }: QualityCheck, row: Row): boolean =>
  Object.entries(where).every(([column, values]) => values.includes(row[column] ?? null));

function badRows(check: QualityCheck, rows: readonly Row[]): Map<string, Row[]> {
  const byOwner = new Map<string, Row[]>();
  for (const row of rows) {
    const owner = row[check.owner];
    if (typeof owner === 'string') push(byOwner, owner, row);
  }
  const bad = new Map<string, Row[]>();
  for (const [owner, own] of byOwner) {
    const found = badAmong(check.rule, own);
    if (found.length > 0) bad.set(owner, found);
  }
  return bad;
}

function badAmong(rule: Rule, rows: readonly Row[]): Row[] {
  switch (rule.kind) {
    case 'adds-up':
      return [];
    case 'missing':
      return rows.filter((row) => isMissing(row, rule.column));
    case 'impossible':
      return rows.filter((row) => {
        const value = row[rule.column];
        if (typeof value !== 'number') return false;
        return value < (rule.atLeast ?? value) || value > (rule.atMost ?? value);
      });
    case 'out-of-order':
      return rows.filter((row) => {
        const [earlier, later] = rule.columns.map((column) => momentOf(row, column));
        return earlier !== null && later !== null && isAfter(earlier!, later!);
      });
    case 'duplicated':
      return duplicated(rule.columns, rows);
    case 'late':
      return rows.filter((row) => {
        const [from, to] = [momentOf(row, rule.from), momentOf(row, rule.to)];
        return from !== null && to !== null && dayOf(to) - dayOf(from) > rule.days;
      });
    case 'bunched':
      return bunched(rule, rows);
    default:
      return assertNever(rule);
  }
}

const isMissing = (row: Row, column: string): boolean => row[column] === null || row[column] === '';

// A row without a value agrees with no other: two nameless rows are missing, not duplicated.
function duplicated(columns: readonly string[], rows: readonly Row[]): Row[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    if (columns.some((column) => isMissing(row, column))) continue;
    push(groups, JSON.stringify(columns.map((column) => row[column])), row);
  }
  return [...groups.values()].filter((group) => new Set(group.map((row) => row.resource_id)).size > 1).flat();
}

function bunched(rule: Extract<Rule, { kind: 'bunched' }>, rows: readonly Row[]): Row[] {
  const { column, threshold, width, good, least, share } = rule;
  const near = rows.filter((row) => {
    const value = row[column];
    return typeof value === 'number' && value >= threshold - width && value < threshold + width;
  });
  const isGood = (row: Row): boolean => Number(row[column]) >= threshold === (good === 'at-or-above');
  const crowd = near.filter(isGood);
  return near.length >= least && crowd.length * 100 >= near.length * share ? crowd : [];
}

// The latest report of an organisation for a time counts; an organisation without parts below that report is not asked.
function notAdding(
  check: QualityCheck,
  rule: Extract<Rule, { kind: 'adds-up' }>,
  rows: readonly Row[],
  tree: OrgParents,
): Map<string, Row[]> {
  const latest = new Map<string, Row>();
  for (const row of rows) {
    if (row[rule.line] !== rule.of || typeof row[rule.value] !== 'number') continue;
    const key = keyOf(String(row[check.owner]), row, rule.period);
    const before = latest.get(key);
    if (!before || String(before['reported_at']) < String(row['reported_at'])) latest.set(key, row);
  }
  const parts = new Map<string, Row[]>();
  for (const row of latest.values()) {
    const parent = tree.parentOf(String(row[check.owner]));
    if (parent !== null) push(parts, keyOf(parent, row, rule.period), row);
  }
  const bad = new Map<string, Row[]>();
  for (const [key, whole] of latest) {
    const below = parts.get(key);
    if (!below) continue;
    const sum = below.reduce((total, row) => total + Number(row[rule.value]), 0);
    if (Math.abs(sum - Number(whole[rule.value])) < 1e-9) continue;
    for (const row of [whole, ...below]) push(bad, String(whole[check.owner]), row);
  }
  return bad;
}

const keyOf = (org: string, row: Row, period: readonly string[]): string =>
  JSON.stringify([org, ...period.map((column) => row[column])]);

function momentOf(row: Row, column: string): string | null {
  const value = row[column];
  return typeof value === 'string' && value !== '' ? value : null;
}

const hasTime = (moment: string): boolean => moment.includes('T');
const instantOf = (moment: string): number =>
  Date.parse(/(Z|[+-]\d\d:\d\d)$/.test(moment) ? moment : `${moment}+08:00`);

// A day without its time is neither before nor after a moment of that day.
const isAfter = (one: string, other: string): boolean =>
  hasTime(one) && hasTime(other) ? instantOf(one) > instantOf(other) : dayOf(one) > dayOf(other);

/** Days since 1970 of the local date; a year or month stands for its first day. */
function dayOf(moment: string): number {
  const date = hasTime(moment) ? chinaDate(new Date(instantOf(moment))) : moment;
  return Math.floor(Date.parse(`${date.padEnd(10, '-01')}T00:00:00Z`) / 86_400_000);
}

function push<K>(groups: Map<K, Row[]>, key: K, row: Row): void {
  const group = groups.get(key);
  if (group) group.push(row);
  else groups.set(key, [row]);
}

function wordsOf(rule: Rule, count: number): Text {
  switch (rule.kind) {
    case 'missing':
      return { zh: `${count} 行缺“${rule.column}”`, en: `${count} rows without ${rule.column}` };
    case 'impossible':
      return {
        zh: `${count} 行“${rule.column}”不可能`,
        en: `${count} rows with an impossible ${rule.column}`,
      };
    case 'out-of-order':
      return { zh: `${count} 行先后颠倒`, en: `${count} rows end before they begin` };
    case 'duplicated':
      return { zh: `${count} 行重复`, en: `${count} rows repeat each other` };
    case 'late':
      return {
        zh: `${count} 行迟报（超过 ${rule.days} 天）`,
        en: `${count} rows later than ${rule.days} days`,
      };
    case 'bunched':
      return {
        zh: `${count} 个值聚集在 ${rule.threshold} 一侧`,
        en: `${count} values crowd at ${rule.threshold}`,
      };
    case 'adds-up':
      return { zh: '上级数与下级合计不符', en: 'the whole is not the sum of its parts' };
    default:
      return assertNever(rule);
  }
}
