// What the screens show as plain rows, for a spreadsheet: the words of a missing and of a hidden value included.
import type {
  FigureCase,
  FigureDetail,
  FigureTiles,
  FigureUnit,
  FigureValue,
  Pulse,
} from '@yimai/desk/contract';

type Language = 'zh' | 'en';
export interface Table {
  readonly title: string;
  readonly rows: readonly (readonly string[])[];
}

const WORDS = {
  zh: {
    figures: '指标',
    heads: ['指标', '数值', '单位', '分子', '分母', '较上年同期', '目标', '统计期', '机构'],
    trend: ['统计期', '数值', '分子', '分母'],
    rows: ['名次', '机构', '数值', '分子', '分母'],
    pulse: ['项目', '名称', '数量一', '数量二', '数量三'],
    missing: '未采集',
    masked: '数量过小，已隐去',
    points: '个百分点',
    asOf: '数据截至',
    kinds: { visits: '诊疗（人次、住院）', moves: '流转（件、在办）', loops: '闭环（在办、逾期、今日办结）' },
    townships: '乡镇（诊疗、在办、逾期）',
    queues: '诊断中心（待报告、今日已报告）',
    beds: '床位（开放、在用）',
    fundByMonth: '基金累计支付（本年、上年）',
    caseHeads: ['类型', '事项', '居民', '机构', '时间'],
    cases: '病例',
    partial: '上年数据不全',
    levels: { village: '村', township: '乡', county: '县', outside: '县外' },
  },
  en: {
    figures: 'Figures',
    heads: [
      'Figure',
      'Value',
      'Unit',
      'Numerator',
      'Denominator',
      'On the year',
      'Target',
      'Period',
      'Scope',
    ],
    trend: ['Period', 'Value', 'Numerator', 'Denominator'],
    rows: ['Place', 'Organisation', 'Value', 'Numerator', 'Denominator'],
    pulse: ['Item', 'Name', 'Number one', 'Number two', 'Number three'],
    missing: 'not collected',
    masked: 'too small a count, hidden',
    points: 'points',
    asOf: 'Data as of',
    kinds: {
      visits: 'Care (visits, stays)',
      moves: 'Moves (cases, open)',
      loops: 'Loops (open, late, closed today)',
    },
    townships: 'Townships (visits, open, late)',
    queues: 'Diagnostic centres (waiting, reported today)',
    beds: 'Beds (open, taken)',
    fundByMonth: 'Paid by the fund since January (this year, last year)',
    caseHeads: ['Kind', 'Case', 'Resident', 'Organisation', 'Time'],
    cases: 'Cases',
    partial: 'last year is incomplete',
    levels: { village: 'village', township: 'township', county: 'county', outside: 'outside' },
  },
} as const;

const UNITS: Readonly<Record<Language, Readonly<Partial<Record<FigureUnit, string>>>>> = {
  zh: {
    percent: '%',
    'percentage-point': '个百分点',
    'relative-change': '%',
    money: '元',
    days: '天',
    hours: '小时',
    minutes: '分钟',
    'per-thousand': '‰',
    'per-ten-thousand': '/万',
    years: '岁',
    rank: '名',
    level: '级',
  },
  en: {
    percent: '%',
    'percentage-point': 'points',
    'relative-change': '%',
    money: 'yuan',
    days: 'days',
    hours: 'hours',
    minutes: 'minutes',
    'per-thousand': 'per 1,000',
    'per-ten-thousand': 'per 10,000',
    years: 'years',
    rank: 'place',
    level: 'level',
  },
};

const text = (value: number | null): string => (value === null ? '' : String(value));

function shownValue(value: FigureValue, language: Language): string {
  if (value.masked) return WORDS[language].masked;
  return value.value === null ? WORDS[language].missing : String(value.value);
}

export function tilesTable(tiles: FigureTiles, language: Language): Table {
  const words = WORDS[language];
  return {
    title: words.figures,
    rows: [
      [...words.heads],
      ...tiles.tiles.map((tile) => [
        tile.name[language],
        shownValue(tile, language),
        UNITS[language][tile.unit] ?? '',
        text(tile.numerator),
        text(tile.denominator),
        tile.onYear === null
          ? ''
          : `${tile.onYear.value} ${tile.onYear.kind === 'points' ? words.points : tile.onYear.kind === 'percent' ? '%' : ''}${tile.onYear.partial ? ` (${words.partial})` : ''}`.trim(),
        text(tile.target?.value ?? null),
        tiles.period.name,
        tiles.scope.name,
      ]),
      [words.asOf, tiles.dataAt ?? ''],
    ],
  };
}

export function detailTable(detail: FigureDetail, language: Language): Table {
  const words = WORDS[language];
  return {
    title: detail.tile.name[language],
    rows: [
      [...words.trend],
      ...detail.trend.map((each) => [
        each.period,
        shownValue(each, language),
        text(each.numerator),
        text(each.denominator),
      ]),
      [],
      [...words.rows],
      ...detail.rows.map((row) => [
        text(row.rank),
        row.scope.name,
        shownValue(row, language),
        text(row.numerator),
        text(row.denominator),
      ]),
      [],
      [words.asOf, detail.dataAt ?? '', detail.source],
    ],
  };
}

export function pulseTable(pulse: Pulse, language: Language): Table {
  const words = WORDS[language];
  const { visits, moves, loops } = words.kinds;
  const row = (kind: string, name: string, ...counts: number[]) => [kind, name, ...counts.map(String)];
  return {
    title: words.figures,
    rows: [
      [...words.pulse],
      ...pulse.visits.map((each) => row(visits, words.levels[each.level], each.visits, each.stays)),
      ...pulse.moves.map((each) =>
        row(moves, `${words.levels[each.from]} → ${words.levels[each.to]}`, each.cases, each.open),
      ),
      ...pulse.loops.map((each) => row(loops, each.name[language], each.open, each.late, each.closedToday)),
      ...pulse.queues.map((each) => row(words.queues, each.name[language], each.waiting, each.doneToday)),
      ...pulse.beds.map((each) => row(words.beds, each.name, each.open, each.taken)),
      ...pulse.fundByMonth.map((each) => [words.fundByMonth, each.month, text(each.paid), text(each.before)]),
      ...pulse.townships.map((each) => row(words.townships, each.name, each.visits, each.open, each.late)),
      [words.asOf, pulse.dataAt ?? ''],
    ],
  };
}

/** The cases behind a number as far as the reader saw them. */
export function casesTable(title: string, cases: readonly FigureCase[], language: Language): Table {
  const words = WORDS[language];
  return {
    title,
    rows: [
      [...words.caseHeads],
      ...cases.map((each) => [
        each.kind[language],
        each.title,
        each.person?.name ?? '',
        each.org ?? '',
        each.at ?? '',
      ]),
    ],
  };
}
