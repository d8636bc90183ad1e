// Made-up cases: the loop of an expert order, lines of a list, the home, one case with its form and acts.
import type { Home, LoopDiagram, StateKind, Text, WorkItem } from '../contract.ts';
import { hoursAgo, NOW, text } from './story-frame.ts';

export const programme = { id: 'hr/order-dispatch', name: text('订单式下派', 'Order-based dispatch') };

export const loop = { id: 'hr/order-dispatch/order', name: text('专家订单', 'Expert order') };

const STATES: readonly (readonly [string, Text, Text | null, Text | null, 'done' | 'closed' | null])[] = [
  [
    'filed',
    text('已提交', 'Filed'),
    text('人力资源中心', 'HR centre'),
    text('3 个工作日', '3 working days'),
    null,
  ],
  [
    'reviewed',
    text('已审核', 'Reviewed'),
    text('人力资源中心', 'HR centre'),
    text('5 个工作日', '5 working days'),
    null,
  ],
  ['listed', text('列入年度清单', 'Listed'), text('总医院', 'Head hospital'), text('15 天', '15 days'), null],
  ['matched', text('已匹配', 'Matched'), text('专家', 'Expert'), text('2 个工作日', '2 working days'), null],
  ['accepted', text('专家已接单', 'Accepted'), text('专家', 'Expert'), text('7 天', '7 days'), null],
  ['on-site', text('驻点帮扶', 'On site'), text('专家', 'Expert'), text('12 个月', '12 months'), null],
  [
    'rated',
    text('多维评单', 'Rating'),
    text('卫生院', 'Township'),
    text('10 个工作日', '10 working days'),
    null,
  ],
  ['closed', text('已办结', 'Closed'), null, null, 'done'],
  ['withdrawn', text('已撤回', 'Withdrawn'), null, null, 'closed'],
];

export const diagram: LoopDiagram = {
  states: STATES.map(([id, name, owner, deadline, end], index) => ({
    id,
    name,
    owner,
    deadline,
    end,
    column: end === 'closed' ? 7 : index,
    row: end === 'closed' ? 1 : 0,
  })),
  moves: [
    ...STATES.slice(0, 7).map(([id], index) => ({
      name: text('下一步', 'Next'),
      from: id,
      to: STATES[index + 1]![0],
      kind: 'forward' as const,
      back: false,
    })),
    { name: text('退回补充', 'Send back'), from: 'listed', to: 'filed', kind: 'return', back: true },
    { name: text('谢绝', 'Decline'), from: 'matched', to: 'listed', kind: 'return', back: true },
    { name: text('撤回', 'Withdraw'), from: 'filed', to: 'withdrawn', kind: 'withdraw', back: false },
  ],
};

const KINDS: readonly [string, Text, StateKind, number][] = [
  ['filed', text('已提交', 'Filed'), 'late', -540],
  ['matched', text('已匹配', 'Matched'), 'critical', 40],
  ['reviewed', text('已审核', 'Reviewed'), 'due-soon', 200],
  ['on-site', text('驻点帮扶', 'On site'), 'running', 9600],
  ['rated', text('多维评单', 'Rating'), 'waiting', 2400],
  ['closed', text('已办结', 'Closed'), 'done', 0],
  ['withdrawn', text('已撤回', 'Withdrawn'), 'closed', 0],
];

export const TITLES = [
  '心血管内科专家，帮扶 12 个月：冠脉介入术前评估',
  '儿科专家，帮扶 6 个月',
  '超声诊断专家，帮扶 12 个月：心脏彩超',
  '中医骨伤专家，帮扶 12 个月',
  '妇产科专家，帮扶 6 个月：高危孕产妇管理',
  '呼吸内科专家，帮扶 12 个月',
];

export const ORGS = ['柳溪镇中心卫生院', '白马乡卫生院', '青石镇中心卫生院', '双河彝族苗族乡卫生院'];

export const item = (index: number): WorkItem => {
  const [id, name, kind, left] = KINDS[index % KINDS.length]!;
  const closed = kind === 'done' || kind === 'closed';
  return {
    id: `case-${index}`,
    number: `HR-2026-${String(index + 1).padStart(4, '0')}`,
    title: TITLES[index % TITLES.length]!,
    programme,
    loop,
    state: { id, name, kind },
    org: { id: `township-${index % 4}`, name: ORGS[index % 4]! },
    owner: {
      org: { id: 'county-hr', name: '医共体人力资源中心' },
      role: text('审核岗', 'Reviewer'),
      person: null,
    },
    claim:
      index % 5 === 1
        ? { name: '周晓梅', me: true }
        : index % 5 === 3
          ? { name: '欧阳德海', me: false }
          : null,
    openedAt: hoursAgo(30 + index * 26),
    enteredAt: hoursAgo(2 + index * 11),
    deadline: closed
      ? null
      : { at: '2026-03-06T09:30:00Z', workingMinutesLeft: left, workingMinutesWhole: 2400 },
    version: 3,
  };
};

export const home: Home = {
  kinds: [
    { loop: loop.id, name: loop.name, open: 6, late: 1, dueSoon: 2 },
    {
      loop: 'net/two-way-referral/referral',
      name: text('双向转诊', 'Two-way referral'),
      open: 3,
      late: 0,
      dueSoon: 1,
    },
    {
      loop: 'insp/event-closed-loop/event',
      name: text('监督事件闭环', 'Inspection event'),
      open: 12,
      late: 4,
      dueSoon: 0,
    },
  ],
  mine: Array.from({ length: 7 }, (_, index) => item(index)),
  waitingFor: [item(3), item(4)],
  calendar: [
    {
      at: '2026-03-05T06:30:00Z',
      title: text('订单评审会（视频）', 'Order review meeting (video)'),
      state: 'waiting',
      link: null,
    },
    {
      at: '2026-03-05T09:30:00Z',
      title: text('HR-2026-0003 审核到期', 'HR-2026-0003 review due'),
      state: 'due-soon',
      link: { kind: 'case', id: 'case-2' },
    },
  ],
  figures: [
    { id: 'on-time', name: text('按时率', 'On time'), value: '97.6', unit: text('%', '%'), link: null },
    { id: 'open', name: text('在办', 'Open'), value: '21', unit: text('件', 'cases'), link: null },
    {
      id: 'experts',
      name: text('在岗专家', 'Experts on site'),
      value: '33',
      unit: text('人', 'people'),
      link: null,
    },
    { id: 'rating', name: text('平均评分', 'Average rating'), value: '4.7', unit: null, link: null },
  ],
  starts: [{ programme, loop: 'order', name: loop.name }],
  asOf: NOW,
};
