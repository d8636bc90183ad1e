// Reads rules/access/policy.yaml once: roles, rows, settings, as the typed table that every decision is made by.
import { readFileSync } from 'node:fs';
import { assert, type Text } from '@yimai/kit';
import { parse } from 'yaml';
import { LOCKS, type Lock } from '../types.ts';
import { ACCESS_RULES, type KindRules, loadKinds } from './kinds.ts';

export const RELATIONSHIPS = ['consortium', 'unit', 'self', 'assigned', 'patients', 'my-patients'] as const;
export type Relationship = (typeof RELATIONSHIPS)[number];
export const MAY = ['read', 'write', 'clear'] as const;
export type May = (typeof MAY)[number];

export interface Role {
  readonly code: string;
  readonly name: Text;
  /** `tree`: own organisation and all below; `none`: the role has no unit of its own. */
  readonly unit: 'tree' | 'none';
  /** Passes every row of the table: only for who holds the machine and its key anyway. */
  readonly everything?: boolean;
  /** Command families that the role may use. */
  readonly commands: readonly string[];
}

export interface PolicyRow {
  readonly role: string;
  readonly kinds: readonly string[];
  readonly relationship: Relationship;
  readonly may: readonly May[];
  readonly locks: readonly Lock[];
  readonly reason: Text;
}

export const SETTINGS = [
  'episodeGraceDays',
  'lockAfterFailures',
  'lockMinutes',
  'sessionMinutes',
  'scriptTokenDays',
  'clientTokenMinutes',
  'breakGlassMinutes',
  'breakGlassReviewHours',
  'guardianBelowYears',
  'passwordLengthMin',
] as const;

export interface Policy {
  readonly kinds: KindRules;
  readonly roles: ReadonlyMap<string, Role>;
  readonly rows: readonly PolicyRow[];
  readonly settings: Readonly<Record<(typeof SETTINGS)[number], number>>;
  readonly breakGlass: {
    readonly roles: readonly string[];
    readonly kinds: readonly string[];
    readonly review: readonly string[];
  };
  /** Rows of one role, those for everyone included. */
  rowsOf(role: string): readonly PolicyRow[];
}

interface PolicyFile {
  settings: Record<string, { value: number; why: Text }>;
  sets: Record<string, string[]>;
  breakGlass: { roles: string[]; kinds: string[]; review: string[] };
  roles: Role[];
  rows: (Omit<PolicyRow, 'locks'> & { locks?: Lock[] })[];
}

/** A table that names an unknown role, kind, relationship or lock is a fault: the house does not start on it. */
export function loadPolicy(folder: URL = ACCESS_RULES): Policy {
  const file = parse(readFileSync(new URL('policy.yaml', folder), 'utf8')) as PolicyFile;
  const kinds = loadKinds(folder);
  const spread = (names: readonly string[]): string[] => [
    ...new Set(
      names.flatMap((name) => (name.startsWith('@') ? (file.sets[name.slice(1)] ?? [name]) : [name])),
    ),
  ];
  const rows = file.rows.map((row) => ({ ...row, kinds: spread(row.kinds), locks: row.locks ?? [] }));
  const roles = new Map(file.roles.map((role) => [role.code, role]));
  for (const row of rows) checkRow(row, roles, kinds);
  const settings = Object.fromEntries(
    SETTINGS.map((name) => {
      const value = file.settings[name]?.value;
      assert(Number.isInteger(value), `policy setting ${name} is missing`);
      return [name, value];
    }),
  ) as Policy['settings'];
  const byRole = new Map(
    [...roles.keys()].map((role) => [role, rows.filter((row) => row.role === role || row.role === '*')]),
  );
  return {
    kinds,
    roles,
    rows,
    settings,
    breakGlass: { ...file.breakGlass, kinds: spread(file.breakGlass.kinds) },
    rowsOf: (role) => byRole.get(role) ?? [],
  };
}

function checkRow(row: PolicyRow, roles: ReadonlyMap<string, Role>, kinds: KindRules): void {
  const at = `policy row ${row.role}/${row.relationship}`;
  assert(row.role === '*' || roles.has(row.role), `${at}: unknown role`);
  assert(RELATIONSHIPS.includes(row.relationship), `${at}: unknown relationship`);
  for (const kind of row.kinds) assert(kinds.kinds.has(kind), `${at}: unknown kind ${kind}`);
  for (const lock of row.locks) assert(LOCKS.includes(lock), `${at}: unknown lock ${lock}`);
  for (const may of row.may) assert(MAY.includes(may), `${at}: unknown right ${may}`);
  assert(row.may.includes('read'), `${at}: what may be written or shown must be readable`);
  assert(row.reason.zh && row.reason.en, `${at}: a reason is missing`);
}
