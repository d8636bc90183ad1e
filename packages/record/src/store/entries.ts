// Gives each version the number under which its index rows stand: ascending, so that the rows of one time lie together.
import { assert } from '@yimai/kit';
import { type Database, sql } from '@yimai/postgres';

/** As many numbers as one block has; migration 0006 knows it too. */
const BLOCK = 2 ** 24;
/** More than any transaction writes. */
const SPARE = 2 ** 22;

export class EntryNumbers {
  readonly #database: Database;
  #next = 0;
  #end = 0;
  #taking: Promise<void> | null = null;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Before a transaction: there are numbers enough for whatever it writes. */
  async ready(): Promise<void> {
    if (this.#end - this.#next >= SPARE) return;
    this.#taking ??= this.#take().finally(() => {
      this.#taking = null;
    });
    await this.#taking;
  }

  next(): number {
    assert(this.#next < this.#end, 'numbers for index rows were asked for before a transaction');
    this.#next += 1;
    return this.#next - 1;
  }

  async #take(): Promise<void> {
    const { rows } = await this.#database.run<{ value: number }>(
      sql`insert into counter (name, value) values ('index-entry', 1)
        on conflict (name) do update set value = counter.value + 1 returning value`,
    );
    this.#next = rows[0]!.value * BLOCK;
    this.#end = this.#next + BLOCK;
  }
}
