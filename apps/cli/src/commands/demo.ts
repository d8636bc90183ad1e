// `yimai demo`: a fictional consortium on this machine, with everything set up by itself.
import { must, refuse } from '@yimai/kit';
import { removeEmbedded } from '@yimai/postgres/embedded';
import type { Consortium, RunningServer } from '@yimai/server';
import { type Command, EXIT, type Given, readPort } from '../command.ts';
import type { PlayedYear, SignIns } from '../demo/load.ts';
import { untilToldToEnd } from '../ending.ts';
import { logTo, openHouse, tellFirstStart } from '../house.ts';
import type { Io } from '../io.ts';
import { refuseAddress } from '../network.ts';

const PORT = 8720;
const PORTS_TRIED = 100;
const PORT_MAX = 65_535;
const RESIDENTS = 8_000;
const RESIDENTS_MAX = 500_000;

export const demo: Command = {
  name: 'demo',
  summary: {
    zh: '演示：装好一切，打开一个虚构的医共体',
    en: 'demo: set all up and open a fictional consortium',
  },
  options: {
    port: {
      type: 'string',
      value: 'N',
      help: { zh: `从哪个端口起找空闲端口，默认 ${PORT}`, en: `first port to try, default ${PORT}` },
    },
    fresh: { type: 'boolean', help: { zh: '删除旧数据，从头开始', en: 'remove the data and start over' } },
    empty: { type: 'boolean', help: { zh: '不装载演示数据', en: 'start without demo data' } },
    residents: {
      type: 'string',
      value: 'N',
      help: {
        zh: `虚构居民人数，默认 ${RESIDENTS}；全县为 300000`,
        en: `fictional residents, default ${RESIDENTS}; a whole county has 300000`,
      },
    },
  },
  async run(given, io) {
    const [port, residents] = [readPort(given, PORT), readResidents(given)];
    if (given.flag('fresh')) await startOver(given, io);
    // Told to end while it still loads: it ends as soon as the house can be closed.
    const ended = untilToldToEnd();
    const house = await openHouse(given, io);
    const { demoSignIns, prepareDemo } = await import('../demo/load.ts');
    const { deskFolder } = await import('../desk.ts');
    try {
      if (!given.flag('empty')) await refuseRealHouse(house);
      const folder = await deskFolder(io);
      const year = given.flag('empty') ? null : await prepareDemo(house, io, residents);
      const signIns = await demoSignIns(house);
      const server = await startOnFreePort(house, port, { folder, signIns, year }, io);
      await tell(server, signIns, io);
      const closed = ended.then(() => {
        io.say({ zh: '正在停止 ...', en: 'stopping ...' });
        year?.stop();
        return server.close();
      });
      await Promise.all([playYear(house, year, io), closed]);
    } finally {
      await house.close();
    }
    return EXIT.done;
  },
};

/** While the year is played its own clock fires what is due; after it the real time goes on. */
async function playYear(house: Consortium, year: PlayedYear | null, io: Io): Promise<void> {
  if (year === null || year.isComplete) return;
  await year.play();
  if (!year.isComplete) return;
  house.due.start();
  io.say({ zh: '演示县的一年已播放完毕', en: 'the year of the demo county is complete' });
}

function readResidents(given: Given): number {
  const text = given.text('residents') ?? String(RESIDENTS);
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= RESIDENTS_MAX) return count;
  const zh = `居民人数应为 1 至 ${RESIDENTS_MAX} 的整数`;
  const en = `the number of residents is a whole number from 1 to ${RESIDENTS_MAX}`;
  return must(refuse('not-a-number-of-residents', { zh, en }, { at: '--residents' }));
}

async function startOver(given: Given, io: Io): Promise<void> {
  if (process.env['DATABASE_URL']) {
    must(
      refuse(
        'fresh-needs-embedded',
        {
          zh: '--fresh 只用于内置数据库，不会清空 DATABASE_URL 的服务器',
          en: '--fresh is for the embedded database; it never empties the server of DATABASE_URL',
        },
        { at: '--fresh' },
      ),
    );
  }
  await removeEmbedded(given.text('data'));
  io.say({ zh: '已删除旧数据', en: 'the old data are removed' });
}

/** Synthetic persons and passwords that everybody knows never go into a house where real people sign in. */
async function refuseRealHouse({ accounts }: Consortium): Promise<void> {
  if ((await accounts.isFresh()) || (await accounts.hasDemoUsers())) return;
  must(
    refuse(
      'demo-not-here',
      {
        zh: '这里已有真实账号，不装演示数据：请用 --data 换一个文件夹，或加 --empty 原样打开（--fresh 会删除这里的数据）',
        en: 'real people sign in here, so no demo data are loaded: name another folder with --data, or open it as it is with --empty (--fresh removes what is here)',
      },
      { at: '--data' },
    ),
  );
}

interface Shown {
  readonly folder: string | null;
  readonly signIns: SignIns;
  readonly year: PlayedYear | null;
}

async function startOnFreePort(
  house: Consortium,
  first: number,
  shown: Shown,
  io: Io,
): Promise<RunningServer> {
  const { startServer } = await import('@yimai/server');
  for (let port = first; ; port += 1) {
    try {
      return await startServer(house, {
        port,
        demo: true,
        demoSignIns: shown.signIns,
        firesDue: shown.year?.isComplete ?? true,
        ...(shown.year ? { loading: shown.year.loading } : {}),
        deskFolder: shown.folder,
        log: logTo(io),
      });
    } catch (error) {
      const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      if (!isTaken || port >= Math.min(first + PORTS_TRIED, PORT_MAX)) refuseAddress(error);
    }
  }
}

async function tell(server: RunningServer, signIns: SignIns, io: Io): Promise<void> {
  io.line('');
  io.say({ zh: `一脉演示已就绪：${server.url}`, en: `The Yimai demo is ready: ${server.url}` });
  if (signIns.length > 0) {
    io.say({ zh: '演示登录（人员均为虚构）：', en: 'Demo sign-ins (all persons are synthetic):' });
    for (const { login, password, name, role, org } of signIns)
      io.line(`  ${login.padEnd(19)} ${password}  ${name}  ${role[io.language]} · ${org}`);
  } else {
    io.say({ zh: '没有演示数据。', en: 'No demo data.' });
    tellFirstStart(server, io);
  }
  io.say({ zh: 'Ctrl-C 停止。', en: 'Ctrl-C stops.' });
  // A terminal has the words above; a script gets the result.
  if (!process.stdout.isTTY) await io.result({ url: server.url, fhir: server.fhir, signIns });
}
