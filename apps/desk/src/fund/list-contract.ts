// Settlement lists as a file: its report and its import. Types only, used by desk and server.
import type { Text } from '@yimai/kit';

/** `POST /desk/fund/lists/check` (multipart, field `file`): a report, nothing is stored. */
export interface FundListReport {
  readonly rows: number;
  readonly good: number;
  readonly bad: number;
  readonly warnings: number;
  readonly columns: readonly string[];
  readonly missingColumns: readonly string[];
  readonly problems: readonly {
    readonly row: number;
    readonly column: string;
    readonly code: string;
    readonly severity: 'error' | 'warning';
    readonly value: string;
    readonly detail: Text;
  }[];
  /** Problems beyond those listed. */
  readonly more: number;
}

/**
 * `POST /desk/fund/lists/unfinished`: long files whose import stopped half-way. The same file again goes on with it,
 * `settlement-list.drop` { batch } gives it up.
 */
export interface FundUnfinishedFiles {
  readonly files: readonly { readonly batch: string; readonly begunAt: string }[];
}

export interface FundListsImported {
  readonly imported: number;
  readonly leftOut: number;
}
