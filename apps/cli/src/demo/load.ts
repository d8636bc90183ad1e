// Loads the fictional county once; broken off, it goes on where it stopped, because every id follows from its source.
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEMO_PASSWORD, loadCounty, places, staffUsers } from '@yimai/county';
import type { Text } from '@yimai/kit';
import type { Consortium, ServerOptions } from '@yimai/server';
import type { Io } from '../io.ts';
import { progressBar } from './progress.ts';

export type SignIns = NonNullable<ServerOptions['demoSignIns']>;

const RESIDENTS = 1_200;
const STAGES: Readonly<Record<string, Text>> = {
  organisations: { zh: '机构', en: 'organisations' },
  users: { zh: '用户', en: 'users' },
  residents: { zh: '居民', en: 'residents' },
};

export async function loadDemo(house: Consortium, io: Io): Promise<void> {
  // The mark is written last: a load that was broken off is done again.
  const mark = join(house.dataDir, 'demo-loaded.json');
  if (existsSync(mark)) return;
  io.say({ zh: '正在装载演示数据（人员均为虚构）', en: 'loading the demo data (all persons are synthetic)' });
  const bars = new Map<string, (done: number) => void>();
  await loadCounty(house, {
    residents: RESIDENTS,
    progress: (stage, done, of) => {
      const bar = bars.get(stage) ?? progressBar(io, STAGES[stage]?.[io.language] ?? stage, of);
      bars.set(stage, bar);
      bar(done);
    },
  });
  const text = `${JSON.stringify({ loadedAt: house.clock.now() })}\n`;
  writeFileSync(`${mark}.new`, text, { mode: 0o600, flush: true });
  renameSync(`${mark}.new`, mark);
}

/** What is printed and shown on the sign-in page. */
export async function demoSignIns(house: Consortium): Promise<SignIns> {
  if (!(await house.accounts.hasDemoUsers())) return [];
  const orgs = new Map(places().map(({ id, name }) => [id, name]));
  return staffUsers().map(({ login, name, role, org }) => ({
    login,
    password: DEMO_PASSWORD,
    name,
    role: house.policy.roles.get(role)?.name ?? { zh: role, en: role },
    org: orgs.get(org) ?? org,
  }));
}
