// What an interaction is carried out with: the store, the reader, and the transaction if it is part of one.
import { type Refusal, RefusalError } from '@yimai/kit';
import type { Access, Record, StoredRow, Transaction } from '@yimai/record';
import type { Accounts } from '../accounts.ts';

export interface InteractionContext {
  readonly record: Record;
  readonly accounts: Accounts;
  readonly access: Access;
  /** Set inside a transaction Bundle: everything reads and writes in it. */
  readonly tx: Transaction | null;
  /** `http://host/fhir/R4`, without a slash at the end. */
  readonly base: string;
  /** The CapabilityStatement, for who asks within a batch. */
  capability(): string;
}

export interface Preferences {
  readonly returns: 'minimal' | 'representation' | 'OperationOutcome';
  readonly strict: boolean;
  readonly async: boolean;
}

export function readPreferences(header: string | undefined): Preferences {
  const text = header ?? '';
  const returns = /return=(minimal|OperationOutcome)/.exec(text)?.[1] as
    | 'minimal'
    | 'OperationOutcome'
    | undefined;
  return {
    returns: returns ?? 'representation',
    strict: /handling=strict/.test(text),
    async: /respond-async/.test(text),
  };
}

/** Runs `body` in the surrounding transaction, or in one of its own. */
export function inTransaction<T>(
  context: InteractionContext,
  body: (tx: Transaction) => Promise<T>,
): Promise<T> {
  return context.tx ? body(context.tx) : context.record.transaction(context.access, { via: 'rest' }, body);
}

export function say(code: string, at: string, zh: string, en: string): RefusalError {
  return new RefusalError({ code, at, detail: { zh, en } } satisfies Refusal);
}

export async function contentOf(context: InteractionContext, row: StoredRow): Promise<string> {
  return context.record.contentFor(context.access, row);
}
