// Several statements in one flight: one write to the socket, one answer of the server, and one end that all share. If one
// fails, the server passes over those behind it.
import pg from 'pg';
import { MessageWriter } from './messages.ts';

export interface FlightStatement {
  /** A statement with a name is parsed once per connection. */
  readonly name?: string;
  readonly text: string;
  readonly values?: readonly unknown[];
  /** Its rows are answered, in the order of the wanted statements. */
  readonly wanted?: boolean;
}

interface Column {
  readonly name: string;
  readonly read: (text: string) => unknown;
}

export interface FlightAnswer {
  readonly rows: Record<string, unknown>[];
  readonly rowCount: number;
}

interface Connection {
  readonly stream: { readonly writable: boolean; write(bytes: Buffer): boolean };
  /** Kept by `pg`: what the connection has parsed, and what it was told to. */
  readonly parsedStatements: Record<string, string>;
  readonly submittedNamedStatements: Record<string, string>;
}

const messages = new MessageWriter();

/** The columns that the named statements of a connection answer with. */
const answering = new WeakMap<object, Map<string, readonly Column[]>>();

/**
 * `pg` lets nothing but its own queries share a pipelined connection, so this is one. After a failure it is not known
 * what the connection has parsed: the caller lets it go.
 */
class Flight extends pg.Query {
  readonly #statements: readonly FlightStatement[];
  readonly #columnsOf: (oid: number) => (text: string) => unknown;
  readonly #land: (error: Error | null, answers: readonly FlightAnswer[]) => void;
  readonly #answers: FlightAnswer[] = [];
  #known: Map<string, readonly Column[]> = new Map();
  #columns: readonly Column[] = [];
  #rows: Record<string, unknown>[] = [];
  #at = 0;

  constructor(
    statements: readonly FlightStatement[],
    columnsOf: (oid: number) => (text: string) => unknown,
    land: (error: Error | null, answers: readonly FlightAnswer[]) => void,
  ) {
    super({ text: '' }, () => {});
    this.#statements = statements;
    this.#columnsOf = columnsOf;
    this.#land = land;
  }

  override submit = (connection: unknown): void => {
    const { stream, parsedStatements, submittedNamedStatements } = connection as Connection;
    this.#known = answering.get(stream) ?? new Map<string, readonly Column[]>();
    answering.set(stream, this.#known);
    for (const { name = '', text, values = [], wanted = false } of this.#statements) {
      if (parsedStatements[name] === undefined && submittedNamedStatements[name] === undefined) {
        messages.parse(name, text);
        if (name !== '') parsedStatements[name] = text;
      }
      messages.bind(name, values);
      if (wanted && !this.#known.has(name)) messages.describe();
      messages.execute();
    }
    messages.sync();
    const bytes = messages.take();
    if (stream.writable) stream.write(bytes);
  };

  handleRowDescription(message: { fields: readonly { name: string; dataTypeID: number }[] }): void {
    this.#columns = message.fields.map((field) => ({
      name: field.name,
      read: this.#columnsOf(field.dataTypeID),
    }));
    const { name } = this.#statements[this.#at]!;
    if (name !== undefined) this.#known.set(name, this.#columns);
  }

  handleDataRow(message: { fields: readonly (string | null)[] }): void {
    const { wanted, name } = this.#statements[this.#at]!;
    if (!wanted) return;
    const columns = (name === undefined ? undefined : this.#known.get(name)) ?? this.#columns;
    const row: Record<string, unknown> = {};
    for (const [at, column] of columns.entries()) {
      const text = message.fields[at];
      row[column.name] = text === null || text === undefined ? null : column.read(text);
    }
    this.#rows.push(row);
  }

  handleCommandComplete(message: { text: string }): void {
    if (this.#statements[this.#at]?.wanted) {
      this.#answers.push({ rows: this.#rows, rowCount: Number(/\d+$/.exec(message.text)?.[0] ?? 0) });
      this.#rows = [];
    }
    this.#at += 1;
  }

  handleError(error: Error): void {
    this.#land(error, []);
  }

  handleReadyForQuery(): void {
    this.#land(null, this.#answers);
  }
}

/** Sends the statements and answers with the rows of those that are wanted. */
export function fly(
  client: pg.PoolClient,
  statements: readonly FlightStatement[],
  columnsOf: (oid: number) => (text: string) => unknown,
): Promise<readonly FlightAnswer[]> {
  return new Promise((resolve, reject) => {
    client.query(
      new Flight(statements, columnsOf, (error, answers) => {
        if (error) reject(error);
        else resolve(answers);
      }),
    );
  });
}
