// The words of figures and command centre in both languages; fetched with their pages, not with the first load.
import { usePreferences } from '../app/preferences.tsx';
import type { FigureGroup, FigureLevel, FigureTarget, FigureUnit, PulseLevel } from './contract.ts';

export interface Words {
  readonly locale: string;
  readonly title: string;
  readonly intro: string;
  readonly centre: string;
  readonly centreIntro: string;
  readonly wall: string;
  readonly leaveWall: string;
  readonly scope: string;
  readonly period: string;
  readonly year: string;
  readonly step: string;
  readonly whole: string;
  readonly quarter: (n: number) => string;
  readonly month: (n: number) => string;
  readonly running: string;
  readonly runningText: string;
  readonly asOf: string;
  readonly missing: string;
  readonly missingText: string;
  readonly missingTitle: string;
  readonly neverStored: string;
  readonly notThen: string;
  readonly masked: string;
  readonly maskedText: string;
  readonly asTable: string;
  readonly asPicture: string;
  readonly onYear: string;
  readonly onLast: string;
  readonly target: string;
  readonly targetMet: string;
  readonly targetMissed: string;
  readonly edges: Readonly<Record<FigureTarget['edge'], string>>;
  readonly groups: Readonly<Record<FigureGroup, string>>;
  readonly levels: Readonly<Record<FigureLevel, string>>;
  readonly units: Readonly<Record<FigureUnit, string>>;
  readonly better: Readonly<Record<'up' | 'down' | 'watch', string>>;
  readonly changes: {
    readonly points: string;
    readonly percent: string;
    readonly difference: string;
    readonly up: string;
    readonly down: string;
    readonly same: string;
    readonly good: string;
    readonly bad: string;
  };
  readonly heads: Readonly<
    Record<
      | 'figure'
      | 'value'
      | 'numerator'
      | 'denominator'
      | 'rank'
      | 'org'
      | 'at'
      | 'case'
      | 'person'
      | 'kind'
      | 'share',
      string
    >
  >;
  readonly collected: (n: number, of: number) => string;
  readonly onlyCollected: string;
  readonly noneCollected: string;
  readonly noneCollectedText: string;
  readonly trend: string;
  readonly below: string;
  readonly peers: string;
  readonly parts: string;
  readonly casesOf: string;
  readonly allOf: string;
  readonly rankOf: (place: number, of: number) => string;
  readonly cases: string;
  readonly casesIntro: string;
  readonly casesCount: (n: string) => string;
  readonly casesUnseen: (n: string) => string;
  readonly casesNone: string;
  readonly casesMore: string;
  readonly definition: string;
  readonly purpose: string;
  readonly exclusions: string;
  readonly edge: string;
  readonly source: string;
  readonly version: string;
  readonly effective: string;
  readonly frozen: string;
  readonly freeze: string;
  readonly freezeHint: string;
  readonly freezeDone: string;
  readonly restate: string;
  readonly restateHint: string;
  readonly restateReason: string;
  readonly restateDone: string;
  readonly items: string;
  readonly care: (days: number) => string;
  readonly careText: string;
  readonly pulseLevels: Readonly<Record<PulseLevel, string>>;
  readonly visits: string;
  readonly stays: string;
  readonly up: string;
  readonly down: string;
  readonly openNow: string;
  readonly line: string;
  readonly map: string;
  readonly mapText: string;
  readonly loops: string;
  readonly open: string;
  readonly late: string;
  readonly closedToday: string;
  readonly pools: string;
  readonly held: (held: number, units: number) => string;
  readonly alerts: string;
  readonly alertsNone: string;
  readonly since: string;
  readonly queues: string;
  readonly centreOf: string;
  readonly waitingNow: string;
  readonly oldest: string;
  readonly doneToday: string;
  readonly fundLine: string;
  readonly thisYear: string;
  readonly lastYear: string;
  readonly partial: string;
  readonly fundText: (paid: string, share: string) => string;
  readonly keyFigures: string;
  readonly allFigures: string;
  readonly allRows: (n: number) => string;
  readonly villages: (n: number) => string;
  readonly noLoops: string;
}

const zh: Words = {
  locale: 'zh-CN',
  title: '指标',
  intro: '每个数都能打开：趋势、机构、病例，直到原始记录',
  centre: '指挥中心',
  centreIntro: '全县此刻的运行：诊疗、流转、闭环、预警',
  wall: '大屏',
  leaveWall: '退出大屏',
  scope: '机构',
  period: '统计期',
  year: '年份',
  step: '期间',
  whole: '全年',
  quarter: (n) => `第${'一二三四'[n - 1]}季度`,
  month: (n) => `${n} 月`,
  running: '期未满',
  runningText: '统计期尚未结束：总量不与完整的上年同期比较',
  asOf: '数据截至',
  missing: '未采集',
  missingText: '该期该机构没有这项数据，不按 0 计',
  missingTitle: '缺少哪些数据',
  neverStored: '档案里还从未有过这类记录，须先由相应业务登记或上报',
  notThen: '该期该机构没有这类记录',
  masked: '已隐去',
  maskedText: '人数过少，显示会指向个人',
  asTable: '看表格',
  asPicture: '看图',
  onYear: '较上年同期',
  onLast: '较上期',
  target: '目标',
  targetMet: '达标',
  targetMissed: '未达标',
  edges: { atLeast: '不低于', atMost: '不高于', above: '高于', below: '低于' },
  groups: {
    monitoring: '医共体监测（2024版）',
    core: '22 项核心指标',
    hospital: '医院运行',
    headline: '改革成效',
  },
  levels: {
    county: '县域',
    city: '市',
    hospital: '医院',
    township: '乡镇',
    department: '科室',
    village: '村',
  },
  units: {
    percent: '%',
    'percentage-point': '个百分点',
    'relative-change': '%',
    ratio: '',
    count: '',
    money: '元',
    days: '天',
    hours: '小时',
    minutes: '分钟',
    'per-thousand': '‰',
    'per-ten-thousand': '/万人',
    index: '',
    years: '岁',
    rank: '名',
    level: '级',
  },
  better: { up: '越高越好', down: '越低越好', watch: '监测' },
  changes: {
    points: '个百分点',
    percent: '%',
    difference: '',
    up: '升',
    down: '降',
    same: '持平',
    good: '向好',
    bad: '变差',
  },
  heads: {
    figure: '指标',
    value: '数值',
    numerator: '分子',
    denominator: '分母',
    rank: '名次',
    org: '机构',
    at: '时间',
    case: '病例',
    person: '居民',
    kind: '类型',
    share: '对照',
  },
  collected: (n, of) => `${of} 项中 ${n} 项已采集`,
  onlyCollected: '只看已采集',
  noneCollected: '本期还没有采集到数据',
  noneCollectedText: '就诊、结算、填报进入系统后，指标会在几秒内出现在这里。',
  trend: '趋势',
  below: '按机构',
  peers: '同级比较',
  parts: '由哪些机构构成',
  casesOf: '机构：',
  allOf: '查看全部机构',
  rankOf: (place, of) => `第 ${place} 名，共 ${of} 家`,
  cases: '病例',
  casesIntro: '数字背后的每一条记录，只显示您有权查看的',
  casesCount: (n) => `共 ${n} 例`,
  casesUnseen: (n) => `已查到的记录中有 ${n} 例您无权查看，只计数`,
  casesNone: '您有权查看的范围内没有病例',
  casesMore: '继续查找',
  definition: '口径',
  purpose: '看什么',
  exclusions: '不计入',
  edge: '边界',
  source: '来源',
  version: '口径版本',
  effective: '生效日期',
  frozen: '已定稿',
  freeze: '定稿本期数值',
  freezeHint: '定稿后数值连同口径保留，不再随数据变化；更正须重述并写明理由。',
  freezeDone: '已定稿',
  restate: '重述本期数值',
  restateHint: '按现有数据重新计算，另存新版本，原版本保留。',
  restateReason: '重述理由',
  restateDone: '已重述，形成新版本',
  items: '排列',
  care: (days) => `近 ${days} 天诊疗与流转`,
  careText: '箭头为事项在村、乡、县之间的流转',
  pulseLevels: { village: '村', township: '乡镇', county: '县级', outside: '县外' },
  visits: '诊疗人次',
  stays: '住院',
  up: '上行',
  down: '下行',
  openNow: '在办',
  line: '每日诊疗',
  map: '乡镇',
  mapText: '示意图，不代表地理位置',
  loops: '闭环事项',
  open: '在办',
  late: '逾期',
  closedToday: '今日办结',
  pools: '床位与号源',
  held: (held, units) => `已用 ${held}，共 ${units}`,
  alerts: '预警',
  alertsNone: '没有未处理的预警',
  since: '起于',
  queues: '诊断中心排队',
  centreOf: '中心',
  waitingNow: '待报告',
  oldest: '最早申请',
  doneToday: '今日已报告',
  fundLine: '基金累计支付（元）',
  thisYear: '本年',
  lastYear: '上年',
  partial: '上年数据不全',
  fundText: (paid, share) => `本年已记账 ${paid} 元，时间过去 ${share}`,
  keyFigures: '关键指标',
  allFigures: '全部指标',
  allRows: (n) => `显示全部 ${n} 家`,
  villages: (n) => `${n} 个村卫生室`,
  noLoops: '还没有开启的事项',
};

const en: Words = {
  locale: 'en-GB',
  title: 'Figures',
  intro: 'Every figure opens: trend, institutions, cases, down to the record',
  centre: 'Command centre',
  centreIntro: 'The county as it runs now: care, moves, loops, alerts',
  wall: 'Wall screen',
  leaveWall: 'Leave the wall',
  scope: 'Organisation',
  period: 'Period',
  year: 'Year',
  step: 'Part of the year',
  whole: 'Whole year',
  quarter: (n) => `Quarter ${n}`,
  month: (n) => new Date(2026, n - 1, 1).toLocaleString('en-GB', { month: 'long' }),
  running: 'not over',
  runningText: 'The period is not over: amounts are not compared with a whole one',
  asOf: 'Data as of',
  missing: 'not collected',
  missingText: 'There are no data of this kind for the period; they are not counted as 0',
  missingTitle: 'What is missing',
  neverStored: 'The record never had such rows: they must first be entered or reported',
  notThen: 'No such rows for this period and organisation',
  masked: 'hidden',
  maskedText: 'So few people that a number would point at a person',
  asTable: 'As table',
  asPicture: 'As picture',
  onYear: 'on the year',
  onLast: 'on the period before',
  target: 'Target',
  targetMet: 'met',
  targetMissed: 'missed',
  edges: { atLeast: 'at least', atMost: 'at most', above: 'above', below: 'below' },
  groups: {
    monitoring: 'Consortium monitoring (2024)',
    core: '22 core figures',
    hospital: 'Hospital running',
    headline: 'Results of the reform',
  },
  levels: {
    county: 'County',
    city: 'City',
    hospital: 'Hospital',
    township: 'Township',
    department: 'Department',
    village: 'Village',
  },
  units: {
    percent: '%',
    'percentage-point': 'points',
    'relative-change': '%',
    ratio: '',
    count: '',
    money: 'yuan',
    days: 'days',
    hours: 'hours',
    minutes: 'min',
    'per-thousand': '‰',
    'per-ten-thousand': 'per 10,000',
    index: '',
    years: 'years',
    rank: '',
    level: '',
  },
  better: { up: 'higher is better', down: 'lower is better', watch: 'watched' },
  changes: {
    points: 'points',
    percent: '%',
    difference: '',
    up: 'up',
    down: 'down',
    same: 'unchanged',
    good: 'better',
    bad: 'worse',
  },
  heads: {
    figure: 'Figure',
    value: 'Value',
    numerator: 'Numerator',
    denominator: 'Denominator',
    rank: 'Place',
    org: 'Organisation',
    at: 'When',
    case: 'Case',
    person: 'Resident',
    kind: 'Kind',
    share: 'Compared',
  },
  collected: (n, of) => `${n} of ${of} collected`,
  onlyCollected: 'Only collected ones',
  noneCollected: 'Nothing has been collected for this period yet',
  noneCollectedText: 'Once visits, settlements and reports come in, the figures stand here within seconds.',
  trend: 'Trend',
  below: 'By institution',
  peers: 'Among peers',
  parts: 'What institutions add',
  casesOf: 'Organisation: ',
  allOf: 'All organisations',
  rankOf: (place, of) => `place ${place} of ${of}`,
  cases: 'Cases',
  casesIntro: 'Each record behind the number; shown are those that you may see',
  casesCount: (n) => `${n} cases`,
  casesUnseen: (n) => `${n} of those looked through you may not see; they are only counted`,
  casesNone: 'There are no cases that you may see',
  casesMore: 'Look further',
  definition: 'Definition',
  purpose: 'What it shows',
  exclusions: 'Not counted',
  edge: 'Edge',
  source: 'Source',
  version: 'Version',
  effective: 'In force from',
  frozen: 'Frozen',
  freeze: 'Freeze this value',
  freezeHint:
    'It is kept with its definition and no longer follows the data; a correction restates it with a reason.',
  freezeDone: 'Frozen',
  restate: 'Restate this value',
  restateHint: 'Computed anew from the data as they stand; a new version, the old one is kept.',
  restateReason: 'Reason',
  restateDone: 'Restated as a new version',
  items: 'Most frequent',
  care: (days) => `Care and moves, last ${days} days`,
  careText: 'Arrows are cases that move between village, township and county',
  pulseLevels: { village: 'Village', township: 'Township', county: 'County', outside: 'Outside' },
  visits: 'visits',
  stays: 'stays',
  up: 'up',
  down: 'down',
  openNow: 'open',
  line: 'Visits by day',
  map: 'Townships',
  mapText: 'A scheme, not a map of places',
  loops: 'Closed loops',
  open: 'open',
  late: 'late',
  closedToday: 'closed today',
  pools: 'Beds and slots',
  held: (held, units) => `${held} of ${units} in use`,
  alerts: 'Alerts',
  alertsNone: 'No alert stands open',
  since: 'since',
  queues: 'Queues of the diagnostic centres',
  centreOf: 'Centre',
  waitingNow: 'Waiting',
  oldest: 'Oldest request',
  doneToday: 'Reported today',
  fundLine: 'Paid by the fund since January (yuan)',
  thisYear: 'This year',
  lastYear: 'Last year',
  partial: 'last year is incomplete',
  fundText: (paid, share) => `${paid} yuan posted this year, ${share} of the year gone`,
  keyFigures: 'Key figures',
  allFigures: 'All figures',
  allRows: (n) => `Show all ${n}`,
  villages: (n) => `${n} village clinics`,
  noLoops: 'No case has been opened yet',
};

export function useWords(): Words {
  return usePreferences().preferences.language === 'en' ? en : zh;
}
