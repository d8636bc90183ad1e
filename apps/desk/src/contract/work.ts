// Work at the desk: a case in a list, the work list, the home and what may be started from it.
import type { OrgRef, Page, Said, StateKind, Text } from '../contract.ts';

export interface Deadline {
  readonly at: string;
  /** Minutes of working time left; negative when late. */
  readonly workingMinutesLeft: number;
  /** Minutes of working time from entering the state to the deadline. */
  readonly workingMinutesWhole: number;
  /** Counted by law alone: the holidays of that year have not been announced yet. */
  readonly provisional?: true;
}

/** One case in a list. */
export interface WorkItem {
  readonly id: string;
  /** As it is said: year and serial number; the name of its loop stands beside. */
  readonly number: string;
  /** What it is about, else its loop and number. */
  readonly title: Said;
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
