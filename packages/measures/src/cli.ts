// `yimai measures run --period 2025 --scope COUNTY [--measure ID] [--user NAME]` prints the values that the desk shows this
// reader, `yimai measures check` findings of data quality; both as JSON, from the published views.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { must, type Refusal, RefusalError } from '@yimai/kit';
import { loadPolicy } from '@yimai/record';
import { loadViews, openSnapshot, publishedFolder, ROW_KEY, type Snapshot } from '@yimai/views';
import type { Definition } from './definition.ts';
import { MeasureEngine } from './engine.ts';
import { loadMeasures, type MeasureSet } from './load-measures.ts';
import { type Period, parsePeriod } from './period.ts';
import { loadChecks } from './quality/load-checks.ts';
import type { QualityCheck } from './quality/quality-check.ts';
import { qualityFindings } from './quality/quality-findings.ts';
import type { OrgTree } from './scopes.ts';
import { type FigureReader, kindsBehind, maskFor, type TypesOfViews } from './sees-people.ts';
import { type MaskedValue, type MissingSource, rounded } from './values.ts';

/** What a command needs of the process; `process` itself fits. */
export interface CommandIo {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

/** Where this installation keeps its snapshots and rules; options of the command override it. */
export interface MeasurePlaces {
  readonly snapshots?: string;
  readonly rules?: string;
  /** Who a login of the house is; a refusal is thrown. Without it only the administrator can be asked as. */
  readonly readerOf?: (login: string) => Promise<FigureReader>;
}

/** Who reads when nobody is named: the administrator of this machine, who sees the whole county and no person. */
const ADMINISTRATOR: FigureReader = { role: 'administrator', orgs: null };

const USAGE =
  'yimai measures (run [--measure ID] [--user NAME] | check) --period 2025 --scope COUNTY [--data DIR] [--snapshots FOLDER] [--rules FOLDER]';
const OWN_RULES = fileURLToPath(new URL('../../../rules', import.meta.url));

/** `argv` is what follows `yimai measures`. Exit 0: printed; 2: refused, the reason is on stderr. */
export async function runMeasuresCommand(
  argv: readonly string[],
  io: CommandIo,
  places: MeasurePlaces = {},
): Promise<number> {
  if (argv.includes('--help')) {
    io.stdout.write(`${USAGE}\n`);
    return 0;
  }
  try {
    const asked = readArguments(argv, places);
    const period = must(parsePeriod(asked.period));
    const rules = loadRules(asked.rules);
    const reader = await readerFor(asked.user, places);
    const snapshot = await openAt(asked.snapshots);
    if (snapshot === null)
      throw no('views-not-published', 'snapshots', '尚未发布视图', 'no views have been published yet');
    try {
      io.stdout.write(
        `${JSON.stringify(await answerTo(asked.action)(snapshot, rules, period, { ...asked, reader }), null, 2)}\n`,
      );
    } finally {
      snapshot.close();
    }
    return 0;
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    io.stderr.write(`${sentence(error.refusal)}\n`);
    return 2;
  }
}

// The folder of the snapshots themselves, or that of the worker which keeps them in a folder below.
async function openAt(folder: string): Promise<Snapshot | null> {
  return (await openSnapshot(folder)) ?? openSnapshot(publishedFolder(folder));
}

interface Asked {
  readonly action: 'run' | 'check';
  readonly period: string;
  readonly scope: string;
  readonly measure: string | null;
  readonly user: string | null;
  readonly snapshots: string;
  readonly rules: string;
}

type Question = Asked & { readonly reader: FigureReader };
type AnswerTo = (snapshot: Snapshot, rules: Rules, period: Period, asked: Question) => Promise<object>;

const answerTo = (action: Asked['action']): AnswerTo => (action === 'run' ? valuesOf : findingsOf);

/** Findings whose owner lies in the scope, with the ids of their rows; an empty list says that the checks found nothing. */
async function findingsOf(
  snapshot: Snapshot,
  { set, checks }: Rules,
  period: Period,
  asked: Asked,
): Promise<object> {
  const { tree } = await MeasureEngine.open(snapshot, set);
  const inside = new Set(findScopes(tree, asked.scope).flatMap((scope) => tree.below(scope)));
  const findings = await qualityFindings(snapshot, checks, period, tree);
  return {
    period: period.name,
    dataVersion: snapshot.seq,
    checks: checks.map((check) => check.id),
    findings: findings.filter((finding) => inside.has(finding.owner)),
  };
}

async function valuesOf(
  snapshot: Snapshot,
  { set, types }: Rules,
  period: Period,
  asked: Question,
): Promise<object> {
  const policy = loadPolicy();
  const engine = await MeasureEngine.open(snapshot, set);
  const scopes = findScopes(engine.tree, asked.scope);
  const definitions = engine.definitions(period, asked.measure === null ? undefined : [asked.measure]);
  if (definitions.length === 0) {
    throw no(
      'unknown-measure',
      `measure ${asked.measure}`,
      '该期没有此指标',
      'there is no such measure in that period',
    );
  }
  const values = await engine.compute(
    period,
    scopes,
    definitions.map((definition) => definition.id),
  );
  if (asked.measure !== null && values.length === 0) {
    throw no('wrong-level', asked.scope, '此指标不按该层级汇总', 'this measure is not given for that level');
  }
  return {
    period: period.name,
    scope: scopes.length === 1 ? scopes[0] : asked.scope,
    dataVersion: snapshot.seq,
    publishedAt: snapshot.publishedAt,
    reader: asked.reader.role,
    values: await Promise.all(
      values.map(async (value) => {
        const definition = definitions.find((each) => each.id === value.measure)!;
        const { scope } = value;
        const kinds = kindsBehind(policy, set, types, definition.id);
        const isAbout = await engine.isAboutPersons(definition);
        return shown(
          isAbout ? maskFor(policy, asked.reader, value, kinds) : { ...value, masked: false },
          definition,
          value.value === null ? await engine.missing(definition, period, scope) : [],
        );
      }),
    ),
  };
}

function shown(
  { counts: _counts, ...value }: MaskedValue,
  definition: Definition,
  missing: readonly MissingSource[],
): object {
  const isMissing = value.value === null && !value.masked;
  const status = isMissing ? { status: '未采集', missing } : value.masked ? { status: '已隐去' } : {};
  return {
    ...value,
    name: definition.name,
    value: rounded(value.value, definition.digits),
    direction: definition.direction,
    ...status,
  };
}

// An id, a name, `all`, or the word of a level when only one organisation has it (`--scope COUNTY`).
function findScopes(tree: OrgTree, asked: string): readonly string[] {
  const orgs = [...tree.orgs.values()].filter((org) => org.scopeLevel !== null);
  if (asked.toLowerCase() === 'all') return orgs.map((org) => org.id);
  if (tree.orgs.has(asked)) return [asked];
  const named = orgs.filter((org) => org.name === asked);
  const found = named.length > 0 ? named : orgs.filter((org) => org.scopeLevel === asked.toLowerCase());
  if (found.length === 1) return [found[0]!.id];
  if (found.length === 0)
    throw no('unknown-scope', 'scope', `没有机构“${asked}”`, `there is no organisation "${asked}"`);
  const ids = found.map((org) => org.id).slice(0, 20);
  throw no('scope-ambiguous', 'scope', `有多个：${ids.join('、')}`, `several fit: ${ids.join(', ')}`);
}

interface Rules {
  readonly set: MeasureSet;
  readonly types: TypesOfViews;
  readonly checks: readonly QualityCheck[];
}

async function readerFor(login: string | null, { readerOf }: MeasurePlaces): Promise<FigureReader> {
  if (login === null) return ADMINISTRATOR;
  if (readerOf) return readerOf(login);
  throw no('user-unknown', '--user', '此处没有账号', 'there are no accounts here');
}

function loadRules(folder: string): Rules {
  for (const part of ['views', 'measures', 'quality']) {
    if (existsSync(`${folder}/${part}`)) continue;
    throw no('rules-missing', `${folder}/${part}`, '没有此规则文件夹', 'there is no such folder of rules');
  }
  const views = must(loadViews(`${folder}/views`));
  const columns = new Map(
    views.map((view) => [
      view.name,
      new Set([ROW_KEY, ...view.compiled.columns.map((column) => column.name)]),
    ]),
  );
  return {
    set: must(loadMeasures(`${folder}/measures`, columns)),
    types: new Map(views.map((view) => [view.name, view.resources])),
    checks: must(loadChecks(`${folder}/quality`, columns)),
  };
}

function readArguments(argv: readonly string[], places: MeasurePlaces): Asked {
  const [action, ...rest] = argv;
  const option = { type: 'string' } as const;
  try {
    const { values } = parseArgs({
      args: rest,
      options: {
        period: option,
        scope: option,
        measure: option,
        user: option,
        snapshots: option,
        rules: option,
      },
    });
    const isKnown =
      action === 'run' || (action === 'check' && values.measure === undefined && values.user === undefined);
    if (isKnown && values.period && values.scope) {
      return {
        action,
        period: values.period,
        scope: values.scope,
        measure: values.measure ?? null,
        user: values.user ?? null,
        snapshots: values.snapshots ?? places.snapshots ?? '.yimai/views/published',
        rules: values.rules ?? places.rules ?? OWN_RULES,
      };
    }
  } catch {
    // An unknown option: the usage says what there is.
  }
  throw no('wrong-arguments', '参数', `用法：${USAGE}`, `usage: ${USAGE}`);
}

function no(code: string, at: string, zh: string, en: string): RefusalError {
  return new RefusalError({ code, at, rule: 'M19', detail: { zh, en } });
}

function sentence({ code, at, detail }: Refusal): string {
  return `${code}${at ? ` at ${at}` : ''}: ${detail?.en ?? ''} / ${detail?.zh ?? ''}`;
}
