// What the desk and the server say to each other under /auth and /desk: types only, shared by both sides.
import type { FormDeclaration, Value } from '@yimai/forms';
import type { Text } from '@yimai/kit';
import type { PersonHeader } from './contract/case.ts';
import type { Link, WorkItem, WorkQuery } from './contract/work.ts';

export type * from './contract/case.ts';
export type * from './contract/house.ts';
export type * from './contract/programme.ts';
export type * from './contract/register.ts';
export { unitWord } from './contract/units.ts';
export type * from './contract/work.ts';
export { WORK_TABS } from './contract/work.ts';
export type * from './field/contract.ts';
export type * from './fund/board-contract.ts';
export type * from './fund/case-contract.ts';
export type * from './fund/clearing-contract.ts';
export type * from './fund/ledger-contract.ts';
export type * from './fund/list-contract.ts';
export type * from './fund/money-contract.ts';
export type * from './fund/notice-contract.ts';
export { NOTICE_ROLES } from './fund/notice-contract.ts';
export type * from './fund/operating-budget-contract.ts';
export type * from './fund/operations-contract.ts';
export type * from './fund/pay-contract.ts';
export type * from './fund/prepayment-contract.ts';
export type * from './fund/result-contract.ts';
export type * from './fund/review-contract.ts';
export type * from './fund/rules-contract.ts';
export type * from './fund/statement-contract.ts';
export type * from './fund/warnings-contract.ts';
export type * from './mechanisms/contract.ts';
export type { FormDeclaration, Text, Value };

/** Words of a person, the same in every language, or our own in both. */
export type Said = string | Text;

/** State of a case as a person reads it; each has a colour, a shape and a word. */
export const STATE_KINDS = ['waiting', 'running', 'due-soon', 'late', 'critical', 'done', 'closed'] as const;

export type StateKind = (typeof STATE_KINDS)[number];

/** The places of the desk; which of them a role has, the server says. */
export const PLACES = [
  'home',
  'work',
  'field',
  'notices',
  'centre',
  'figures',
  'map',
  'fund',
  'pay',
  'residents',
  'registers',
  'programmes',
  'mechanisms',
  'organisations',
  'users',
  'audit',
] as const;

export type Place = (typeof PLACES)[number];

export interface RoleAt {
  readonly org: string;
  readonly orgName: string;
  readonly role: string;
  readonly roleName: Text;
}

/** A role in which the session may act, with the places of the desk that it has. */
export interface ActingRole extends RoleAt {
  readonly places: readonly Place[];
  /** Its organisation heads the tree: finance there is the consortium's finance office. */
  readonly isHead?: boolean;
}

/** Answer of `POST /auth/sign-in` (with token) and `GET /auth/me` (without). */
export interface Session {
  readonly token?: string;
  readonly expiresAt?: string;
  readonly user: { readonly id: string; readonly name: string; readonly login: string };
  readonly roles: readonly ActingRole[];
}

/** `GET /auth/demo`: only a demo system answers. */
export interface DemoSignIn {
  readonly login: string;
  readonly password: string;
  readonly name: string;
  readonly role: Text;
  readonly org: string;
}

/** A page of a list: `next` is the cursor of the following page, `total` is exact up to 999. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
  readonly total: { readonly count: number; readonly more: boolean };
}

export interface OrgRef {
  readonly id: string;
  readonly name: string;
}

export interface ResidentRow {
  readonly id: string;
  readonly name: string;
  readonly sex: PersonHeader['sex'];
  readonly birthDate: string | null;
  readonly maskedId: string | null;
  readonly village: string | null;
}

/** `GET /desk/residents/:id` */
export interface Resident {
  readonly person: PersonHeader;
  /** Only masked to this reader; in an emergency the whole file may be opened with a reason. */
  readonly breakGlass: boolean;
  readonly cases: readonly WorkItem[];
  readonly history: readonly {
    readonly at: string | null;
    readonly kind: Text;
    readonly title: string;
    readonly detail: string | null;
  }[];
  readonly readers: readonly {
    readonly at: string;
    readonly who: string;
    readonly org: string | null;
    readonly why: Text | null;
  }[];
}

export interface SearchHit {
  readonly link: Link;
  readonly title: Said;
  readonly detail: Said | null;
}

/** `POST /desk/search` with {text} */
export interface SearchAnswer {
  readonly groups: readonly { readonly kind: Link['kind']; readonly hits: readonly SearchHit[] }[];
}

export interface AuditRow {
  readonly id: string;
  readonly at: string;
  readonly who: Said;
  readonly role: Text | null;
  readonly org: string | null;
  /** FHIR's letter C, R, U, D, E. */
  readonly action: string;
  /** Our own word, such as `break-glass.open`. */
  readonly word: string;
  /** The same in words, where there are some. */
  readonly act: Text | null;
  readonly what: readonly { readonly type: Text; readonly id: string; readonly link: Link | null }[];
  readonly outcome: 'done' | 'refused';
  readonly breakGlass: boolean;
}

/** An emergency look that waits for review. */
export interface BreakGlassRow {
  readonly id: string;
  readonly at: string;
  readonly who: string;
  readonly role: Text;
  readonly person: { readonly id: string; readonly name: string };
  readonly reason: string;
  readonly until: string;
  readonly reviewUntil: string;
}

export interface Notice {
  readonly id: string;
  readonly at: string;
  readonly title: Text;
  /** The case it speaks of, by loop and number. */
  readonly about?: Text;
  readonly kind: 'due' | 'late' | 'arrived' | 'returned' | 'critical' | 'message' | 'info';
  readonly link: Link | null;
}

/** A named filter of the work list. */
export interface SavedFilter {
  readonly name: string;
  readonly query: WorkQuery;
}

/** `GET /desk/settings`, and `POST /desk/settings` with {key, value}: what a person takes along to every device. */
export interface DeskSettings {
  readonly filters?: readonly SavedFilter[];
  /** Notices up to this moment were seen. */
  readonly noticesRead?: string;
  /** Hours of China time between which only critical notices pop up, such as 20 and 7; null: none. */
  readonly quiet?: { readonly from: number; readonly to: number } | null;
}

/** `GET /desk/system`: open to all; what kind of system this is. */
export interface SystemInfo {
  readonly name: Text;
  readonly synthetic: boolean;
  /** 0..1 while the demo year is still being played. */
  readonly loading: { readonly done: number; readonly text: Text } | null;
  readonly now: string;
  /** Nobody can sign in yet: the sign-in page takes the administrator's first password. */
  readonly firstStart?: boolean;
  /** An outside provider that signs people in at `GET /auth/outside`. */
  readonly outside?: { readonly name: Text };
}

export interface CommandAnswer {
  readonly id: string;
  readonly outcome: 'applied' | 'refused' | 'fault';
  readonly seq?: number;
  readonly result?: unknown;
  readonly refusal?: {
    readonly code: string;
    readonly at?: string;
    readonly rule?: string;
    readonly detail?: Text;
  };
}

/** `POST /desk/pick` with {kind, within?, text, chosen}: what a reference question may point to. */
export interface PickAnswer {
  readonly items: readonly {
    readonly reference: string;
    readonly name: string;
    readonly detail: string | null;
  }[];
}

export * from './figures/contract.ts';
