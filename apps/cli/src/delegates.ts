// Commands that other rooms read and run themselves; each room is loaded only when its command is asked for.
import { join } from 'node:path';
import { dataFolder } from '@yimai/postgres/embedded';
import type { Delegate } from './command.ts';

export const delegates: readonly Delegate[] = [
  {
    name: 'group',
    summary: {
      zh: '病例分组（DRG），JSON 行进出',
      en: 'put hospital stays into payment groups, JSON lines in and out',
    },
    delegate: async (argv) => (await import('@yimai/grouping/cli')).runGroupCommand(argv, process),
  },
  {
    name: 'views',
    summary: { zh: '在 FHIR 资源上运行视图定义', en: 'run view definitions over FHIR resources' },
    delegate: async (argv) => (await import('@yimai/views/cli')).runViewsCommand(argv, process),
  },
  {
    name: 'measures',
    summary: { zh: '计算指标', en: 'compute measures' },
    delegate: async (argv) => {
      const { data, rest } = takeData(argv);
      const { runMeasuresCommand } = await import('@yimai/measures/cli');
      return runMeasuresCommand(rest, process, {
        snapshots: join(dataFolder(data), 'views', 'published'),
        async readerOf(login) {
          const { openConsortium, figureReader } = await import('@yimai/server');
          const house = await openConsortium({ dataDir: dataFolder(data), poolSize: 2, log: () => {} });
          try {
            return await figureReader(house, login);
          } finally {
            await house.close();
          }
        },
      });
    },
  },
];

/** `--data DIR` is ours; what remains is for the room to read. */
function takeData(argv: readonly string[]): { data: string | undefined; rest: readonly string[] } {
  const at = argv.findIndex((word) => word === '--data' || word.startsWith('--data='));
  if (at === -1) return { data: undefined, rest: argv };
  const word = argv[at]!;
  const long = word.startsWith('--data=');
  return { data: long ? word.slice(7) : argv[at + 1], rest: argv.toSpliced(at, long ? 1 : 2) };
}
