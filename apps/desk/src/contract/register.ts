// Registers at the desk: columns, rows as of a day, one object with its story, and the import of a file.
import type {
  Act,
  AnswerLine,
  GradeMark,
  OrgRef,
  Page,
  Said,
  StoryEntry,
  Text,
  WorkItem,
} from '../contract.ts';

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
  readonly cells: readonly (Said | null)[];
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
