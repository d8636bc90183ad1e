// Made-up programmes: the catalogue, one of them, its tree of tasks and its matching plan.
import type { MatchPage, ProgrammeDetail, ProgrammeSummary, TreeNode, TreePage } from '../contract.ts';
import { act } from './story-case.ts';
import { diagram, item, loop, programme } from './story-cases.ts';
import { text } from './story-frame.ts';

export const programmes: readonly ProgrammeSummary[] = [
  {
    ...programme,
    domain: 'hr',
    domainName: text('人才下沉与人事薪酬', 'Workforce, posts and pay'),
    summary: text(
      '基层点单、总院派单、专家接单、多维评单',
      'Primary sites order, the head hospital dispatches, experts accept, many rate',
    ),
    loops: 1,
    registers: 1,
    openCases: 21,
  },
  {
    id: 'hr/talent-pool-matching',
    name: text('优质人才资源库与精准匹配', 'Talent pool and matching'),
    domain: 'hr',
    domainName: text('人才下沉与人事薪酬', 'Workforce, posts and pay'),
    summary: null,
    loops: 0,
    registers: 1,
    openCases: 0,
  },
  {
    id: 'insp/event-closed-loop',
    name: text('监督事件闭环', 'Inspection event loop'),
    domain: 'insp',
    domainName: text('综合监督', 'Supervision'),
    summary: null,
    loops: 1,
    registers: 0,
    openCases: 12,
  },
];

export const programmeDetail: ProgrammeDetail = {
  programme: programmes[0]!,
  reform: [
    text('三个一体化', 'Three integrations'),
    text('人才下沉', 'Talent to the townships'),
    text('订单式下派', 'Order-based dispatch'),
  ],
  sources: ['石屏县医共体改革经验：基层点单、总院派单、专家接单、多维评单'],
  loops: [
    {
      id: 'order',
      name: loop.name,
      diagram,
      canStart: true,
      statistics: {
        open: 21,
        closed: 33,
        late: 1,
        onTimeRate: '0.9762',
        closureRate: '0.94',
        ratingAverage: '4.7',
      },
    },
  ],
  registers: [{ id: 'hr/talent-pool', name: text('人才资源库', 'Talent pool'), programme, entries: 212 }],
  trees: [{ id: 'tasks', name: text('任务清单', 'Task list') }],
  matches: [{ id: 'plan', name: text('派出方案', 'Dispatch plan') }],
  runs: [
    {
      name: text('季度回访', 'Quarterly visit'),
      kind: text('周期工作', 'Recurring work'),
      figures: [
        { name: text('应做', 'Due'), value: '32', tone: null },
        { name: text('逾期', 'Late'), value: '2', tone: 'late' },
      ],
    },
  ],
  parts: [{ kind: text('表单', 'Forms'), names: [text('订单审核', 'Order review'), text('评单', 'Rating')] }],
};

const task = (id: string, parent: string, title: string, more: Partial<TreeNode> = {}): TreeNode => ({
  id,
  parent,
  title,
  leaf: true,
  lead: '清江县人民医院',
  coLeads: ['柳溪镇中心卫生院'],
  due: '2026-06-30',
  doneOn: null,
  late: false,
  tasks: 1,
  done: 0,
  overdue: 0,
  progress: 0,
  evidence: [],
  acts: [],
  ...more,
});

const area = (id: string, title: string, tasks: number, done: number, overdue: number): TreeNode =>
  task(id, '', title, {
    parent: null,
    leaf: false,
    lead: null,
    coLeads: [],
    due: null,
    tasks,
    done,
    overdue,
    progress: 40,
  });

export const tree: TreePage = {
  id: 'tasks',
  name: text('医药重点工作任务清单', 'Task list'),
  programme,
  asOf: '2026-03-05',
  nodes: [
    area('a1', '创新药械临床应用', 3, 1, 1),
    task('1', 'a1', '建立创新药械目录并按季更新', { doneOn: '2026-02-11', done: 1, progress: 100 }),
    task('2', 'a1', '三家县级医院三个月内完成配备', {
      due: '2026-02-28',
      late: true,
      overdue: 1,
      progress: 60,
      acts: [act('report', text('报送进度', 'Report'), 'main', { needsReason: true })],
    }),
    task('3', 'a1', '临床使用情况按月报送', { progress: 20 }),
    area('a2', '医药流通服务体系', 1, 0, 0),
    task('4', 'a2', '村卫生室药品配送到点'),
  ],
};

export const match: MatchPage = {
  id: 'plan',
  name: text('派出方案', 'Dispatch plan'),
  programme,
  asked: 3,
  filled: 2,
  assignments: [
    {
      item: item(2),
      person: '阿卜杜热依木·买买提',
      score: 0.86,
      parts: [
        { name: text('专业对口', 'Same specialty'), value: 0.5 },
        { name: text('掌握所需技术 2 项', 'Has 2 of the techniques'), value: 0.36 },
      ],
      passedOver: [{ person: '李建国', score: 0.9 }],
      act: act('confirm', text('按此派单', 'Confirm'), 'main'),
    },
  ],
  unmet: [
    {
      item: item(1),
      missing: 1,
      because: text('人才库中没有儿科专家', 'There is no paediatrician in the pool'),
    },
  ],
};
