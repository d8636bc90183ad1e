// What every route of the server is given. Routes never see a database: they ask the record, with an Access.
import type { Clock, Text } from '@yimai/kit';
import type { Access, Record } from '@yimai/record';
import type { FastifyRequest } from 'fastify';
import type { Accounts } from '../accounts.ts';

/** A sign-in that the demo prints and shows; its person is synthetic. */
export interface DemoSignIn {
  readonly login: string;
  readonly password: string;
  readonly name: string;
  readonly role: Text;
  readonly org: string;
}

export interface ServerDeps {
  readonly record: Record;
  readonly accounts: Accounts;
  readonly clock: Clock;
  /** True for a consortium of synthetic people; demo sign-ins are shown, opening to other hosts is refused. */
  readonly demo: boolean;
  readonly demoSignIns: readonly DemoSignIn[];
  /** Public base of this server, without a slash at the end; null: taken from the request. */
  readonly publicUrl: string | null;
  /** Folder of the built desk; null when there is none (an API-only server). */
  readonly deskFolder: string | null;
  /** What the outside provider is called on the sign-in page; absent where there is none. */
  readonly outsideName?: Text;
  /** Longest request body in bytes. */
  readonly bodyLimit: number;
  /** True if the error says that the database is away; the log learns it once. */
  isDatabaseAway?(error: unknown): boolean;
  /** True if the error says that the disk is full. */
  isDiskFull?(error: unknown): boolean;
  log(
    level: 'info' | 'warn' | 'error',
    message: string,
    fields?: { readonly [key: string]: string | number },
  ): void;
}

/** Who asks, in the role of the `x-yimai-acting` header or the first role; refuses by throwing RefusalError. */
export type AccessOf = (request: FastifyRequest) => Promise<Access>;
