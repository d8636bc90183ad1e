// What the phone of those who go out and the server say to each other under /desk/field: types only.
import type { Act, AnswerLine, FileRef, Link, Said, StateKind, Text, WorkItem } from '../contract.ts';

export interface GradeMark {
  readonly name: Text;
  readonly colour: 'red' | 'yellow' | 'green' | null;
  /** Day from which it holds. */
  readonly on: string;
  readonly score: number | null;
  /** When the grade is to be looked at again, as the form says it (`6 months`). */
  readonly recheck: string | null;
}

/** A piece of recurring work that is due for an object now. */
export interface DueCheck {
  readonly plan: string;
  readonly title: Text;
  readonly dueOn: string;
  /** Periods that ended without it. */
  readonly missed: number;
}

/** One object to go to, with the reasons for going. */
export interface Stop {
  readonly register: string;
  readonly key: string;
  readonly name: string;
  readonly trade: Text | null;
  readonly grid: string | null;
  readonly address: string | null;
  readonly at: { readonly latitude: number; readonly longitude: number } | null;
  readonly grade: GradeMark | null;
  readonly checks: readonly DueCheck[];
  readonly cases: readonly WorkItem[];
}

/** `GET /desk/field/route?plans=&grid=&whose=` */
export interface FieldRoute {
  readonly asOf: string;
  readonly today: string;
  /** Only objects for which the reader answers; false where nobody is named for any of them. */
  readonly mine: boolean;
  readonly plans: readonly {
    readonly id: string;
    readonly title: Text;
    readonly chosen: boolean;
    readonly due: number;
    readonly done: number;
    readonly missed: number;
  }[];
  readonly grids: readonly { readonly name: string; readonly stops: number }[];
  readonly stops: readonly Stop[];
  /** How many objects wait in all; `stops` holds the most urgent of them. */
  readonly waiting: number;
}

/** A check that can be done for an object now. */
export interface FieldCheck extends DueCheck {
  readonly every: 'day' | 'week' | 'month' | 'quarter' | 'year' | 'once';
  readonly due: boolean;
  readonly doneAt: string | null;
  /** False when the list of this period has not been made yet: the device asks for it before it reports the work. */
  readonly planned: boolean;
  readonly act: Act;
}

export interface StoryEntry {
  readonly id: string;
  readonly at: string;
  readonly kind: 'entry' | 'check' | 'case' | 'grade';
  readonly title: Text;
  readonly who: string | null;
  readonly note: Said | null;
  readonly answers: readonly AnswerLine[];
  readonly files: readonly FileRef[];
  readonly state: { readonly kind: StateKind; readonly name: Text } | null;
  readonly link: Link | null;
}

/** `GET /desk/field/objects/:register/:key` */
export interface FieldObject {
  readonly stop: Stop;
  /** What photos and signatures taken here belong to. */
  readonly about: string;
  readonly facts: readonly AnswerLine[];
  readonly checks: readonly FieldCheck[];
  /** What may be opened about this object, its form filled with what is known. */
  readonly openings: readonly { readonly name: Text; readonly programme: Text; readonly act: Act }[];
  readonly story: readonly StoryEntry[];
  readonly asOf: string;
}

/** `GET /desk/field/map`: every grid of a register of objects. */
export interface GridMap {
  readonly register: { readonly id: string; readonly name: Text } | null;
  readonly registers: readonly { readonly id: string; readonly name: Text }[];
  readonly grids: readonly GridTile[];
  readonly grades: readonly {
    readonly tier: string;
    readonly name: Text;
    readonly colour: GradeMark['colour'];
  }[];
  readonly asOf: string;
}

export interface GridTile {
  readonly name: string;
  /** The larger area that the grid lies in, by its name. */
  readonly area: string;
  readonly objects: number;
  readonly overdue: number;
  readonly openCases: number;
  readonly lateCases: number;
  readonly ungraded: number;
  readonly graded: Readonly<Record<string, number>>;
}

/** `GET /desk/field/map/:register/:grid`: the objects of one grid, those that need someone first. */
export interface GridList {
  readonly name: string;
  readonly stops: readonly Stop[];
}
