// The views as a person sees them who builds a table: what is in them, what each column is called and good for.
import { readFileSync } from 'node:fs';
import type { Text } from '@yimai/kit';
import type { NamedView } from '@yimai/views';
import { parse } from 'yaml';
import { both, fields } from '../read-yaml.ts';

export type ColumnKind = 'text' | 'number' | 'yes-no' | 'date' | 'birth' | 'organisation' | 'person';

export interface FreeColumn {
  readonly name: string;
  readonly title: Text;
  readonly kind: ColumnKind;
}

export interface FreeView {
  readonly name: string;
  readonly title: Text;
  /** Column that names the organisation a row belongs to. */
  readonly org: string;
  /** Rows are about persons: small counts are hidden. */
  readonly aboutPersons: boolean;
  readonly resources: readonly string[];
  readonly columns: readonly FreeColumn[];
}

export interface FreeWords {
  readonly columns: ReadonlyMap<string, Text>;
  readonly codes: ReadonlyMap<string, Text>;
}

/** Figures of figures, and what is kept for measures only. */
const NOT_OFFERED = new Set(['frozen_figure', 'frozen_exact']);
const PERSONS = new Set(['patient', 'respondent', 'practitioner']);
const OWN_ORG: Readonly<Record<string, string>> = { organisation: 'resource_id', site_feature: 'site' };

export function loadFreeWords(path: string): FreeWords {
  const file = fields(parse(readFileSync(path, 'utf8')), 'words', ['columns', 'codes']);
  const textsOf = (part: 'columns' | 'codes'): ReadonlyMap<string, Text> =>
    new Map(
      Object.entries(file[part] as object).map(([name, each]) => [name, both(each, `words.${part}.${name}`)]),
    );
  return { columns: textsOf('columns'), codes: textsOf('codes') };
}

export function freeViews(views: readonly NamedView[], words: FreeWords): readonly FreeView[] {
  return views
    .filter(({ name }) => !NOT_OFFERED.has(name))
    .map((view) => {
      const names = view.compiled.columns.map(({ name }) => name);
      return {
        name: view.name,
        title: titleOf(view.title),
        org: OWN_ORG[view.name] ?? 'org',
        aboutPersons: view.name === 'resident' || names.some((name) => PERSONS.has(name)),
        resources: view.resources,
        columns: view.compiled.columns
          .filter(({ name }) => name !== 'number' && name !== 'name')
          .map(({ name, sqlType }) => ({
            name,
            title: words.columns.get(name) ?? { zh: name, en: name },
            kind: kindOf(name, sqlType),
          })),
      };
    });
}

/** `诊疗与住院 Visits and stays` */
function titleOf(title: string): Text {
  const [zh = title, ...en] = title.split(' ');
  return { zh, en: en.join(' ') || zh };
}

const ORGANISATIONS = new Set([
  'org',
  'requester',
  'subject',
  'home',
  'origin',
  'insurer',
  'site',
  'network',
  'parent',
]);

function kindOf(name: string, sqlType: string): ColumnKind {
  if (PERSONS.has(name)) return 'person';
  if (ORGANISATIONS.has(name)) return 'organisation';
  if (name === 'birth_date') return 'birth';
  if (/_(at|on)$/.test(name)) return 'date';
  if (sqlType === 'double' || sqlType === 'bigint') return 'number';
  return sqlType === 'boolean' ? 'yes-no' : 'text';
}
