// One made-up case whole: its form with score and skip logic, its acts, its time line.
import type { Act, Case, FormDeclaration, Text } from '../contract.ts';
import { diagram, item } from './story-cases.ts';
import { hoursAgo, text } from './story-frame.ts';

export const reviewForm: FormDeclaration = {
  id: 'order-review',
  version: '1',
  title: text('订单审核', 'Order review'),
  items: [
    {
      id: 'need',
      text: text('需求依据', 'Grounds'),
      type: 'group',
      items: [
        {
          id: 'grounded',
          text: text('依据是否充分', 'Are the grounds sufficient'),
          type: 'choice',
          required: true,
          options: [
            { code: 'yes', text: text('充分', 'Sufficient'), score: 5 },
            { code: 'partly', text: text('部分', 'Partly'), score: 3 },
            { code: 'no', text: text('不足', 'Not sufficient'), score: 0 },
          ],
        },
        {
          id: 'why-not',
          text: text('不足之处', 'What is missing'),
          type: 'long-text',
          required: true,
          when: "grounded == 'no'",
        },
        {
          id: 'population',
          text: text('覆盖人口', 'Population served'),
          type: 'whole',
          unit: '人',
          min: 500,
          max: 200000,
          required: true,
        },
        {
          id: 'cases',
          text: text('近一年相关病种就诊', 'Visits for it in the last year'),
          type: 'whole',
          unit: '人次',
          min: 0,
        },
      ],
    },
    {
      id: 'gaps',
      text: text('技术缺口', 'Gaps'),
      type: 'choices',
      options: [
        { code: 'surgery', text: text('手术', 'Surgery'), score: 2 },
        { code: 'imaging', text: text('影像', 'Imaging'), score: 2 },
        { code: 'rehab', text: text('康复', 'Rehabilitation'), score: 1 },
        { code: 'none', text: text('无', 'None'), score: 0, exclusive: true },
      ],
    },
    { id: 'from', text: text('建议开始日期', 'Suggested start'), type: 'date', required: true },
    { id: 'hospital', text: text('建议派出医院', 'Suggested hospital'), type: 'reference' },
    { id: 'paper', text: text('盖章申请', 'Stamped request'), type: 'photo' },
  ],
  score: {
    method: 'sum',
    tiers: [
      { tier: 'high', title: text('优先满足', 'First'), from: 7, edge: 'including', colour: 'green' },
      {
        tier: 'middle',
        title: text('统筹安排', 'To be planned'),
        from: 4,
        edge: 'including',
        colour: 'yellow',
      },
      { tier: 'low', title: text('暂缓', 'Deferred'), colour: 'red' },
    ],
  },
};

export const act = (id: string, name: Text, tone: Act['tone'], more: Partial<Act> = {}): Act => ({
  id,
  name,
  tone,
  form: null,
  needsReason: false,
  barred: null,
  final: false,
  answersAs: 'answers',
  command: { type: 'case.move', payload: { case: 'case-2', event: id } },
  ...more,
});

export const kase: Case = {
  item: { ...item(2), claim: { name: '周晓梅', me: true } },
  person: null,
  subject: {
    name: '柳溪镇中心卫生院',
    kind: text('提出单位', 'Ordering site'),
    link: { kind: 'organisation', id: 'township-3' },
  },
  diagram,
  path: [
    { state: 'filed', enteredAt: hoursAgo(76), leftAt: hoursAgo(28) },
    { state: 'reviewed', enteredAt: hoursAgo(28), leftAt: null },
  ],
  alsoIn: [],
  acts: [
    act('approve', text('审核通过', 'Approve'), 'main', {
      form: {
        declaration: reviewForm,
        pickers: { hospital: { kind: 'organisation' } },
        prefill: {},
        last: { population: '12,430 人' },
      },
    }),
    act('return', text('退回并说明', 'Send back with reason'), 'danger', { needsReason: true }),
    act('merge', text('并入其他订单', 'Merge'), 'plain', {
      barred: text('同一专业没有其他订单', 'There is no other order of this specialty'),
    }),
  ],
  data: [
    { label: text('技术项目', 'Techniques'), value: '心脏彩超、经食管超声' },
    { label: text('专家专业', 'Specialty'), value: '超声诊断' },
    { label: text('帮扶周期', 'Period'), value: '2026-04-01 至 2027-03-31' },
    { label: text('目标', 'Goal'), value: '独立开展心脏彩超 200 例；带教 2 名本院医师' },
  ],
  timeline: [
    {
      id: '1',
      at: hoursAgo(76),
      recordedAt: hoursAgo(76),
      kind: 'opened',
      title: text('提交订单', 'Filed the order'),
      who: '周晓梅',
      org: '柳溪镇中心卫生院',
      from: null,
      to: text('已提交', 'Filed'),
      answers: [
        { label: text('技术项目', 'Techniques'), value: '心脏彩超' },
        { label: text('目标', 'Goal'), value: '独立开展心脏彩超 200 例' },
      ],
      note: null,
      files: [{ id: 'f1', title: '盖章申请.pdf', contentType: 'application/pdf', href: '#', bytes: 120000 }],
    },
    {
      id: '2',
      at: hoursAgo(50),
      recordedAt: hoursAgo(50),
      kind: 'refused',
      title: text('审核通过', 'Approve'),
      who: '欧阳德海',
      org: '人力资源中心',
      from: null,
      to: null,
      answers: [],
      note: '缺少“帮扶周期”',
      files: [],
    },
    {
      id: '3',
      at: hoursAgo(28),
      recordedAt: hoursAgo(5),
      kind: 'moved',
      title: text('受理', 'Accepted for review'),
      who: '欧阳德海',
      org: '人力资源中心',
      from: null,
      to: text('已审核', 'Reviewed'),
      answers: [],
      note: null,
      files: [],
    },
    {
      id: '4',
      at: hoursAgo(3),
      recordedAt: hoursAgo(3),
      kind: 'message',
      title: text('留言', 'Message'),
      who: '周晓梅',
      org: '柳溪镇中心卫生院',
      from: null,
      to: null,
      answers: [],
      note: '我院已购置便携式彩超一台，四月到货。',
      files: [],
    },
  ],
  related: [
    {
      link: { kind: 'case', id: 'case-9' },
      title: 'HR-2025-0017 心脏彩超专家（上一年度）',
      note: text('已办结', 'Closed'),
    },
  ],
  canMessage: true,
  asOf: null,
};
