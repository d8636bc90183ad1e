// What the desk and the server say to each other under /auth and /desk: types only, shared by both sides.
import type { FormDeclaration, Value } from '@yimai/forms';
import type { Text } from '@yimai/kit';
import type { GradeMark, StoryEntry } from './field/contract.ts';

export type * from './field/contract.ts';
export type * from './mechanisms/contract.ts';
export type { FormDeclaration, Text, Value };

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

export interface Deadline {
  readonly at: string;
  /** Minutes of working time left; negative when late. */
  readonly workingMinutesLeft: number;
  /** Minutes of working time from entering the state to the deadline. */
  readonly workingMinutesWhole: number;
}

/** One case in a list. */
export interface WorkItem {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly programme: { readonly id: string; readonly name: Text };
  readonly loop: { readonly id: string; readonly name: Text };
  readonly state: { readonly id: string; readonly name: Text; readonly kind: StateKind };
  readonly org: OrgRef | null;
  readonly owner: { readonly org: OrgRef | null; readonly role: Text | null; readonly person: string | null };
  /** The person who took it on; `me` is the reader. */
  readonly claim: { readonly name: string; readonly me: boolean } | null;
  readonly openedAt: string;
  readonly enteredAt: string;
  readonly deadline: Deadline | null;
  readonly version: number;
}

export const WORK_TABS = ['mine', 'office', 'waiting-for', 'closed'] as const;
export type WorkTab = (typeof WORK_TABS)[number];

/** `POST /desk/work`: a body, not an address, because a search text may be a person's name. */
export interface WorkQuery {
  readonly tab: WorkTab;
  readonly loop?: string;
  readonly state?: string;
  readonly late?: boolean;
  readonly text?: string;
  readonly sort?: 'deadline' | 'age' | 'number';
  readonly cursor?: string;
  readonly count?: number;
}

export interface WorkPage extends Page<WorkItem> {
  /** Loops with work in this tab, for the filters. */
  readonly loops: readonly { readonly id: string; readonly name: Text; readonly count: number }[];
}

/** `GET /desk/home` */
export interface Home {
  readonly kinds: readonly {
    readonly loop: string;
    readonly name: Text;
    readonly open: number;
    readonly late: number;
    readonly dueSoon: number;
  }[];
  readonly mine: readonly WorkItem[];
  readonly waitingFor: readonly WorkItem[];
  readonly calendar: readonly CalendarEntry[];
  readonly figures: readonly Figure[];
  readonly starts: readonly StartAct[];
  readonly asOf: string;
}

export interface CalendarEntry {
  readonly at: string;
  readonly title: Text;
  readonly state: StateKind;
  readonly link: Link | null;
}

export interface Figure {
  readonly id: string;
  readonly name: Text;
  readonly value: string;
  readonly unit: Text | null;
  readonly link: Link | null;
}

/** A place in the desk. */
export interface Link {
  readonly kind:
    | 'case'
    | 'object'
    | 'resident'
    | 'programme'
    | 'organisation'
    | 'register'
    | 'work'
    | 'user'
    | 'tree'
    | 'table'
    | 'match';
  readonly id: string;
  /** The register of an object. */
  readonly within?: string;
}

/** A loop that the reader may open. */
export interface StartAct {
  readonly programme: { readonly id: string; readonly name: Text };
  readonly loop: string;
  readonly name: Text;
}

/** The drawing of a loop: states in columns from opening to close, and the moves between them. */
export interface LoopDiagram {
  readonly states: readonly {
    readonly id: string;
    readonly name: Text;
    readonly owner: Text | null;
    readonly deadline: Text | null;
    readonly end: 'done' | 'closed' | null;
    readonly column: number;
    readonly row: number;
  }[];
  readonly moves: readonly {
    readonly name: Text;
    readonly from: string;
    readonly to: string;
    readonly kind: 'forward' | 'return' | 'withdraw' | 'reopen' | 'rate' | 'branch' | 'join';
    /** Runs against the reading direction. */
    readonly back: boolean;
  }[];
}

/** What a reference question of a form looks for. */
export type PickKind = 'organisation' | 'person' | 'resident' | 'object';

/** A form as it is declared; the desk compiles it with `loadForm` and gets questionnaire, skip logic and score. */
export interface FormOfAct {
  readonly declaration: FormDeclaration;
  /** For reference questions: what may be picked, by item id; `within` is a register. */
  readonly pickers: Readonly<Record<string, { readonly kind: PickKind; readonly within?: string }>>;
  /** Values that the form starts with, and the words of references among them. */
  readonly prefill: Readonly<Record<string, Value>>;
  readonly last: Readonly<Record<string, string>>;
}

/** A next act of a case. The desk adds what the person filled in as `payload.answers` and `payload.reason`. */
export interface Act {
  readonly id: string;
  readonly name: Text;
  readonly tone: 'main' | 'plain' | 'danger';
  readonly form: FormOfAct | null;
  /** A return, withdrawal or re-opening says why. */
  readonly needsReason: boolean;
  /** Why it cannot be done now, though it is the reader's to do. */
  readonly barred: Text | null;
  readonly command: { readonly type: string; readonly payload: Readonly<Record<string, unknown>> };
  /** Under which key of the payload the answers go. */
  readonly answersAs: 'answers' | 'entry' | 'payload';
  /** Answers that go one level deeper in the payload: by item, the name under which they go. */
  readonly nest?: Readonly<Record<string, string>>;
  /** True when it cannot be taken back: the desk asks once. */
  readonly final: boolean;
}

export interface PersonHeader {
  readonly id: string;
  readonly name: string;
  readonly sex: 'male' | 'female' | 'other' | 'unknown';
  readonly birthDate: string | null;
  readonly maskedId: string | null;
  readonly village: string | null;
  readonly insurer: string | null;
  readonly tiers: readonly { readonly name: Text; readonly tier: 'red' | 'yellow' | 'green' }[];
  readonly allergies: readonly string[];
}

export interface TimelineEntry {
  readonly id: string;
  readonly at: string;
  readonly recordedAt: string;
  readonly kind:
    | 'opened'
    | 'moved'
    | 'returned'
    | 'claimed'
    | 'message'
    | 'file'
    | 'reminder'
    | 'escalated'
    | 'refused'
    | 'rated';
  readonly title: Text;
  readonly who: string | null;
  readonly org: string | null;
  readonly from: Text | null;
  readonly to: Text | null;
  readonly answers: readonly AnswerLine[];
  readonly note: string | null;
  readonly files: readonly FileRef[];
}

/** One answered question in words. */
export interface AnswerLine {
  readonly label: Text;
  readonly value: string;
}

export interface FileRef {
  readonly id: string;
  readonly title: string;
  readonly contentType: string;
  readonly href: string;
  readonly bytes: number | null;
}

/** `GET /desk/cases/:id?asOf=` */
export interface Case {
  readonly item: WorkItem;
  readonly person: PersonHeader | null;
  readonly subject: { readonly name: string; readonly kind: Text; readonly link: Link | null } | null;
  readonly diagram: LoopDiagram;
  /** States already passed, in order, with the time spent in each. */
  readonly path: readonly {
    readonly state: string;
    readonly enteredAt: string;
    readonly leftAt: string | null;
  }[];
  /** Other states that are open at the same time (parallel branches). */
  readonly alsoIn: readonly string[];
  readonly acts: readonly Act[];
  readonly data: readonly AnswerLine[];
  readonly timeline: readonly TimelineEntry[];
  readonly related: readonly { readonly link: Link; readonly title: string; readonly note: Text | null }[];
  readonly canMessage: boolean;
  readonly asOf: string | null;
}

export type ColumnKind = 'text' | 'number' | 'date' | 'choice' | 'organisation' | 'money' | 'yes-no';

export interface Column {
  readonly id: string;
  readonly name: Text;
  readonly kind: ColumnKind;
}

export interface RegisterSummary {
  readonly id: string;
  readonly name: Text;
  readonly programme: { readonly id: string; readonly name: Text };
  readonly entries: number | null;
}

/** A row of a register: cells in the order of its columns, already in words. */
export interface RegisterRow {
  readonly key: string;
  readonly cells: readonly (string | null)[];
  readonly effectiveFrom: string | null;
  readonly effectiveTo: string | null;
}

export interface Coverage {
  readonly name: Text;
  readonly have: number;
  readonly of: number;
  readonly missing: readonly OrgRef[];
}

/** `POST /desk/registers/:id` with {asOf, text, cursor, count} */
export interface RegisterPage extends Page<RegisterRow> {
  readonly register: RegisterSummary;
  readonly columns: readonly Column[];
  readonly asOf: string;
  readonly coverage: readonly Coverage[];
  readonly canImport: boolean;
  readonly write: Act | null;
}

/** `GET /desk/registers/:id/objects/:key`: one object, one file (一户一档). */
export interface ObjectFile {
  readonly register: RegisterSummary;
  readonly title: string;
  readonly facts: readonly AnswerLine[];
  readonly versions: readonly {
    readonly at: string;
    readonly who: string | null;
    readonly effectiveFrom: string | null;
    readonly effectiveTo: string | null;
    readonly facts: readonly AnswerLine[];
  }[];
  readonly cases: readonly WorkItem[];
  readonly grade: GradeMark | null;
  /** Checks, cases, grades and entries of other registers about it, newest first. */
  readonly story: readonly StoryEntry[];
}

/** `POST /desk/registers/:id/import` (multipart, field `file`): a preview; nothing is stored yet. */
export interface ImportPreview {
  readonly rows: number;
  readonly good: number;
  readonly same: number;
  readonly errors: readonly ImportError[];
  readonly columns: readonly string[];
  readonly sample: readonly (readonly string[])[];
}

export interface ImportError {
  readonly row: number;
  readonly column: string | null;
  readonly value: string | null;
  readonly detail: Text;
}

export interface ImportDone {
  readonly stored: number;
  readonly same: number;
  /** Sign-ins that were made on the way. */
  readonly users?: number;
  readonly refused: readonly ImportError[];
}

export interface ProgrammeSummary {
  readonly id: string;
  readonly domain: string;
  readonly domainName: Text;
  readonly name: Text;
  readonly summary: Text | null;
  readonly loops: number;
  readonly registers: number;
  readonly openCases: number | null;
}

/** `GET /desk/programmes/:domain/:id` */
export interface ProgrammeDetail {
  readonly programme: ProgrammeSummary;
  readonly reform: readonly Text[];
  readonly sources: readonly string[];
  readonly loops: readonly {
    readonly id: string;
    readonly name: Text;
    readonly diagram: LoopDiagram;
    readonly canStart: boolean;
    readonly statistics: LoopStatistics | null;
  }[];
  readonly registers: readonly RegisterSummary[];
  readonly trees: readonly { readonly id: string; readonly name: Text }[];
  readonly matches: readonly { readonly id: string; readonly name: Text }[];
  readonly runs: readonly ProgrammeRun[];
  readonly parts: readonly { readonly kind: Text; readonly names: readonly Text[] }[];
}

/** How one of the smaller mechanisms stands, in a few figures. */
export interface ProgrammeRun {
  readonly name: Text;
  readonly kind: Text;
  readonly figures: readonly { readonly name: Text; readonly value: string; readonly tone: 'late' | null }[];
}

/** `GET /desk/trees/:id`: areas and tasks with how far they are. */
export interface TreePage {
  readonly id: string;
  readonly name: Text;
  readonly programme: { readonly id: string; readonly name: Text };
  readonly nodes: readonly TreeNode[];
  readonly asOf: string;
}

export interface TreeNode {
  readonly id: string;
  readonly parent: string | null;
  readonly title: string;
  readonly leaf: boolean;
  readonly lead: string | null;
  readonly coLeads: readonly string[];
  readonly due: string | null;
  readonly doneOn: string | null;
  readonly late: boolean;
  readonly tasks: number;
  readonly done: number;
  readonly overdue: number;
  readonly progress: number;
  readonly evidence: readonly FileRef[];
  readonly acts: readonly Act[];
}

/** `GET /desk/matches/:id`: a plan that a person confirms choice by choice. */
export interface MatchPage {
  readonly id: string;
  readonly name: Text;
  readonly programme: { readonly id: string; readonly name: Text };
  readonly asked: number;
  readonly filled: number;
  readonly assignments: readonly {
    readonly item: WorkItem;
    readonly person: string;
    readonly score: number;
    readonly parts: readonly { readonly name: Text; readonly value: number }[];
    readonly passedOver: readonly { readonly person: string; readonly score: number }[];
    readonly act: Act;
  }[];
  readonly unmet: readonly { readonly item: WorkItem; readonly missing: number; readonly because: Text }[];
}

export interface LoopStatistics {
  readonly open: number;
  readonly closed: number;
  readonly late: number;
  /** Shares as decimal strings such as `0.976`; null when nothing has been counted. */
  readonly onTimeRate: string | null;
  readonly closureRate: string | null;
  readonly ratingAverage: string | null;
}

/** `GET /desk/starts/:programme/:loop`: the empty form that opens a case. */
export interface StartForm {
  readonly programme: { readonly id: string; readonly name: Text };
  readonly loop: { readonly id: string; readonly name: Text };
  readonly diagram: LoopDiagram;
  readonly act: Act;
  readonly needsResident: boolean;
}

export interface Organisation {
  readonly id: string;
  readonly name: string;
  readonly kind: Text | null;
  readonly level: 'city' | 'county' | 'township' | 'village' | 'department';
  readonly parent: string | null;
  readonly staff: number | null;
  /** Duties that loops look for by name (`office:`), such as `hr-centre`. */
  readonly offices: readonly string[];
  /** Code of the kind, where it is one of `ORGANISATION_KINDS`. */
  readonly kindCode: string | null;
}

/** `GET /desk/offices`: the duties that loaded programmes look for, and who holds them. */
export interface Office {
  readonly id: string;
  readonly name: Text;
  readonly holder: OrgRef | null;
  readonly programmes: readonly { readonly id: string; readonly name: Text }[];
}

/** `GET /desk/organisations/kinds` */
export interface OrganisationKind {
  readonly code: string;
  readonly name: Text;
}

/** `POST /desk/organisations/save`: a new organisation, or the facts of one that is there. */
export interface OrganisationEntry {
  readonly id: string;
  readonly name: string;
  readonly level: Organisation['level'];
  readonly kind: string | null;
  readonly parent: string | null;
  readonly offices: readonly string[];
  readonly isNew: boolean;
}

/** `GET /desk/first-day`: how far an administrator has come with a fresh house. */
export interface FirstDay {
  readonly organisations: number;
  readonly users: number;
  readonly usersWithoutPassword: number;
  readonly officesOpen: number;
  readonly residents: number | null;
}

/** A role that a user holds, with the id by which it is ended. */
export interface HeldRole extends RoleAt {
  readonly assignment: string;
}

export interface UserRow {
  readonly id: string;
  readonly name: string;
  readonly login: string;
  readonly active: boolean;
  readonly hasPassword: boolean;
  readonly roles: readonly HeldRole[];
  readonly lastSignInAt: string | null;
}

/** `POST /desk/users` with {text, cursor, withoutPassword} */
export interface UserPage extends Page<UserRow> {
  /** What may be given; the local script's own role is not among them. */
  readonly roles: readonly { readonly code: string; readonly name: Text }[];
  readonly withoutPassword: number;
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
  readonly title: string;
  readonly detail: string | null;
}

/** `POST /desk/search` with {text} */
export interface SearchAnswer {
  readonly groups: readonly { readonly kind: Link['kind']; readonly hits: readonly SearchHit[] }[];
}

export interface AuditRow {
  readonly id: string;
  readonly at: string;
  readonly who: string;
  readonly role: Text | null;
  readonly org: string | null;
  /** FHIR's letter C, R, U, D, E. */
  readonly action: string;
  /** Our own word, such as `break-glass.open`. */
  readonly word: string;
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
export type * from './fund/board-contract.ts';
export type * from './fund/case-contract.ts';
export type * from './fund/clearing-contract.ts';
export type * from './fund/ledger-contract.ts';
export type * from './fund/list-contract.ts';
export type * from './fund/money-contract.ts';
export type * from './fund/notice-contract.ts';
export type * from './fund/operating-budget-contract.ts';
export type * from './fund/operations-contract.ts';
export type * from './fund/pay-contract.ts';
export type * from './fund/result-contract.ts';
export type * from './fund/review-contract.ts';
export type * from './fund/rules-contract.ts';
export type * from './fund/statement-contract.ts';
export type * from './fund/warnings-contract.ts';
