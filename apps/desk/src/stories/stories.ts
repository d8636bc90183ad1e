// Answers of a made-up server, typed by the contract: every screen can be looked at alone, in states that are rare in life.
import type {
  Act,
  AuditRow,
  Case,
  DemoSignIn,
  FormDeclaration,
  Home,
  LoopDiagram,
  MatchPage,
  Notice,
  ObjectFile,
  Office,
  Organisation,
  ProgrammeDetail,
  ProgrammeSummary,
  RegisterPage,
  Resident,
  ResidentRow,
  SearchAnswer,
  Session,
  StateKind,
  SystemInfo,
  Text,
  TreeNode,
  TreePage,
  UserRow,
  WorkItem,
} from '../contract.ts';
import { PLACES } from '../contract.ts';

export const NOW = '2026-03-05T02:20:00Z';
const text = (zh: string, en: string): Text => ({ zh, en });
const hoursAgo = (hours: number) => new Date(Date.parse(NOW) - hours * 3_600_000).toISOString();

export const system: SystemInfo = {
  name: text('清江县紧密型县域医共体', 'Qingjiang County Health Consortium'),
  synthetic: true,
  loading: null,
  now: NOW,
};

export const session: Session = {
  expiresAt: '2026-03-05T14:00:00Z',
  user: { id: '018f0000-0000-7000-8000-000000000001', name: '周晓梅', login: 'zhouxm' },
  roles: [
    {
      org: 'township-3',
      orgName: '柳溪镇中心卫生院',
      role: 'township-director',
      roleName: text('卫生院院长', 'Township director'),
      places: PLACES,
    },
    {
      org: 'county-hr',
      orgName: '清江县医共体人力资源中心',
      role: 'hr-clerk',
      roleName: text('人力资源中心', 'HR centre'),
      places: PLACES,
    },
  ],
};

export const demoSignIns: readonly DemoSignIn[] = [
  {
    login: 'township',
    password: 'synthetic-1',
    name: '周晓梅',
    role: text('卫生院院长', 'Township director'),
    org: '柳溪镇中心卫生院',
  },
  {
    login: 'hr',
    password: 'synthetic-2',
    name: '欧阳德海',
    role: text('人力资源中心', 'HR centre'),
    org: '清江县医共体人力资源中心',
  },
  {
    login: 'expert',
    password: 'synthetic-3',
    name: '阿卜杜热依木·买买提',
    role: text('下派专家', 'Dispatched expert'),
    org: '清江县人民医院',
  },
  {
    login: 'inspector',
    password: 'synthetic-4',
    name: '赵岚',
    role: text('卫生监督员', 'Inspector'),
    org: '清江县卫生监督所',
  },
];

const programme = { id: 'hr/order-dispatch', name: text('订单式下派', 'Order-based dispatch') };
const loop = { id: 'hr/order-dispatch/order', name: text('专家订单', 'Expert order') };

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

const TITLES = [
  '心血管内科专家，帮扶 12 个月：冠脉介入术前评估',
  '儿科专家，帮扶 6 个月',
  '超声诊断专家，帮扶 12 个月：心脏彩超',
  '中医骨伤专家，帮扶 12 个月',
  '妇产科专家，帮扶 6 个月：高危孕产妇管理',
  '呼吸内科专家，帮扶 12 个月',
];
const ORGS = ['柳溪镇中心卫生院', '白马乡卫生院', '青石镇中心卫生院', '双河彝族苗族乡卫生院'];

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

const act = (id: string, name: Text, tone: Act['tone'], more: Partial<Act> = {}): Act => ({
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

export const people: readonly ResidentRow[] = [
  {
    id: 'p1',
    name: '王桂兰',
    sex: 'female',
    birthDate: '1954-07-02',
    maskedId: '9901**********0026',
    village: '柳溪镇上坪村',
  },
  {
    id: 'p2',
    name: '买买提·吐尔逊阿卜杜拉',
    sex: 'male',
    birthDate: '1988-11-20',
    maskedId: '9901**********3317',
    village: '柳溪镇',
  },
  { id: 'p3', name: '', sex: 'unknown', birthDate: '2026-02-20', maskedId: null, village: null },
];

export const resident: Resident = {
  breakGlass: false,
  person: {
    ...people[0]!,
    insurer: '城乡居民医保',
    tiers: [{ name: text('高血压', 'Hypertension'), tier: 'yellow' }],
    allergies: ['青霉素'],
  },
  cases: [item(1)],
  history: [
    { at: '2026-02-11', kind: text('就诊', 'Visit'), title: '高血压病复诊', detail: '柳溪镇中心卫生院' },
    { at: '2026-02-11', kind: text('检验', 'Lab'), title: '血肌酐 78 μmol/L', detail: null },
  ],
  readers: [{ at: hoursAgo(20), who: '李建国', org: '柳溪镇中心卫生院', why: text('接诊', 'Visit') }],
};

export const registerPage: RegisterPage = {
  register: {
    id: 'insp/one-object-one-file/object',
    name: text('监督对象台账', 'Inspected objects'),
    programme: { id: 'insp/one-object-one-file', name: text('一户一档', 'One object, one file') },
    entries: 2604,
  },
  columns: [
    { id: 'name', name: text('名称', 'Name'), kind: 'text' },
    { id: 'kind', name: text('类别', 'Kind'), kind: 'choice' },
    { id: 'address', name: text('地址', 'Address'), kind: 'text' },
    { id: 'staff', name: text('从业人数', 'Staff'), kind: 'number' },
  ],
  items: Array.from({ length: 24 }, (_, index) => ({
    key: `object-${index}`,
    cells: [
      `清江县${['碧波', '金色', '阳光'][index % 3]}游泳馆 ${index + 1} 号`,
      '游泳场所',
      `柳溪镇人民路 ${index + 3} 号`,
      String(12 + index),
    ],
    effectiveFrom: '2025-01-01',
    effectiveTo: index % 7 === 3 ? '2025-12-31' : null,
  })),
  next: 'next',
  total: { count: 999, more: true },
  asOf: '2026-03-05',
  coverage: [
    {
      name: text('已建档的乡镇', 'Townships with files'),
      have: 6,
      of: 8,
      missing: [
        { id: 'a', name: '白马乡' },
        { id: 'b', name: '双河彝族苗族乡' },
      ],
    },
  ],
  canImport: true,
  write: act('add', text('登记', 'Add'), 'main', {
    form: { declaration: reviewForm, pickers: {}, prefill: {}, last: {} },
  }),
};

export const objectFile: ObjectFile = {
  register: registerPage.register,
  title: '清江县碧波游泳馆 1 号',
  grade: { name: text('B 级', 'Grade B'), colour: 'green', on: '2026-02-16', score: 84, recheck: '6 months' },
  story: [],
  cases: [item(0), item(5)],
  facts: [
    { label: text('类别', 'Kind'), value: '游泳场所' },
    { label: text('地址', 'Address'), value: '柳溪镇人民路 3 号' },
    { label: text('从业人数', 'Staff'), value: '12' },
  ],
  versions: [
    {
      at: hoursAgo(400),
      who: '赵岚',
      effectiveFrom: '2025-01-01',
      effectiveTo: null,
      facts: [{ label: text('从业人数', 'Staff'), value: '12' }],
    },
  ],
};

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

export const organisations: readonly Organisation[] = [
  {
    id: 'city',
    name: '江北市卫生健康委员会',
    kind: null,
    level: 'city',
    parent: null,
    staff: null,
    offices: [],
    kindCode: null,
  },
  {
    id: 'county',
    name: '清江县医共体总医院',
    kind: text('牵头医院', 'Head hospital'),
    level: 'county',
    parent: 'city',
    staff: 1260,
    offices: [],
    kindCode: null,
  },
  ...ORGS.map((name, index) => ({
    id: `township-${index}`,
    name,
    kind: text('乡镇卫生院', 'Township hospital'),
    level: 'township' as const,
    parent: 'county',
    staff: 42 + index,
    offices: [],
    kindCode: null,
  })),
  ...Array.from({ length: 12 }, (_, index) => ({
    id: `village-${index}`,
    name: `${['上坪', '下坪', '桃源'][index % 3]}村卫生室（${index + 1}）`,
    kind: null,
    level: 'village' as const,
    parent: `township-${index % 4}`,
    staff: 1,
    offices: [],
    kindCode: null,
  })),
];

export const users: readonly UserRow[] = demoSignIns.map((each, index) => ({
  id: `u${index}`,
  name: each.name,
  login: each.login,
  active: index !== 3,
  hasPassword: index !== 2,
  roles: [{ assignment: `a${index}`, org: 'x', orgName: each.org, role: 'r', roleName: each.role }],
  lastSignInAt: index === 2 ? null : hoursAgo(index * 5),
}));

export const offices: readonly Office[] = [
  {
    id: 'hr-centre',
    name: text('人力资源中心', 'HR centre'),
    holder: { id: 'county', name: '清江县医共体总医院' },
    programmes: [{ id: 'hr/order-dispatch', name: text('订单式下派', 'Order-based dispatch') }],
  },
  { id: 'bureau', name: text('卫生健康局', 'Health bureau'), holder: null, programmes: [] },
];

export const notices: readonly Notice[] = [
  {
    id: 'n1',
    at: hoursAgo(0.2),
    title: text('白马乡卫生院的订单已逾期 1 个工作日', 'The order of Baima is 1 working day late'),
    kind: 'late',
    link: { kind: 'case', id: 'case-0' },
  },
  {
    id: 'n2',
    at: hoursAgo(5),
    title: text('新到一份专家订单', 'A new expert order'),
    kind: 'arrived',
    link: { kind: 'case', id: 'case-1' },
  },
  {
    id: 'n3',
    at: hoursAgo(60),
    title: text('您提交的订单被退回', 'Your order came back'),
    kind: 'returned',
    link: { kind: 'case', id: 'case-2' },
  },
];

export const audit: readonly AuditRow[] = Array.from({ length: 12 }, (_, index) => ({
  id: `a${index}`,
  at: hoursAgo(index),
  who: demoSignIns[index % 4]!.name,
  role: text('院长', 'Director'),
  word: 'read',
  org: ORGS[index % 4]!,
  action: ['R', 'U', 'C', 'E'][index % 4]!,
  what: [{ type: text('居民', 'Resident'), id: `p${index}`, link: { kind: 'resident', id: `p${index}` } }],
  outcome: index === 4 ? 'refused' : 'done',
  breakGlass: index === 2,
}));

export const found: SearchAnswer = {
  groups: [
    {
      kind: 'resident',
      hits: people
        .slice(0, 2)
        .map((each) => ({ link: { kind: 'resident', id: each.id }, title: each.name, detail: each.village })),
    },
    {
      kind: 'case',
      hits: [0, 1].map((index) => ({
        link: { kind: 'case', id: `case-${index}` },
        title: TITLES[index]!,
        detail: `HR-2026-000${index + 1}`,
      })),
    },
  ],
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
