// The nouns of a closed loop: the declaration as it is written, the state of one case, events in, effects out.
import type { Text } from '@yimai/kit';

/** What a case keeps: scalars and lists of scalars, so that it goes through JSON unchanged. */
export type FieldValue = string | number | boolean | null | readonly (string | number | boolean)[];
export type CaseData = Readonly<Record<string, FieldValue>>;

/** An instant in milliseconds since 1970 (UTC); days are cut at midnight China time. */
export type Instant = number;

export type FieldType =
  | 'text'
  | 'number'
  | 'yes-no'
  | 'date'
  | 'organisation'
  | 'person'
  | 'code'
  | 'list'
  | 'reference';

export interface FieldDeclaration {
  readonly type: FieldType;
  readonly title: Text;
  readonly codes?: Readonly<Record<string, Text>>;
  readonly default?: FieldValue;
}

/**
 * Who acts, by role and by relation to the case. `at` is `opener` (the organisation that opened it), `opener-parent`,
 * `subject-organisation`, `subject-village-clinic`, `subject-township`, `office:<name>`, `field:<case field>` or
 * `anywhere`. `person` is `opener` or `field:<case field>`.
 */
export interface PartyDeclaration {
  readonly title: Text;
  readonly role?: string | readonly string[];
  readonly at?: string;
  readonly person?: string;
}

/** `within: "5 working days"`; units: minutes, hours, working hours, days, working days, months. */
export interface DeadlineDeclaration {
  readonly within: string;
  /** `including`: the last day or minute still counts (以内); `excluding`: it does not (不满). */
  readonly edge: 'including' | 'excluding';
  /** Counted from entering the state, or from a date field: `field:<case field>`. */
  readonly from?: string;
  /** A last day without work moves to the next working day (民法典 203) unless this is `none`. Days and months only. */
  readonly roll?: 'next-working-day' | 'none';
  /** Reminders so long before the end. */
  readonly remind?: readonly string[];
  readonly escalate?: readonly EscalationDeclaration[];
  /** The transition that the passing of the deadline itself fires. */
  readonly event?: string;
}

export interface EscalationDeclaration {
  /** So long past the deadline; `0 days` is at once. */
  readonly after: string;
  readonly to: string;
  /** A transition fired by this step, such as handing the case to the county. */
  readonly event?: string;
}

export interface StateDeclaration {
  readonly title: Text;
  readonly kind: 'open' | 'closed' | 'closed-without-result' | 'branch-end';
  readonly owner?: string;
  readonly due?: DeadlineDeclaration;
  /** Each branch starts in its state; when `need` of them (default all) stand in a branch end, the case goes to `join`. */
  readonly branches?: Readonly<Record<string, string>>;
  readonly need?: number;
  readonly join?: string;
}

/** What a transition makes happen outside the case; carried out by the runner in the same transaction. */
export type ActionDeclaration =
  | { readonly notify: string | readonly string[]; readonly text: Text; readonly when?: string }
  | {
      readonly open: string;
      readonly with?: Readonly<Record<string, string>>;
      readonly each?: string;
      readonly when?: string;
    }
  | { readonly put: string; readonly entry: Readonly<Record<string, string>>; readonly when?: string }
  | { readonly book: string; readonly with: Readonly<Record<string, string>>; readonly when?: string }
  | { readonly release: string; readonly with: Readonly<Record<string, string>>; readonly when?: string }
  | { readonly task: string; readonly with: Readonly<Record<string, string>>; readonly when?: string }
  | { readonly subject: string; readonly value: string; readonly when?: string }
  | { readonly note: Text; readonly when?: string };

export type TransitionKind = 'forward' | 'return' | 'withdraw' | 'reopen' | 'rate';

export interface GuardDeclaration {
  /** An expression over data, answers, actor, today, returns, children. */
  readonly that: string;
  readonly code: string;
  readonly otherwise: Text;
}

/** A fact from a register, found by the runner and given to the step as an answer of that name. */
export interface LookDeclaration {
  readonly register: string;
  /** Over data, answers and actor: the key of the entry in force. */
  readonly key: string;
  readonly field: string;
}

export interface TransitionDeclaration {
  readonly event: string;
  readonly title: Text;
  readonly from: string | readonly string[];
  /** Left out: the case stays where it is and its clock runs on. */
  readonly to?: string;
  /** Chooses between transitions of one event; the first whose condition holds is taken. */
  readonly when?: string;
  readonly by: string | readonly string[];
  readonly kind?: TransitionKind;
  readonly form?: string;
  readonly look?: Readonly<Record<string, LookDeclaration>>;
  /** Fields that must be filled after the answers are taken in. */
  readonly requires?: readonly string[];
  /** Fields that the answers may fill; names of answers and fields are the same. */
  readonly takes?: readonly string[];
  readonly guards?: readonly GuardDeclaration[];
  readonly set?: Readonly<Record<string, string>>;
  readonly do?: readonly ActionDeclaration[];
  /** A closed case can be re-opened only so long after its closing. */
  readonly within?: string;
}

export interface LoopDeclaration {
  readonly id: string;
  readonly version: number;
  readonly title: Text;
  /** The FHIR type the case is about. */
  readonly subject?: string;
  readonly fields: Readonly<Record<string, FieldDeclaration>>;
  readonly parties: Readonly<Record<string, PartyDeclaration>>;
  readonly open: Omit<TransitionDeclaration, 'event' | 'from' | 'to' | 'title' | 'kind' | 'when' | 'within'>;
  readonly initial: string;
  readonly states: Readonly<Record<string, StateDeclaration>>;
  readonly transitions: readonly TransitionDeclaration[];
  /** The case's rating, computed after every `rate` transition. */
  readonly rating?: { readonly value: string; readonly least: number; readonly most: number };
}

export interface Actor {
  readonly person: string;
  readonly role: string;
  readonly organisation: string;
}

/** Organisations found once when the case opens: relation name -> organisation id. */
export type Places = Readonly<Record<string, string>>;

export interface Owner {
  readonly party: string;
  readonly roles: readonly string[];
  readonly organisation: string | null;
  /** Set when the party is one person, or when someone claimed the work. */
  readonly person: string | null;
}

/** Where one branch of a case stands. A case without branches has the one position `main`. */
export interface Position {
  readonly branch: string;
  readonly state: string;
  /** The case's seq at entering; part of every timer key, so that a timer of an earlier stay is known as stale. */
  readonly entry: number;
  readonly since: Instant;
  /** The last instant in time; null where the state has no deadline. */
  readonly due: Instant | null;
  readonly escalated: number;
  readonly owner: Owner | null;
  /** Set while the deadline leans on a year whose holidays are planned by law alone (按法定节假日暂排). */
  readonly provisional?: Provisional;
}

/** From when the deadline was counted, and the first year without a notice that it leans on. */
export interface Provisional {
  readonly from: Instant;
  readonly year: number;
}

export interface LoopState {
  readonly loop: string;
  readonly version: number;
  readonly seq: number;
  readonly digest: string;
  readonly positions: readonly Position[];
  readonly opened: Instant;
  readonly closed: Instant | null;
  readonly opener: Actor;
  readonly places: Places;
  readonly data: CaseData;
  readonly returns: number;
  readonly reopened: number;
  readonly children: { readonly open: number; readonly closed: number; readonly withoutResult: number };
  readonly rating: number | null;
}

export interface LoopEvent {
  readonly event: string;
  readonly actor: Actor;
  /** Needed only where two branches know the same event. */
  readonly branch?: string;
  readonly answers?: CaseData;
  readonly reason?: string;
}

/** Events that every loop has; a declaration cannot take their names. */
export const BUILT_IN_EVENTS = [
  '$claim',
  '$release',
  '$hand-over',
  '$redate',
  '$timer',
  '$child-closed',
  '$children-done',
] as const;

export const SYSTEM: Actor = { person: 'system', role: 'system', organisation: 'system' };

export type TimerKind = 'remind' | 'due' | 'escalate';

export type Effect =
  | {
      readonly kind: 'assign';
      readonly branch: string;
      readonly state: string;
      readonly owner: Owner;
      readonly due: Instant | null;
    }
  | { readonly kind: 'schedule'; readonly key: string; readonly timer: TimerKind; readonly at: Instant }
  | { readonly kind: 'cancel'; readonly prefix: string }
  | {
      readonly kind: 'notify';
      readonly to: Owner;
      readonly about: 'message' | 'remind' | 'escalate' | 'overdue';
      readonly text: Text;
    }
  | { readonly kind: 'open'; readonly loop: string; readonly data: CaseData }
  | { readonly kind: 'put'; readonly register: string; readonly entry: CaseData }
  | { readonly kind: 'book' | 'release'; readonly pool: string; readonly request: CaseData }
  | { readonly kind: 'task'; readonly tree: string; readonly row: CaseData }
  | { readonly kind: 'subject'; readonly field: string; readonly value: FieldValue }
  | { readonly kind: 'note'; readonly text: Text }
  | { readonly kind: 'closed'; readonly withResult: boolean };
