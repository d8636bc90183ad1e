// Reads all SQL of the project for the rules that keep one code base right on PostgreSQL 15 and on a Citus cluster.
// The rules and the trials behind them: docs/decisions (from one machine to a province). A rule that can only be seen
// by running is not here.
import { type Literal, scanCode } from './literals.ts';
import { type Finding, isTest, lineAt, type SourceFile } from './source-files.ts';

interface Rule {
  readonly name: string;
  readonly pattern: RegExp;
  readonly why: string;
  /** A statement of this form may do it all the same. */
  readonly unless?: RegExp;
}

export const SQL_RULES: readonly Rule[] = [
  {
    name: 'no-trigger',
    pattern: /\bcreate\s+(?:or\s+replace\s+)?(?:constraint\s+|event\s+)?trigger\b/gi,
    why: 'no triggers on distributed tables: audit, feed and time stamps are written by the application',
  },
  {
    name: 'no-database-clock',
    pattern:
      /\b(?:now|clock_timestamp|statement_timestamp|transaction_timestamp)\s*\(|\b(?:current_timestamp|current_date|current_time|localtimestamp|localtime)\b/gi,
    why: 'the time is read once and passed as a parameter; a worker has a clock of its own',
  },
  {
    name: 'no-advisory-lock',
    pattern: /\bpg_(?:try_)?advisory_\w+/gi,
    why: 'advisory locks belong to the node where they run: lock a row, or take it in a statement without FROM',
    unless: /^\s*select\s+pg_advisory_xact_lock\s*\((?:(?!\bfrom\b)[\s\S])*$/i,
  },
  {
    name: 'no-set-config',
    pattern: /\bset_config\s*\(/gi,
    why: 'set_config() does not reach the workers: set local',
  },
  {
    name: 'no-subquery-in-policy',
    pattern: /\bcreate\s+policy\b[^;]*?\bselect\b/gi,
    why: 'a policy holds no sub-query: carry the list in the setting',
  },
  {
    name: 'no-set-null',
    pattern: /\bon\s+delete\s+set\s+(?:null|default)\b/gi,
    why: 'no ON DELETE SET NULL in foreign keys of distributed tables',
  },
  {
    name: 'no-running-number',
    pattern:
      /\b(?:big|small)?serial\b|\bcreate\s+sequence\b|\bgenerated\s+(?:always|by\s+default)\s+as\s+identity\b|\bnextval\s*\(/gi,
    why: 'keys are UUIDs made by the writer; a number that people see comes from a counter row',
  },
  {
    name: 'no-serializable',
    pattern: /\bserializable\b/gi,
    why: 'SERIALIZABLE holds per node only: use a version column',
  },
  {
    name: 'no-transaction-id',
    pattern:
      /\btxid_\w+|\bpg_current_xact_id\w*|\bpg_current_snapshot\b|\bpg_snapshot_\w+|\bxmin\b|\bxmax\b/gi,
    why: 'transaction ids are per node: number the feed inside the consortium',
  },
  {
    name: 'no-values-subquery',
    pattern: /\bvalues\s*\(\s*\(\s*select\b/gi,
    why: 'VALUES ((select ...)) is refused on a distributed table',
  },
  {
    name: 'no-two-phase-commit',
    pattern: /\bprepare\s+transaction\b|\bcommit\s+prepared\b/gi,
    why: 'no two-phase commit by the client',
  },
  {
    name: 'no-catalogue-count',
    pattern: /\breltuples\b|\bn_live_tup\b/gi,
    why: "the coordinator's catalogue has no statistics of the workers",
  },
  {
    name: 'nothing-newer-than-15',
    pattern:
      /\bjson_(?:table|exists|query|value|scalar|serialize)\s*\(|\bis\s+(?:not\s+)?json\b|\bany_value\s*\(|\buuidv[47]\s*\(|\bpg_input_is_valid\s*\(|\barray_(?:shuffle|sample|sort|reverse)\s*\(|\bcasefold\s*\(|\bto_(?:bin|oct)\s*\(|\bwithout\s+overlaps\b|\bmerge\s+into\b[^;]*\breturning\b|\breturning\s+(?:old|new)\.|\bon_error\s+ignore\b|\bsystem_user\b/gi,
    why: 'SQL uses nothing newer than PostgreSQL 15',
  },
];

// A statement as text begins with its verb; everything tagged sql`...` is SQL, whatever it begins with.
const BEGINS_AS_SQL =
  /^\s*(?:select|insert\s+into|update\s+\S+\s+set|delete\s+from|with\s+\S+\s+as|create|alter|drop|grant|revoke|lock\s+table|merge\s+into|copy|truncate|declare|begin|start\s+transaction|set\s+(?:local|session|transaction)|do\s+\$)\b/i;

export function checkSql(files: readonly SourceFile[]): Finding[] {
  return files
    .filter(({ path }) => path.endsWith('.sql') || (/^(packages|apps)\/.*\.ts$/.test(path) && !isTest(path)))
    .flatMap(checkFile);
}

function checkFile(file: SourceFile): Finding[] {
  const pieces = file.path.endsWith('.sql') ? [{ offset: 0, text: file.text }] : sqlIn(file.text);
  const found = pieces.flatMap(({ offset, text }) => {
    const sql = withoutComments(text);
    return SQL_RULES.filter((rule) => !rule.unless?.test(sql)).flatMap((rule) =>
      [...sql.matchAll(rule.pattern)].map((match) => ({
        path: file.path,
        line: lineAt(file.text, offset + match.index),
        rule: rule.name,
        message: `"${match[0].replace(/\s+/g, ' ').slice(0, 60)}": ${rule.why}`,
      })),
    );
  });
  return [...found, ...constraintNames(file)];
}

function constraintNames({ path, text }: SourceFile): Finding[] {
  if (path.endsWith('.sql')) return [];
  return [...text.matchAll(/\b(?:error|cause|failure)\b[^\n]{0,40}?\.constraint(?:_name)?\b/g)].map(
    (match) => ({
      path,
      line: lineAt(text, match.index),
      rule: 'no-constraint-name',
      message: 'constraint names carry shard suffixes on a cluster: branch on SQLSTATE',
    }),
  );
}

/** String and template literals that hold SQL, with their place. */
function sqlIn(text: string): Literal[] {
  const found: Literal[] = [];
  scanCode(text, 0, found, '');
  return found.filter(({ tagged, text: inner }) => tagged || BEGINS_AS_SQL.test(inner));
}

function withoutComments(sql: string): string {
  return sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '));
}
