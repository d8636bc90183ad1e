// What one turn asks of a connection goes in one flight: one write, one end, and of each statement no more than its own
// bytes. Each is answered by itself, as if it had gone alone.
import type pg from 'pg';
import { type Done, type FlightStatement, send } from './flight.ts';

interface Asked {
  readonly statement: FlightStatement;
  readonly resolve: (answer: Done) => void;
  readonly reject: (error: Error) => void;
}

export class Turn {
  readonly #client: pg.PoolClient;
  readonly #columnsOf: (oid: number) => (text: string) => unknown;
  #waiting: Asked[] = [];
  #over: Error | null = null;

  constructor(client: pg.PoolClient, columnsOf: (oid: number) => (text: string) => unknown) {
    this.#client = client;
    this.#columnsOf = columnsOf;
  }

  ask(statement: FlightStatement): Promise<Done> {
    if (this.#over) return Promise.reject(passedOver(this.#over));
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) process.nextTick(() => this.leave());
      this.#waiting.push({ statement, resolve, reject });
    });
  }

  /** Sends what waits: before anything goes to this connection by another way. */
  leave(): void {
    const asked = this.#waiting;
    if (asked.length === 0) return;
    this.#waiting = [];
    const statements = asked.map((one) => one.statement);
    send(this.#client, statements, this.#columnsOf, (error, answers) => {
      for (const [at, one] of asked.entries()) {
        const answer = answers[at];
        if (answer) one.resolve(answer);
        else one.reject(at === answers.length ? error! : passedOver(error!));
      }
    });
  }

  /** Nothing more goes out: what came after a rollback would be kept. */
  end(cause: Error): void {
    this.#over = cause;
    const asked = this.#waiting;
    this.#waiting = [];
    for (const one of asked) one.reject(passedOver(cause));
  }
}

/** What PostgreSQL says of a statement in a transaction that has failed already; the cause is what it failed of. */
class PassedOver extends Error {
  readonly code = '25P02';
}

const passedOver = (cause: Error): Error =>
  new PassedOver('fault: a statement before this one failed', { cause });

/** Why a transaction failed: a body may have waited for a statement behind the one that did. */
export const reasonOf = (error: unknown): unknown =>
  error instanceof PassedOver ? reasonOf(error.cause) : error;
