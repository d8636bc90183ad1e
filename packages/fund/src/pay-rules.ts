// Rules of pay as dated data: relative values, post groups, team roles, suggested pools, the term of an appeal.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type LocalDate, ok, RefusalError, type Result, refuse, type Text } from '@yimai/kit';
import { parse } from 'yaml';
import type { E4 } from './decimal.ts';
import { FieldReader, wrong } from './field-reader.ts';
import type { Row } from './rule-set.ts';
import type { RelativeValue } from './work-points.ts';

export const PAY_KINDS = ['rbrvs', 'posts', 'merit', 'teams', 'surplus'] as const;
/** Work points (工分), post ratio (岗位薪酬比), township merit (考核), attending teams (主诊组), surplus pool (结余激励). */
export type PayKind = (typeof PAY_KINDS)[number];

export interface PayValue extends Row, RelativeValue {
  readonly title: Text;
}

export interface PostGroup extends Row {
  readonly group: string;
  readonly title: Text;
  /** Kinds of post that belong to the group. */
  readonly kinds: readonly string[];
  /** Pay per head against a head of weight 1. */
  readonly weight: E4;
  /** The target of average pay per head, e.g. 5 of 5:4:1. */
  readonly target: E4;
}

export const TEAM_ROLES = ['responsible', 'assisting'] as const;
export type TeamRole = (typeof TEAM_ROLES)[number];

export interface PayRules {
  readonly region: string;
  readonly year: number;
  readonly title: Text;
  readonly effectiveFrom: LocalDate;
  readonly effectiveTo: LocalDate;
  readonly values: readonly PayValue[];
  readonly healthManagement: Row & { readonly items: readonly string[] };
  readonly posts: readonly PostGroup[];
  readonly teamRoles: readonly (Row & { readonly role: TeamRole; readonly share: E4 })[];
  readonly pools: readonly (Row & { readonly kind: PayKind; readonly share: E4 })[];
  readonly appeal: Row & { readonly withinWorkingDays: number; readonly includesEdge: boolean };
}

const CATEGORIES = ['service', 'drug', 'consumable'] as const;

export function readPayRules(written: unknown): Result<PayRules> {
  try {
    const file = new FieldReader(written, '');
    file.oneOf('format', ['yimai-pay/1']);
    const rules: PayRules = {
      region: file.text('region'),
      year: file.integer('year'),
      title: titleOf(file),
      effectiveFrom: file.date('effectiveFrom'),
      effectiveTo: file.date('effectiveTo'),
      values: file.list('values', (row) => ({
        ...row.row(),
        item: row.text('item'),
        title: titleOf(row),
        category: row.oneOf('category', CATEGORIES),
        from: row.date('from'),
        value: row.decimal('value'),
      })),
      healthManagement: file.table('healthManagement', (row) => ({
        ...row.row(),
        items: row.texts('items'),
      })),
      posts: file.list('posts', (row) => ({
        ...row.row(),
        group: row.text('group'),
        title: titleOf(row),
        kinds: row.texts('kinds'),
        weight: row.decimal('weight'),
        target: row.decimal('target'),
      })),
      teamRoles: file.list('teamRoles', (row) => ({
        ...row.row(),
        role: row.oneOf('role', TEAM_ROLES),
        share: row.share('share'),
      })),
      pools: file.list('pools', (row) => ({
        ...row.row(),
        kind: row.oneOf('kind', PAY_KINDS),
        share: row.share('share'),
      })),
      appeal: file.table('appeal', (row) => ({
        ...row.row(),
        withinWorkingDays: row.integer('withinWorkingDays'),
        includesEdge: row.oneOf('edge', ['included', 'excluded']) === 'included',
      })),
    };
    file.end();
    checkWhole(rules);
    return ok(rules);
  } catch (error) {
    if (error instanceof RefusalError) return { ok: false, refusal: error.refusal };
    throw error;
  }
}

const titleOf = (row: FieldReader): Text =>
  row.table('title', (title) => ({ zh: title.text('zh'), en: title.text('en') }));

/** Pay may not follow drugs and consumables; a kind of post has one group; a row id is there once. */
function checkWhole({ values, posts, teamRoles, pools }: PayRules): void {
  values.forEach(({ category, value }, index) => {
    if (category !== 'service' && value !== 0n)
      wrong(`values[${index}].value`, '药品与耗材不得计分', 'drugs and consumables may carry no points');
  });
  const kinds = posts.flatMap((group) => group.kinds);
  const twice = kinds.find((kind, index) => kinds.indexOf(kind) !== index);
  if (twice !== undefined) wrong('posts', `岗位 ${twice} 属于两组`, `post ${twice} is in two groups`);
  const ids = [...values, ...posts, ...teamRoles, ...pools].map(({ id }) => id);
  const again = ids.find((id, index) => ids.indexOf(id) !== index);
  if (again !== undefined) wrong('', `行号 ${again} 重复`, `row id ${again} is there twice`);
}

const FOLDER = fileURLToPath(new URL('../../../rules/pay', import.meta.url));

/** The rules of pay of a region for a year; the newest earlier year stands until there are new ones. */
export function loadPayRules(region: string, year: string, folder: string = FOLDER): Result<PayRules> {
  const place = join(folder, region);
  const years = existsSync(place) ? readdirSync(place).filter((one) => /^20\d\d$/.test(one)) : [];
  const newest = years
    .filter((one) => one <= year)
    .sort()
    .at(-1);
  if (newest !== undefined) return readPayRules(parse(readFileSync(join(place, newest, 'pay.yaml'), 'utf8')));
  const detail = {
    zh: `${region} 在 ${year} 年没有绩效分配办法`,
    en: `${region} has no rules of pay for ${year}`,
  };
  return refuse('pay-rules-unknown', detail, { at: 'year', rule: 'F1' });
}
