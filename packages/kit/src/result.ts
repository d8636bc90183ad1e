// The three kinds of "no": a refusal is a returned value, a fault is an assert, weather is thrown with its cause.

/** A sentence in both languages of the product. */
export interface Text {
  readonly zh: string;
  readonly en: string;
}

/**
 * The world said no. `code` is kebab-case and stable; `at` names the element (FHIRPath-like path, column, option);
 * `rule` names the numbered rule; `detail` is for people; `transient` says that a retry may help.
 */
export interface Refusal {
  readonly code: string;
  readonly at?: string;
  readonly rule?: string;
  readonly detail?: Text;
  readonly transient?: boolean;
}

export type Ok<T> = { readonly ok: true; readonly value: T };
export type No = { readonly ok: false; readonly refusal: Refusal };
export type Result<T> = Ok<T> | No;

export const ok = <T>(value: T): Ok<T> => ({ ok: true, value });

/** `refuse('loop-closed', {zh: '流程已关闭', en: 'the loop is closed'}, {at: 'payload.loop', rule: 'L7'})` */
export function refuse(
  code: string,
  detail: Text,
  more: { at?: string; rule?: string; transient?: boolean } = {},
): No {
  return { ok: false, refusal: { code, detail, ...more } };
}

/** Our own mistake: stops the request or job. User input never trips it. */
export function assert(condition: unknown, sentence: string): asserts condition {
  if (!condition) throw new Error(`fault: ${sentence}`);
}

/** Ends every `switch` over a closed union; the type checker proves that it is never reached. */
export function assertNever(value: never): never {
  throw new Error(`fault: unexpected variant ${JSON.stringify(value)}`);
}

/** Carries a refusal through code that can only throw (a transaction body); the edge turns it back into a value. */
export class RefusalError extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.code);
    this.name = 'RefusalError';
    this.refusal = refusal;
  }
}

/** The value, or a thrown `RefusalError` that rolls the surrounding transaction back. */
export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new RefusalError(result.refusal);
  return result.value;
}
