// Reads rules/access/kinds.yaml once: which kind of data, which locks and which owner a resource has, as typed rules.
import { readFileSync } from 'node:fs';
import type { Text } from '@yimai/kit';
import { parse } from 'yaml';
import type { Lock } from '../types.ts';

export interface KindOfData {
  readonly code: string;
  readonly name: Text;
  /** About a resident: reading it is audited by person. */
  readonly person: boolean;
  /** Rests on the resident's consent: a withdrawal closes it. */
  readonly consent: boolean;
}

export interface EitherKind {
  readonly patient: string;
  readonly other: string;
  /** Which of the two, or another kind, when no subject is named at all. */
  readonly absent: string;
  readonly tags: readonly string[];
}

export interface LockRule {
  readonly name: Text;
  /** Inclusive ranges of three-character ICD-10 categories, and longer codes as prefixes. */
  readonly icd: readonly string[];
  readonly loinc: readonly string[];
  readonly atc: readonly string[];
  readonly labels: readonly string[];
  readonly ageBelowYears?: number;
}

/** Which elements name those who treat, in which states, from when until when. */
export interface CareRule {
  readonly parties: readonly string[];
  readonly status: string;
  readonly from: string;
  readonly until: string;
  readonly open: readonly string[];
  readonly closed: readonly string[];
}

export interface KindRules {
  readonly tagSystem: string;
  readonly lockSystem: string;
  readonly kinds: ReadonlyMap<string, KindOfData>;
  readonly byType: ReadonlyMap<string, string>;
  readonly either: ReadonlyMap<string, EitherKind>;
  readonly tagged: Readonly<Record<string, readonly string[]>>;
  readonly owner: Readonly<Record<string, readonly string[]>>;
  readonly assignees: Readonly<Record<string, readonly string[]>>;
  readonly care: Readonly<Record<string, CareRule>>;
  readonly locks: ReadonlyMap<Lock, LockRule>;
}

interface KindFile {
  tagSystem: string;
  lockSystem: string;
  kinds: KindOfData[];
  types: Record<string, string[]>;
  either: Record<string, Omit<EitherKind, 'tags'> & { tags?: string[] }>;
  tagged: Record<string, string[]>;
  owner: Record<string, string[]>;
  assignees: Record<string, string[]>;
  care: Record<string, CareRule>;
  locks: Record<Lock, LockRule>;
}

export const ACCESS_RULES = new URL('../../../../rules/access/', import.meta.url);

export function loadKinds(folder: URL = ACCESS_RULES): KindRules {
  const file = parse(readFileSync(new URL('kinds.yaml', folder), 'utf8')) as KindFile;
  const byType = new Map<string, string>();
  for (const [kind, types] of Object.entries(file.types)) for (const type of types) byType.set(type, kind);
  const either = new Map<string, EitherKind>();
  for (const [type, rule] of Object.entries(file.either))
    either.set(type, { ...rule, tags: rule.tags ?? [] });
  return {
    tagSystem: file.tagSystem,
    lockSystem: file.lockSystem,
    kinds: new Map(file.kinds.map((kind) => [kind.code, kind])),
    byType,
    either,
    tagged: file.tagged,
    owner: file.owner,
    assignees: file.assignees,
    care: file.care,
    locks: new Map(Object.entries(file.locks) as [Lock, LockRule][]),
  };
}
