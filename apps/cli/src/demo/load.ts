// Loads the demo consortium once; broken off, it goes on where it stopped, because every id follows from its source.
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must, type Uuid } from '@yimai/kit';
import { assignRole, createUser, findUser, rolesOf } from '@yimai/record';
import type { Consortium, ServerOptions } from '@yimai/server';
import type { Io } from '../io.ts';
import { progressBar } from './progress.ts';
import { DEMO_PASSWORD, DEMO_USERS, demoResources } from './small-county.ts';

type SignIns = NonNullable<ServerOptions['demoSignIns']>;

const mark = (house: Consortium) => join(house.dataDir, 'demo-loaded.json');

export const demoSignIns: SignIns = DEMO_USERS.map(({ login, name, roleName, orgName }) => ({
  login,
  password: DEMO_PASSWORD,
  name,
  role: roleName,
  org: orgName,
}));

export async function loadDemo(house: Consortium, io: Io): Promise<void> {
  if (existsSync(mark(house))) return;
  const resources = demoResources();
  const tell = progressBar(
    io,
    { zh: '装载演示数据', en: 'loading demo data' }[io.language],
    resources.length + DEMO_USERS.length,
  );
  const importer = house.record.importer(house.record.systemAccess(), { via: 'import' });
  let done = 0;
  for (const resource of resources) {
    await importer.add(JSON.stringify(resource), done + 1);
    done += 1;
    tell(done);
  }
  const report = await importer.finish();
  const first = report.errors[0];
  if (first)
    throw new Error(`fault: demo resource ${first.line} was refused: ${JSON.stringify(first.refusal)}`);
  for (const user of DEMO_USERS) {
    await ensureUser(house, user);
    done += 1;
    tell(done);
  }
  writeFileSync(`${mark(house)}.new`, `${JSON.stringify({ loadedAt: house.clock.now() })}\n`, {
    mode: 0o600,
    flush: true,
  });
  renameSync(`${mark(house)}.new`, mark(house));
}

async function ensureUser(
  house: Consortium,
  { login, name, role, org }: (typeof DEMO_USERS)[number],
): Promise<void> {
  const { database, policy, clock } = house;
  const now = clock.now();
  const known = await findUser(database, login);
  const user =
    known ??
    must(await createUser(database, policy, { login, name, password: DEMO_PASSWORD, demo: true }, now));
  const held = await rolesOf(database, user.id as Uuid);
  if (held.length === 0) must(await assignRole(database, policy, { user: user.id as Uuid, role, org }, now));
}
