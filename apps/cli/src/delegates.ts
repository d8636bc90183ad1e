// Commands that other rooms read and run themselves; each room is loaded only when its command is asked for.
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
];
