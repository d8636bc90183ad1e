// What the functions of this folder need to run a statement: a database, a transaction of it, or that of a command.
import type { Sql } from '@yimai/postgres';

export type Runner = Pick<Sql, 'run'>;
