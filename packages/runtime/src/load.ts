// Loads the programme folders: reads YAML, checks every declaration, and says what is wrong in which file and where.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileExpression, type Form, type Issue, issue, loadForm } from '@yimai/forms';
import { must } from '@yimai/kit';
import {
  type CalendarYear,
  createCalendar,
  type KnownNames,
  type Loop,
  loadLoop,
  parseSpan,
  type WorkCalendar,
} from '@yimai/loops';
import { parse } from 'yaml';
import { checkReport, type ReportNames } from './load-reports.ts';
import type { Programme, ProgrammeIssue, RuleDeclaration } from './programme.ts';
import { inspectProgrammeShape } from './programme-shape.ts';

export interface LoadedProgrammes {
  readonly programmes: readonly Programme[];
  readonly issues: readonly ProgrammeIssue[];
}

interface Folder {
  readonly path: string;
  readonly name: string;
}

type Raw = Record<string, unknown> & { readonly id: string };

/**
 * Reads every `<root>/<domain>/<id>/programme.yaml`; `forms/*.yaml` and `loops/*.yaml` beside it belong to it. Names in
 * one programme may be used by another, so all are read before any is checked.
 */
export function loadProgrammes(
  root: string,
  options: { readonly roles?: ReadonlySet<string> } = {},
): LoadedProgrammes {
  const folders = programmeFolders(root);
  const issues: ProgrammeIssue[] = [];
  const raw: { folder: Folder; value: Raw; forms: Form[]; loops: unknown[] }[] = [];
  for (const folder of folders) {
    const read = readFolder(folder, issues);
    if (read) raw.push({ folder, ...read });
  }
  const names = collectNames(raw, options.roles);
  const programmes = raw.flatMap(({ folder, value, forms, loops }) => {
    const found = checkProgramme(folder, value, forms, loops, names);
    issues.push(...found.issues);
    return found.programme ? [found.programme] : [];
  });
  return { programmes, issues };
}

function programmeFolders(root: string): Folder[] {
  if (!existsSync(root)) return [];
  const inside = (path: string) =>
    readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort();
  return inside(root)
    .flatMap((domain) =>
      inside(join(root, domain)).map((id) => ({ path: join(root, domain, id), name: `${domain}/${id}` })),
    )
    .filter((folder) => existsSync(join(folder.path, 'programme.yaml')));
}

function readFolder(folder: Folder, issues: ProgrammeIssue[]) {
  const tell = (file: string, found: readonly Issue[]) => {
    issues.push(...found.map((one) => ({ ...one, programme: folder.name, file })));
  };
  const read = (file: string): unknown => {
    try {
      return parse(readFileSync(join(folder.path, file), 'utf8'));
    } catch (error) {
      const reason = (error as Error).message.split('\n')[0] ?? '';
      tell(file, [issue('', 'yaml-invalid', `不是有效的 YAML：${reason}`, `not valid YAML: ${reason}`)]);
      return undefined;
    }
  };
  const beside = (part: string) =>
    existsSync(join(folder.path, part))
      ? readdirSync(join(folder.path, part))
          .filter((file) => file.endsWith('.yaml'))
          .sort()
          .map((file) => join(part, file))
      : [];
  const value = read('programme.yaml');
  const shape = value === undefined ? [] : inspectProgrammeShape(value);
  tell('programme.yaml', shape);
  if (value === undefined || shape.length > 0) return undefined;
  const declared = value as Raw;
  const [, id] = folder.name.split('/');
  if (declared.id !== id)
    tell('programme.yaml', [
      issue('id', 'id-differs', '编号与文件夹不符', 'the id is not the name of the folder'),
    ]);
  const forms: Form[] = [];
  const take = (source: unknown, file: string, at: string) => {
    const loaded = loadForm(source);
    tell(
      file,
      loaded.issues.map((one) => ({ ...one, at: at + one.at })),
    );
    if (loaded.form) forms.push(loaded.form);
  };
  for (const [index, form] of ((declared['forms'] as unknown[]) ?? []).entries())
    take(form, 'programme.yaml', `forms[${index}].`);
  for (const file of beside('forms')) take(read(file), file, '');
  const loops = [...((declared['loops'] as unknown[]) ?? []), ...beside('loops').map(read)];
  return { value: declared, forms, loops };
}

interface Names extends Required<Pick<KnownNames, 'forms' | 'registers' | 'loops' | 'pools' | 'trees'>> {
  readonly roles: ReadonlySet<string> | undefined;
  readonly states: ReadonlyMap<string, ReadonlySet<string>>;
  readonly reports: ReportNames;
}

function collectNames(
  raw: readonly {
    readonly value: Raw;
    readonly forms: readonly Form[];
    readonly loops: readonly unknown[];
  }[],
  roles: ReadonlySet<string> | undefined,
): Names {
  const idOf = (value: unknown) => String((value as { id?: unknown } | null)?.id);
  const loops = raw.flatMap((one) => one.loops);
  const fieldsOf = (part: string) =>
    new Map(
      raw.flatMap((one) =>
        ((one.value[part] as (Raw & { readonly fields: object })[]) ?? []).map(
          ({ id, fields }) => [id, new Set(Object.keys(fields))] as const,
        ),
      ),
    );
  const registers = fieldsOf('registers');
  return {
    forms: new Set(raw.flatMap((one) => one.forms.map((form) => form.id))),
    loops: new Set(loops.map(idOf)),
    registers: new Set(registers.keys()),
    reports: { registers, entitlements: fieldsOf('entitlements') },
    pools: new Set(raw.flatMap((one) => ((one.value['pools'] as Raw[]) ?? []).map((pool) => pool.id))),
    trees: new Set(raw.flatMap((one) => ((one.value['trees'] as Raw[]) ?? []).map((tree) => tree.id))),
    states: new Map(
      loops.map((loop) => [idOf(loop), new Set(Object.keys((loop as { states?: object })?.states ?? {}))]),
    ),
    roles,
  };
}

function checkProgramme(
  folder: Folder,
  value: Raw,
  forms: readonly Form[],
  rawLoops: readonly unknown[],
  names: Names,
) {
  const issues: ProgrammeIssue[] = [];
  const tell = (found: readonly Issue[]) =>
    issues.push(...found.map((one) => ({ ...one, programme: folder.name, file: 'programme.yaml' })));
  const loops: Loop[] = [];
  for (const source of rawLoops) {
    const known = {
      forms: names.forms,
      registers: names.registers,
      loops: names.loops,
      pools: names.pools,
      trees: names.trees,
      ...(names.roles ? { roles: names.roles } : {}),
    };
    const loaded = loadLoop(source, known);
    const id = String((source as { id?: unknown } | null)?.id);
    tell(loaded.issues.map((one) => ({ ...one, at: `loops.${id}.${one.at}` })));
    if (loaded.loop) loops.push(loaded.loop);
  }
  const part = <T>(key: string): readonly T[] => (value[key] as T[] | undefined) ?? [];
  const programme = {
    ...(value as object),
    loops,
    forms,
    registers: part('registers'),
    agreements: part('agreements'),
    trees: part('trees'),
    recurring: part('recurring'),
    surveys: part('surveys'),
    draws: part('draws'),
    lists: part('lists'),
    entitlements: part('entitlements'),
    stocks: part('stocks'),
    alerts: part('alerts'),
    pools: part('pools'),
    matches: part('matches'),
    reports: part('reports'),
    measures: part('measures'),
  } as unknown as Programme;
  tell(checkReferences(programme, names));
  return { programme: issues.length === 0 ? programme : undefined, issues };
}

/** Names that mechanisms use of each other, and their expressions. */
function checkReferences(programme: Programme, names: Names): Issue[] {
  const issues: Issue[] = [];
  const needs = (all: ReadonlySet<string>, name: string, at: string) => {
    if (!all.has(name)) issues.push(issue(at, 'name-unknown', `没有“${name}”`, `there is no "${name}"`));
  };
  const compiles = (text: string, at: string, roots: readonly string[]) => {
    const compiled = compileExpression(text, (path) => path[0] !== undefined && roots.includes(path[0]));
    if (!compiled.ok)
      issues.push(
        issue(at, 'expression-invalid', compiled.refusal.detail?.zh ?? '', compiled.refusal.detail?.en ?? ''),
      );
  };
  const rules = (list: readonly RuleDeclaration[] | undefined, at: string) => {
    for (const [index, rule] of (list ?? []).entries())
      compiles(rule.that, `${at}.rules[${index}].that`, ['data', 'today', 'setting']);
  };
  for (const register of programme.registers) {
    const at = `registers.${register.id}`;
    if (register.key.length === 0)
      issues.push(issue(`${at}.key`, 'key-missing', '台账须有唯一键', 'a register needs a key'));
    for (const name of [...register.key, ...(register.subject ? [register.subject] : [])]) {
      if (!Object.hasOwn(register.fields, name))
        issues.push(issue(`${at}.key`, 'name-unknown', `没有字段“${name}”`, `there is no field "${name}"`));
    }
    if (register.covers) needs(names.registers, register.covers.register, `${at}.covers.register`);
    rules(register.rules, at);
  }
  for (const one of programme.recurring) {
    needs(names.registers, one.objects, `recurring.${one.id}.objects`);
    if (one.form) needs(names.forms, one.form, `recurring.${one.id}.form`);
    if (one.when) compiles(one.when, `recurring.${one.id}.when`, ['data', 'today']);
  }
  for (const one of programme.surveys) {
    const at = `surveys.${one.id}`;
    needs(names.forms, one.form, `${at}.form`);
    compiles(one.satisfied, `${at}.satisfied`, ['answers', 'score']);
    if (one.valid) compiles(one.valid, `${at}.valid`, ['answers', 'score']);
    if (one.low) {
      needs(names.loops, one.low.opens, `${at}.low.opens`);
      compiles(one.low.when, `${at}.low.when`, ['answers', 'score']);
    }
  }
  for (const one of programme.draws) needs(names.registers, one.from, `draws.${one.id}.from`);
  for (const one of programme.alerts) {
    needs(names.loops, one.opens, `alerts.${one.id}.opens`);
    if (one.over) needs(names.registers, one.over.register, `alerts.${one.id}.over.register`);
    compiles(one.when, `alerts.${one.id}.when`, ['reading', 'object']);
  }
  for (const one of programme.entitlements) rules(one.rules, `entitlements.${one.id}`);
  for (const one of programme.pools) rules(one.rules, `pools.${one.id}`);
  for (const one of programme.matches) {
    needs(names.loops, one.orders.loop, `matches.${one.id}.orders.loop`);
    needs(names.states.get(one.orders.loop) ?? new Set(), one.orders.state, `matches.${one.id}.orders.state`);
    needs(names.registers, one.people, `matches.${one.id}.people`);
  }
  for (const one of programme.reports) issues.push(...checkReport(one, names.reports));
  issues.push(...checkAgreements(programme), ...checkLists(programme));
  return issues;
}

function checkAgreements(programme: Programme): Issue[] {
  const issues: Issue[] = [];
  for (const agreement of programme.agreements) {
    const parties = new Set(agreement.parties.map((one) => one.party));
    const used = [
      ...agreement.duties.map((duty) => duty.party),
      ...(agreement.rights ?? []).map((right) => right.holder),
    ];
    for (const party of used) {
      if (!parties.has(party)) {
        issues.push(
          issue(
            `agreements.${agreement.id}`,
            'name-unknown',
            `没有签约方“${party}”`,
            `there is no party "${party}"`,
          ),
        );
      }
    }
    if (!parseSpan(agreement.term.most))
      issues.push(issue(`agreements.${agreement.id}.term`, 'period-invalid', '期限有误', 'wrong period'));
  }
  return issues;
}

/** A dated list says one thing for one key on one day. */
function checkLists(programme: Programme): Issue[] {
  const issues: Issue[] = [];
  for (const list of programme.lists) {
    const rows = [...list.rows].sort((a, b) =>
      a.key === b.key ? (a.from < b.from ? -1 : 1) : a.key < b.key ? -1 : 1,
    );
    for (const [index, row] of rows.entries()) {
      const next = rows[index + 1];
      if (next?.key === row.key && next.from === row.from) {
        issues.push(
          issue(
            `lists.${list.id}`,
            'row-twice',
            `“${row.key}”在 ${row.from} 有两行`,
            `"${row.key}" has two rows from ${row.from}`,
          ),
        );
      }
    }
  }
  return issues;
}

/** The working calendar out of `rules/calendar`: one `cn-<year>.yaml` a year and `hours.yaml`. */
export function loadCalendar(folder: string): WorkCalendar {
  const years = readdirSync(folder)
    .filter((file) => /^cn-\d{4}\.yaml$/.test(file))
    .map((file) => parse(readFileSync(join(folder, file), 'utf8')) as CalendarYear);
  const { hours } = parse(readFileSync(join(folder, 'hours.yaml'), 'utf8')) as { hours: string[] };
  return must(createCalendar(years, hours));
}
