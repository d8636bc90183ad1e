// Numbered, forward-only migrations: what has run is kept with its checksum, so that drift is seen at start.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

export interface Migration {
  /** `record/0001_resources`: the room and its number. */
  readonly name: string;
  readonly text: string;
  /** `--! breaking` on line one: older code must not run on the result. */
  readonly breaking: boolean;
}

/** Reads `NNNN_name.sql` files of one room in order; a gap or a double number is a fault of ours. */
export function readMigrations(room: string, folder: string): Migration[] {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort();
  return files.map((file, index) => {
    if (Number(file.slice(0, 4)) !== index + 1)
      throw new Error(`fault: migrations of ${room} have a gap before ${file}`);
    const text = readFileSync(join(folder, file), 'utf8');
    return { name: `${room}/${file.replace(/\.sql$/, '')}`, text, breaking: text.startsWith('--! breaking') };
  });
}

export interface MigrationReport {
  readonly applied: readonly string[];
  /** Migrations whose text changed after they ran, or that the database has and this code does not know. */
  readonly drift: readonly string[];
}

/**
 * Brings the schema up to date as its owner. `appRole` gets the rights to use, never to own. Several processes may
 * call it at once: they queue on a lock named after the schema.
 */
export async function migrate(options: {
  readonly ownerUrl: string;
  readonly schema: string;
  readonly appRole: string;
  readonly migrations: readonly Migration[];
  readonly now: Date;
}): Promise<MigrationReport> {
  const client = new pg.Client({ connectionString: options.ownerUrl });
  await client.connect();
  const { schema } = options;
  const appRole = client.escapeIdentifier(options.appRole);
  try {
    await client.query('begin');
    await createBookkeeping(client, schema);
    const done = new Map<string, string>(
      (
        await client.query<{ name: string; checksum: string }>('select name, checksum from migration')
      ).rows.map((row) => [row.name, row.checksum]),
    );
    const known = new Set(options.migrations.map((migration) => migration.name));
    const drift = [...done.keys()]
      .filter((name) => !known.has(name))
      .map((name) => `${name}: unknown to this version`);
    const applied: string[] = [];
    for (const migration of options.migrations) {
      const checksum = createHash('sha256').update(migration.text).digest('hex');
      const before = done.get(migration.name);
      if (before === checksum) continue;
      if (before !== undefined) {
        drift.push(`${migration.name}: its text changed after it ran`);
        continue;
      }
      await client.query(migration.text);
      await client.query('insert into migration (name, checksum, applied_at) values ($1, $2, $3)', [
        migration.name,
        checksum,
        options.now,
      ]);
      applied.push(migration.name);
    }
    if (applied.length > 0) {
      await client.query(`grant usage on schema ${schema} to ${appRole}`);
      await client.query(
        `grant select, insert, update, delete on all tables in schema ${schema} to ${appRole}`,
      );
      await client.query(`revoke insert, update, delete on migration from ${appRole}`);
    }
    await client.query('commit');
    return { applied, drift };
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  } finally {
    await client.end();
  }
}

// "if not exists" looks before it makes: of two first starts at once the second may find a half-made thing and fail.
async function createBookkeeping(client: pg.Client, schema: string): Promise<void> {
  await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`migrate ${schema}`]);
  await client.query(`create schema if not exists ${schema}`);
  await client.query(`set search_path = ${schema}, public`);
  await client.query(
    'create table if not exists migration (name text primary key, checksum text not null, applied_at timestamptz not null)',
  );
}
