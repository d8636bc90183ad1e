// Several statements in one flight: one write to the socket, one answer of the server, and one end that all share. If one
// fails, the server passes over those behind it.
import pg from 'pg';

export interface FlightStatement {
  /** A statement with a name is parsed once per connection. */
  readonly name?: string;
  readonly text: string;
  readonly values?: readonly unknown[];
  /** Its rows are the answer of the flight. */
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

type Messages = {
  parse(statement: { name: string; text: string }): void;
  bind(bound: {
    statement: string;
    values: readonly unknown[];
    valueMapper?: (value: unknown) => unknown;
  }): void;
  describe(what: { type: 'P'; name: string }): void;
  execute(portal: { portal: string }): void;
  sync(): void;
  readonly stream: { cork(): void; uncork(): void };
  /** Kept by `pg`: what the connection has parsed, and what it was told to. */
  readonly parsedStatements: Record<string, string>;
  readonly submittedNamedStatements: Record<string, string>;
};

/** The columns that the named statements of a connection answer with. */
const answering = new WeakMap<object, Map<string, readonly Column[]>>();

/**
 * `pg` lets nothing but its own queries share a pipelined connection, so this is one. After a failure it is not known
 * what the connection has parsed: the caller lets it go.
 */
class Flight extends pg.Query {
  readonly #statements: readonly FlightStatement[];
  readonly #columnsOf: (oid: number) => (text: string) => unknown;
  readonly #land: (error: Error | null, answer: FlightAnswer) => void;
  readonly #rows: Record<string, unknown>[] = [];
  #known: Map<string, readonly Column[]> = new Map();
  #columns: readonly Column[] = [];
  #rowCount = 0;
  #at = 0;

  constructor(
    statements: readonly FlightStatement[],
    columnsOf: (oid: number) => (text: string) => unknown,
    land: (error: Error | null, answer: FlightAnswer) => void,
  ) {
    super({ text: '' }, () => {});
    this.#statements = statements;
    this.#columnsOf = columnsOf;
    this.#land = land;
  }

  override submit = (connection: unknown): void => {
    const messages = connection as Messages;
    this.#known = answering.get(messages) ?? new Map<string, readonly Column[]>();
    answering.set(messages, this.#known);
    messages.stream.cork();
    try {
      for (const statement of this.#statements) this.#send(messages, statement);
      messages.sync();
    } finally {
      messages.stream.uncork();
    }
  };

  #send(messages: Messages, { name = '', text, values = [], wanted = false }: FlightStatement): void {
    if (
      messages.parsedStatements[name] === undefined &&
      messages.submittedNamedStatements[name] === undefined
    ) {
      messages.parse({ name, text });
      if (name !== '') messages.parsedStatements[name] = text;
    }
    messages.bind({ statement: name, values });
    if (wanted) {
      const columns = this.#known.get(name);
      if (columns) this.#columns = columns;
      else messages.describe({ type: 'P', name: '' });
    }
    messages.execute({ portal: '' });
  }

  handleRowDescription(message: { fields: readonly { name: string; dataTypeID: number }[] }): void {
    this.#columns = message.fields.map((field) => ({
      name: field.name,
      read: this.#columnsOf(field.dataTypeID),
    }));
    const { name } = this.#statements[this.#at]!;
    if (name !== undefined) this.#known.set(name, this.#columns);
  }

  handleDataRow(message: { fields: readonly (string | null)[] }): void {
    if (!this.#statements[this.#at]?.wanted) return;
    const row: Record<string, unknown> = {};
    for (const [at, column] of this.#columns.entries()) {
      const text = message.fields[at];
      row[column.name] = text === null || text === undefined ? null : column.read(text);
    }
    this.#rows.push(row);
  }

  handleCommandComplete(message: { text: string }): void {
    if (this.#statements[this.#at]?.wanted) this.#rowCount = Number(/\d+$/.exec(message.text)?.[0] ?? 0);
    this.#at += 1;
  }

  handleError(error: Error): void {
    this.#land(error, { rows: [], rowCount: 0 });
  }

  handleReadyForQuery(): void {
    this.#land(null, { rows: this.#rows, rowCount: this.#rowCount });
  }
}

/** Sends the statements and answers with the rows of the one that is wanted. */
export function fly(
  client: pg.PoolClient,
  statements: readonly FlightStatement[],
  columnsOf: (oid: number) => (text: string) => unknown,
): Promise<FlightAnswer> {
  return new Promise((resolve, reject) => {
    client.query(
      new Flight(statements, columnsOf, (error, answer) => {
        if (error) reject(error);
        else resolve(answer);
      }),
    );
  });
}
