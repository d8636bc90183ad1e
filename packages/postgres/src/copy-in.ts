// Rows by COPY inside a transaction, on its way together with the statements around it. COPY is for tables that
// row-level security does not guard.
import pg from 'pg';

interface Wire {
  parse(statement: { name: string; text: string }): void;
  bind(bound: { statement: string; values: readonly unknown[] }): void;
  execute(portal: { portal: string }): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sync(): void;
  readonly stream: { cork(): void; uncork(): void };
}

/**
 * The bytes follow the statement without waiting for the server to ask for them: if it fails, or a statement before it
 * has, the server passes over them up to the sync. `pg` lets nothing but its own queries share a pipelined connection,
 * so this is one.
 */
class CopyIn extends pg.Query {
  readonly #text: string;
  readonly #rows: Buffer;
  readonly #land: (error: Error | null, count: number) => void;
  #count = 0;

  constructor(text: string, rows: Buffer, land: (error: Error | null, count: number) => void) {
    super({ text: '' }, () => {});
    this.#text = text;
    this.#rows = rows;
    this.#land = land;
  }

  override submit = (connection: unknown): void => {
    const wire = connection as Wire;
    wire.stream.cork();
    try {
      wire.parse({ name: '', text: this.#text });
      wire.bind({ statement: '', values: [] });
      wire.execute({ portal: '' });
      wire.sendCopyFromChunk(this.#rows);
      wire.endCopyFrom();
      wire.sync();
    } finally {
      wire.stream.uncork();
    }
  };

  handleCopyInResponse(): void {}

  handleCommandComplete(message: { text: string }): void {
    this.#count = Number(/\d+$/.exec(message.text)?.[0] ?? 0);
  }

  handleError(error: Error): void {
    this.#land(error, 0);
  }

  handleReadyForQuery(): void {
    this.#land(null, this.#count);
  }
}

/** `into` is a table with its columns, of our own text; the rows are those of `CopyRows`. Returns how many were written. */
export function copyIn(client: Pick<pg.PoolClient, 'query'>, into: string, rows: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    client.query(
      new CopyIn(`copy ${into} from stdin (format binary)`, rows, (error, count) => {
        if (error) reject(error);
        else resolve(count);
      }),
    );
  });
}
