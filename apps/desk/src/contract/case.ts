// A case at the desk: the drawing of its loop, its forms and acts, its time line.
import type { FormDeclaration, Link, Said, Text, Value, WorkItem } from '../contract.ts';

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
  readonly value: Said;
}

export interface FileRef {
  readonly id: string;
  readonly title: Said;
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
  readonly related: readonly { readonly link: Link; readonly title: Said; readonly note: Text | null }[];
  readonly canMessage: boolean;
  readonly asOf: string | null;
}
