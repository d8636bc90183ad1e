// What every engine is given: the loaded declarations by name, the working calendar, and words to refuse with.
import { type Form, formOn } from '@yimai/forms';
import { chinaDate, ok, type Result, refuse } from '@yimai/kit';
import type { Loop, WorkCalendar } from '@yimai/loops';
import type { LoadedProgrammes } from './load.ts';
import type {
  AgreementDeclaration,
  AlertDeclaration,
  DatedListDeclaration,
  DrawDeclaration,
  EntitlementDeclaration,
  MatchDeclaration,
  PoolDeclaration,
  Programme,
  RecurringDeclaration,
  RegisterDeclaration,
  ReportDeclaration,
  StockDeclaration,
  SurveyDeclaration,
  TreeDeclaration,
} from './programme.ts';

export interface RuntimeContext {
  readonly programmes: readonly Programme[];
  readonly calendar: WorkCalendar;
  readonly loops: ReadonlyMap<string, readonly Loop[]>;
  readonly forms: ReadonlyMap<string, readonly Form[]>;
  readonly registers: ReadonlyMap<string, RegisterDeclaration>;
  readonly agreements: ReadonlyMap<string, AgreementDeclaration>;
  readonly trees: ReadonlyMap<string, TreeDeclaration>;
  readonly recurring: ReadonlyMap<string, RecurringDeclaration>;
  readonly surveys: ReadonlyMap<string, SurveyDeclaration>;
  readonly draws: ReadonlyMap<string, DrawDeclaration>;
  readonly lists: ReadonlyMap<string, DatedListDeclaration>;
  readonly entitlements: ReadonlyMap<string, EntitlementDeclaration>;
  readonly stocks: ReadonlyMap<string, StockDeclaration>;
  readonly alerts: ReadonlyMap<string, AlertDeclaration>;
  readonly pools: ReadonlyMap<string, PoolDeclaration>;
  readonly matches: ReadonlyMap<string, MatchDeclaration>;
  readonly reports: ReadonlyMap<string, ReportDeclaration>;
}

export function makeContext(loaded: LoadedProgrammes, calendar: WorkCalendar): RuntimeContext {
  const { programmes } = loaded;
  const byId = <T extends { readonly id: string }>(
    pick: (programme: Programme) => readonly T[],
  ): Map<string, T> => new Map(programmes.flatMap(pick).map((one) => [one.id, one]));
  const versions = <T>(items: readonly T[], idOf: (item: T) => string): Map<string, T[]> => {
    const map = new Map<string, T[]>();
    for (const item of items) map.set(idOf(item), [...(map.get(idOf(item)) ?? []), item]);
    return map;
  };
  return {
    programmes,
    calendar,
    loops: versions(
      programmes.flatMap((one) => one.loops),
      (loop) => loop.declaration.id,
    ),
    forms: versions(
      programmes.flatMap((one) => one.forms),
      (form) => form.id,
    ),
    registers: byId((one) => one.registers),
    agreements: byId((one) => one.agreements),
    trees: byId((one) => one.trees),
    recurring: byId((one) => one.recurring),
    surveys: byId((one) => one.surveys),
    draws: byId((one) => one.draws),
    lists: byId((one) => one.lists),
    entitlements: byId((one) => one.entitlements),
    stocks: byId((one) => one.stocks),
    alerts: byId((one) => one.alerts),
    pools: byId((one) => one.pools),
    matches: byId((one) => one.matches),
    reports: byId((one) => one.reports),
  };
}

export function declared<T>(all: ReadonlyMap<string, T>, id: string, at: string): Result<T> {
  const found = all.get(id);
  return found === undefined
    ? refuse(
        'declaration-unknown',
        { zh: `没有“${id}”这个定义`, en: `nothing is declared under "${id}"` },
        { at },
      )
    : ok(found);
}

/** The newest version of a loop, for new cases. */
export function newestLoop(context: RuntimeContext, id: string): Result<Loop> {
  const versions = [...(context.loops.get(id) ?? [])].sort(
    (a, b) => b.declaration.version - a.declaration.version,
  );
  const newest = versions[0];
  return newest
    ? ok(newest)
    : refuse(
        'declaration-unknown',
        { zh: `没有流程“${id}”`, en: `there is no loop "${id}"` },
        { at: 'payload.loop' },
      );
}

/** The version that a case was opened on; it ends its life by the rules it began with. */
export function loopVersion(context: RuntimeContext, id: string, version: number): Result<Loop> {
  const found = context.loops.get(id)?.find((loop) => loop.declaration.version === version);
  return found
    ? ok(found)
    : refuse('loop-version-unknown', {
        zh: `流程“${id}”第 ${version} 版未装入`,
        en: `version ${version} of loop "${id}" is not loaded`,
      });
}

export function currentForm(context: RuntimeContext, id: string, now: Date): Result<Form> {
  const form = formOn(context.forms.get(id) ?? [], chinaDate(now));
  return form
    ? ok(form)
    : refuse(
        'form-unknown',
        { zh: `没有表单“${id}”`, en: `there is no form "${id}"` },
        { at: 'payload.form' },
      );
}

const BASE = 'https://yimai.example/fhir';
export const SYSTEMS = {
  loop: `${BASE}/CodeSystem/loop`,
  loopState: `${BASE}/CodeSystem/loop-state-`,
  office: `${BASE}/office`,
  number: `${BASE}/case-number`,
  register: `${BASE}/CodeSystem/register`,
  field: `${BASE}/CodeSystem/field`,
  agreement: `${BASE}/CodeSystem/agreement`,
  tree: `${BASE}/CodeSystem/tree`,
  pool: `${BASE}/CodeSystem/pool`,
  draw: `${BASE}/CodeSystem/draw`,
  stock: `${BASE}/CodeSystem/stock-item`,
  alert: `${BASE}/CodeSystem/alert`,
  /** Groups the recurring work done on one object. */
  workObject: `${BASE}/work-object`,
  /** What a resource is to the access policy, where its type alone does not say. */
  dataKind: `${BASE}/CodeSystem/data-kind`,
  extension: `${BASE}/StructureDefinition/`,
} as const;
