// What a transaction says to the database and what it still waits for: writes go out without waiting, questions after
// them, and row-level security is told whose eyes look only where that changes.
import { type Fragment, type LocalSettings, type Sql, settingStatements, type TxSql } from '@yimai/postgres';

/** The actor's own reach, or the system's; null for tables that row-level security does not guard. */
export type Reach = 'own' | 'all' | null;

const ALL: LocalSettings = { 'app.reach': 'all' };

export class Conversation {
  readonly #sql: TxSql;
  readonly #own: LocalSettings;
  #reach: 'none' | 'own' | 'all' = 'none';
  #ownTold = false;
  /** Sent, and not yet answered; the first that failed says why the transaction cannot go on. */
  #sent: Promise<unknown>[] = [];
  #wrote = false;
  #plansKept = false;

  constructor(sql: TxSql, own: LocalSettings) {
    this.#sql = sql;
    this.#own = own;
  }

  /** A question after the writes before it, so that it sees them; what was only asked before goes in the same flight. */
  async ask<T>(reach: Reach, question: (sql: Sql) => Promise<T>): Promise<T> {
    if (this.#wrote) await this.settle();
    this.#see(reach);
    const answer = question(this.#sql);
    answer.catch(() => {});
    await this.settle();
    return answer;
  }

  /** A write that nobody waits for: if it fails, whatever is waited for next fails with its error. */
  write(reach: Reach, work: (sql: TxSql) => Promise<unknown>): void {
    this.#see(reach);
    this.#keepPlans(true);
    this.#wrote = true;
    this.#waitLater(work(this.#sql));
  }

  /** A question whose best plan hangs on its values. */
  search<T>(reach: Reach, question: (sql: Sql) => Promise<T>): Promise<T> {
    this.#keepPlans(false);
    return this.ask(reach, question);
  }

  /** A question whose answer may end the transaction by throwing, before any other answer is seen. */
  expect<T>(fragment: Fragment, judge: (rows: T[]) => void): void {
    this.#waitLater(this.#sql.run<T>(fragment).then(({ rows }) => judge(rows)));
  }

  /** Waits until everything sent is answered; throws what the first that failed threw. */
  async settle(): Promise<void> {
    this.#wrote = false;
    while (this.#sent.length > 0) await this.#sent.shift();
  }

  // Writes go by key: their plan is the same whatever the values, and making it costs more than carrying it out.
  #keepPlans(kept: boolean): void {
    if (kept === this.#plansKept) return;
    this.#sql.text(`set local plan_cache_mode = ${kept ? 'force_generic_plan' : 'auto'}`).catch(() => {});
    this.#plansKept = kept;
  }

  #waitLater(answer: Promise<unknown>): void {
    answer.catch(() => {});
    this.#sent.push(answer);
  }

  // Statements of one connection run in their order, so the settings are not waited for; one that fails fails the
  // transaction, and with it all that comes after.
  #see(wanted: Reach): void {
    const reach = wanted === 'own' && this.#own['app.reach'] === 'all' ? 'all' : wanted;
    if (reach === null || reach === this.#reach) return;
    for (const text of this.#settings(reach)) this.#sql.text(text).catch(() => {});
    this.#reach = reach;
    if (reach === 'own') this.#ownTold = true;
  }

  #settings(reach: 'own' | 'all'): string[] {
    if (reach === 'all') return settingStatements(ALL);
    const own = this.#own['app.reach'] ?? '';
    const back = own === '' ? [`set local app.reach = ''`] : settingStatements({ 'app.reach': own });
    if (this.#ownTold) return back;
    return this.#reach === 'all'
      ? [...back, ...settingStatements({ ...this.#own, 'app.reach': '' })]
      : settingStatements(this.#own);
  }
}
