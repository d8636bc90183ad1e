// One FHIR answer before it meets HTTP or a Bundle entry: status, headers, body text.
import type { StoredRow } from '@yimai/record';
import type { OperationOutcome } from './outcome.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text, or null for an empty body. */
  readonly body: string | null;
  /** When the version was written, to the millisecond; the header knows seconds only. */
  readonly updatedAt?: Date;
}

export function outcomeAnswer(status: number, outcome: OperationOutcome): Answer {
  return { status, headers: {}, body: JSON.stringify(outcome) };
}

export function etag(version: number): string {
  return `W/"${version}"`;
}

/** ETag and Last-Modified of a version, and where it lies. */
export function versionHeaders(base: string, row: StoredRow, location: boolean): Record<string, string> {
  return {
    etag: etag(row.version),
    'last-modified': row.updatedAt.toUTCString(),
    ...(location ? { location: `${base}/${row.type}/${row.fhirId}/_history/${row.version}` } : {}),
  };
}
