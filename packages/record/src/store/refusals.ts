// What may not be written, whoever asks: the refusals of the store, each with its rule.
import { holdsNationalId } from '@yimai/fhir';
import { RefusalError } from '@yimai/kit';
import type { Resource } from '../types.ts';
import type { Via } from './deps.ts';
import { commandWords } from './engine-commands.ts';

/** Marks resources that an engine owns; only our own commands may set it. */
export const ENGINE_TAG_SYSTEM = 'https://yimai.example/fhir/engine';

/** FHIR types that only ever come from the product itself. */
const PRODUCED_TYPES: ReadonlyMap<string, string> = new Map([['AuditEvent', 'audit']]);

export function refuseEngineOwned(via: Via, type: string, engine: string | null): void {
  if (via === 'command') return;
  const owner = engine ?? PRODUCED_TYPES.get(type);
  if (!owner) return;
  const { zh, en } = commandWords(owner);
  throw no('engine-owned', type, `此 ${type} ${zh}`, `this ${type} ${en}`, 'R12');
}

export function refuseEngineTag(via: Via, resource: Resource): void {
  const tag = resource.meta?.tag?.find((coding) => coding.system === ENGINE_TAG_SYSTEM);
  if (tag) refuseEngineOwned(via, resource.resourceType, tag.code ?? 'unknown');
}

/**
 * Ids and the state of loops and registers lie in clear, so a national ID number has no place there: the resident is
 * referred to instead. The answers of a form are closed one by one.
 */
export function refuseNationalId(type: string, id: string, engine: string | null, content: string): void {
  const inState = (engine === 'loop' || engine === 'register') && holdsNationalId(content);
  if (!inState && !holdsNationalId(id)) return;
  throw no(
    'national-id-in-clear',
    inState ? type : `${type}.id`,
    '此处不能写身份证号，请改为选择居民',
    'a national ID number cannot stand here; refer to the resident instead',
    'A14',
  );
}

/** The id belongs to a row that the writer does not see, or that another writer made a moment ago. */
export function idTaken(error: unknown): never {
  if ((error as { code?: string }).code !== '23505') throw error;
  throw no('conflict', 'id', '此编号已被占用', 'the id is taken', 'R8');
}

export function refuseSubsetted(resource: Resource): void {
  const masked = resource.meta?.security?.some((coding) => coding.code === 'SUBSETTED');
  if (masked || resource.meta?.tag?.some((coding) => coding.code === 'SUBSETTED')) throw maskedBack();
}

export const maskedBack = (): RefusalError =>
  no(
    'subsetted-write',
    'meta.security',
    '这是脱敏或节选后的内容，不能写回',
    'a masked or partial answer cannot be written back',
    'R11',
  );

export function stale(wanted: number, current: number): RefusalError {
  return no(
    'version-conflict',
    'If-Match',
    `版本已变：给出的是 ${wanted}，当前是 ${current}`,
    `the version has moved on: given ${wanted}, current ${current}`,
    'R8',
  );
}

export function referenceBroken(at: string): RefusalError {
  return no('reference-broken', at, '引用的对象不存在', 'the referenced resource does not exist', 'R9');
}

export function idMissing(): RefusalError {
  return no('id-missing', 'id', '更新必须给出 id', 'an update needs an id', 'R7');
}

function no(code: string, at: string, zh: string, en: string, rule: string): RefusalError {
  return new RefusalError({ code, at, rule, detail: { zh, en } });
}
