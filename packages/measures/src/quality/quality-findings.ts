// Runs all checks on a snapshot of the views: reads the rows of the period, check by check, and gives what was found.
import type { OpenViews } from '../engine.ts';
import type { Period } from '../period.ts';
import type { OrgTree } from '../scopes.ts';
import { checkRows } from './check-rows.ts';
import type { Cell, Finding, QualityCheck, Row, Rule } from './quality-check.ts';

export async function qualityFindings(
  views: OpenViews,
  checks: readonly QualityCheck[],
  period: Period,
  tree: OrgTree,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const parents = { parentOf: (org: string) => tree.orgs.get(org)?.parent ?? null };
  for (const check of checks) {
    findings.push(...checkRows(check, await rowsFor(views, check, period), parents));
  }
  return findings;
}

async function rowsFor(views: OpenViews, check: QualityCheck, period: Period): Promise<Row[]> {
  const columns = [...new Set(['resource_id', ...columnsOf(check)])];
  const reader = await views.connection.runAndReadAll(
    `select ${columns.map((column) => `v."${column}"`).join(', ')} from "${check.view}" v
      where v."${check.on}" >= $1::varchar and v."${check.on}" < $2::varchar`,
    [period.from, period.until],
  );
  return reader.getRowObjectsJS().map((row) => {
    const cells = Object.entries(row).map(([name, cell]) => [name, toCell(cell)]);
    return Object.fromEntries(cells) as Row;
  });
}

function toCell(value: unknown): Cell {
  if (typeof value === 'bigint') return Number(value);
  const isCell = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return isCell ? value : null;
}

function columnsOf(check: QualityCheck): string[] {
  return [check.owner, check.on, ...Object.keys(check.where), ...columnsOfRule(check.rule)];
}

function columnsOfRule(rule: Rule): readonly string[] {
  switch (rule.kind) {
    case 'missing':
    case 'impossible':
    case 'bunched':
      return [rule.column];
    case 'out-of-order':
    case 'duplicated':
      return rule.columns;
    case 'late':
      return [rule.from, rule.to];
    default:
      return [rule.line, rule.value, ...rule.period, 'reported_at'];
  }
}
