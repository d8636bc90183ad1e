// Collects what the validator finds, each with its place and a sentence in both languages.
import type { Issue, IssueCode } from '../types.ts';

/** A resource that is wrong everywhere is told its first faults only. */
const LIMIT = 200;

export class Findings {
  readonly issues: Issue[] = [];

  error(code: IssueCode, at: string, zh: string, en: string, rule?: string): void {
    this.#add({ severity: 'error', code, at, zh, en, ...(rule ? { rule } : {}) });
  }

  warning(code: IssueCode, at: string, zh: string, en: string, rule?: string): void {
    this.#add({ severity: 'warning', code, at, zh, en, ...(rule ? { rule } : {}) });
  }

  #add(issue: Issue): void {
    if (this.issues.length < LIMIT) this.issues.push(issue);
  }
}
