// Whether an error says that the database cannot be reached at this moment, or that a disk is full: weather, not a fault of ours.

/** SQLSTATE: connection exceptions, too many connections, shutting down, crashed, starting up. */
const STATES = /^(08\w{3}|53300|57P0[123])$/;
const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
/** What the driver says without a code. */
const WORDS =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/;

export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, syscall } = error as { code?: unknown; syscall?: unknown };
  if (typeof code === 'string') {
    if (STATES.test(code)) return true;
    // Of a file that is missing, or of a socket: only the latter is the database.
    if (NETWORK.has(code) || code === 'ENOENT')
      return ['connect', 'read', 'write', 'getaddrinfo'].includes(String(syscall));
  }
  if (error instanceof AggregateError) return error.errors.some(isDatabaseAway);
  return WORDS.test(error.message) || isDatabaseAway(error.cause);
}

/** No room left, said by the disk itself, by a quota, or by the database of its own disk. */
export function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  return code === 'ENOSPC' || code === 'EDQUOT' || code === '53100' || isDiskFull(error.cause);
}
