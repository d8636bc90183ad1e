// The only place that decides what a FHIR client reads when something is refused: status and OperationOutcome.
import type { Issue } from '@yimai/fhir';
import type { Refusal } from '@yimai/kit';
import { InvalidResourceError } from '@yimai/record';

export interface OutcomeIssue {
  readonly severity: 'fatal' | 'error' | 'warning' | 'information';
  readonly code: string;
  readonly details?: { readonly text: string };
  readonly diagnostics?: string;
  readonly expression?: readonly string[];
}

export interface OperationOutcome {
  readonly resourceType: 'OperationOutcome';
  readonly issue: readonly OutcomeIssue[];
}

/** Status and FHIR issue type by refusal code; a code that is not listed is a business rule (422). */
const STATUS: Readonly<Record<string, readonly [status: number, issue: string]>> = {
  'invalid-json': [400, 'structure'],
  'invalid-utf8': [400, 'structure'],
  'duplicate-key': [400, 'structure'],
  'too-deep': [400, 'structure'],
  'not-an-object': [400, 'structure'],
  'unknown-resource-type': [400, 'structure'],
  'type-mismatch': [400, 'structure'],
  'id-missing': [400, 'required'],
  'id-mismatch': [400, 'invalid'],
  'id-invalid': [400, 'value'],
  'bad-header': [400, 'value'],
  'bad-parameter': [400, 'value'],
  'unknown-parameter': [400, 'not-supported'],
  'unsupported-operation': [404, 'not-supported'],
  'bundle-malformed': [400, 'structure'],
  'patch-malformed': [400, 'structure'],
  'patch-failed': [422, 'processing'],
  'not-signed-in': [401, 'login'],
  'sign-in-failed': [401, 'login'],
  'sign-in-locked': [401, 'login'],
  'totp-needed': [401, 'login'],
  'totp-wrong': [401, 'login'],
  'token-invalid': [401, 'login'],
  'role-not-held': [403, 'forbidden'],
  'search-too-long': [400, 'too-long'],
  'search-parameter-unknown': [400, 'not-supported'],
  'search-parameter-unsupported': [400, 'not-supported'],
  'search-modifier-unsupported': [400, 'not-supported'],
  'not-permitted': [403, 'forbidden'],
  'kind-not-writable': [403, 'forbidden'],
  'kind-not-readable': [403, 'forbidden'],
  'not-related': [403, 'forbidden'],
  'scope-too-narrow': [403, 'forbidden'],
  'command-not-allowed': [403, 'forbidden'],
  'not-found': [404, 'not-found'],
  gone: [410, 'deleted'],
  'engine-owned': [405, 'not-supported'],
  'method-not-allowed': [405, 'not-supported'],
  'version-conflict': [412, 'conflict'],
  'if-match-required': [412, 'conflict'],
  'multiple-matches': [412, 'multiple-matches'],
  conflict: [409, 'conflict'],
  'too-large': [413, 'too-long'],
  'not-acceptable': [406, 'not-supported'],
  'unsupported-media-type': [415, 'not-supported'],
  'invalid-resource': [422, 'invalid'],
  'reference-broken': [422, 'not-found'],
  'subsetted-write': [422, 'business-rule'],
  'too-many-requests': [429, 'throttled'],
  'database-away': [503, 'transient'],
  'disk-full': [507, 'no-store'],
};

/** What can be wrong with a query is the reader's request, not a rule of the county. */
const SEARCH: readonly [number, string] = [400, 'invalid'];

function entryOf(code: string): readonly [status: number, issue: string] {
  return STATUS[code] ?? (code.startsWith('search-') ? SEARCH : [422, 'business-rule']);
}

export function statusOf(refusal: Refusal): number {
  return entryOf(refusal.code)[0];
}

/** Chinese first, English behind it: the reader of an OperationOutcome may be either. */
export function outcomeOf(refusal: Refusal): OperationOutcome {
  return {
    resourceType: 'OperationOutcome',
    issue: [
      {
        severity: 'error',
        code: entryOf(refusal.code)[1],
        ...(refusal.detail ? { details: { text: `${refusal.detail.zh} / ${refusal.detail.en}` } } : {}),
        diagnostics: refusal.rule ? `${refusal.code} [${refusal.rule}]` : refusal.code,
        ...(refusal.at ? { expression: [refusal.at] } : {}),
      },
    ],
  };
}

export function outcomeOfIssues(issues: readonly Issue[]): OperationOutcome {
  return {
    resourceType: 'OperationOutcome',
    issue: issues.map((issue) => ({
      severity: issue.severity,
      code: issue.code,
      details: { text: `${issue.zh} / ${issue.en}` },
      ...(issue.rule ? { diagnostics: issue.rule } : {}),
      ...(issue.at ? { expression: [issue.at] } : {}),
    })),
  };
}

export function outcomeOfError(
  error: InvalidResourceError | { readonly refusal: Refusal },
): OperationOutcome {
  return error instanceof InvalidResourceError ? outcomeOfIssues(error.issues) : outcomeOf(error.refusal);
}

/** What a stranger may read about a fault of ours: that it happened, and where to look for it. */
export function faultOutcome(reference: string): OperationOutcome {
  return {
    resourceType: 'OperationOutcome',
    issue: [
      {
        severity: 'fatal',
        code: 'exception',
        details: { text: `系统故障，编号 ${reference} / an internal fault, reference ${reference}` },
      },
    ],
  };
}
