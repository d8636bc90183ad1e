// Several statements in one flight: one write to the socket, one answer of the server, and one end that all share. If one
// fails, the server passes over those behind it.
import pg from 'pg';
import { MessageWriter } from './messages.ts';

export interface FlightStatement {
  /** A statement with a name is parsed once per connection. */
  readonly name?: string;
  readonly text: string;
  readonly values?: readonly unknown[];
  /** Its rows are read; of others only how many there were. */
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

/** Of each statement, with what PostgreSQL calls what it did, such as `COMMIT`. */
export interface Done extends FlightAnswer {
  readonly did: string;
}

type ColumnsOf = (oid: number) => (text: string) => unknown;
/** With an error: the answers of the statements before the one that failed. */
type Land = (error: Error | null, answers: readonly Done[]) => void;

interface Connection {
  readonly stream: { readonly writable: boolean; write(bytes: Buffer): boolean };
  /** Kept by `pg`: what the connection has parsed, and what it was told to. */
  readonly parsedStatements: Record<string, string>;
  readonly submittedNamedStatements: Record<string, string>;
}

const messages = new MessageWriter();

/** The columns that the named statements of a connection answer with. */
const answering = new WeakMap<object, Map<string, readonly Column[]>>();

const NO_COLUMNS: readonly Column[] = [];

/** `pg` lets nothing but its own queries share a pipelined connection, so this is one. */
class Flight extends pg.Query {
  readonly #statements: readonly FlightStatement[];
  readonly #columnsOf: ColumnsOf;
  readonly #land: Land;
  readonly #answers: Done[] = [];
  #parsed: Record<string, string> = {};
  /** Where this flight has its names parsed for the first time. */
  readonly #parsing: { readonly at: number; readonly name: string }[] = [];
  #known: Map<string, readonly Column[]> = new Map();
  #columns: readonly Column[] = [];
  #rows: Record<string, unknown>[] = [];
  #at = 0;

  constructor(statements: readonly FlightStatement[], columnsOf: ColumnsOf, land: Land) {
    super('', () => {});
    this.#statements = statements;
    this.#columnsOf = columnsOf;
    this.#land = land;
  }

  override submit = (connection: unknown): void => {
    const { stream, parsedStatements, submittedNamedStatements } = connection as Connection;
    this.#known = answering.get(stream) ?? new Map<string, readonly Column[]>();
    answering.set(stream, this.#known);
    this.#parsed = parsedStatements;
    for (const [at, { name = '', text, values = [], wanted = false }] of this.#statements.entries()) {
      if (name === '') messages.parse(name, text);
      else if (parsedStatements[name] === undefined && submittedNamedStatements[name] === undefined) {
        // A flight that failed may have left it parsed; to close what is not there is no error.
        messages.close(name);
        messages.parse(name, text);
        parsedStatements[name] = text;
        this.#parsing.push({ at, name });
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
    const { wanted, name } = this.#statements[this.#at]!;
    // What answers without columns is not asked for them again.
    if (wanted && name !== undefined && !this.#known.has(name)) this.#known.set(name, NO_COLUMNS);
    const did = message.text;
    this.#answers.push({ rows: this.#rows, rowCount: Number(/\d+$/.exec(did)?.[0] ?? 0), did });
    this.#rows = [];
    this.#at += 1;
  }

  // The server has passed over all that stood behind the statement that failed.
  handleError(error: Error): void {
    for (const { at, name } of this.#parsing) if (at >= this.#at) delete this.#parsed[name];
    this.#land(error, this.#answers);
  }

  handleReadyForQuery(): void {
    this.#land(null, this.#answers);
  }
}

/** Sends the statements in one write. */
export function send(
  client: pg.PoolClient,
  statements: readonly FlightStatement[],
  columnsOf: ColumnsOf,
  land: Land,
): void {
  client.query(new Flight(statements, columnsOf, land));
}

/** Sends the statements and answers with those that are wanted. */
export function fly(
  client: pg.PoolClient,
  statements: readonly FlightStatement[],
  columnsOf: ColumnsOf,
): Promise<readonly FlightAnswer[]> {
  return new Promise((resolve, reject) => {
    send(client, statements, columnsOf, (error, answers) => {
      if (error) reject(error);
      else resolve(answers.flatMap((one, at) => (statements[at]!.wanted ? [answerOf(one)] : [])));
    });
  });
}

export const answerOf = ({ rows, rowCount }: Done): FlightAnswer => ({ rows, rowCount });
