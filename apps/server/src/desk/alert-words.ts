// Alert rules and dated lists in words for people: readings and sorts by their names, comparisons as they are spoken.
import type { Text } from '@yimai/kit';

/** What the devices and counts of the declared rules measure; a reading without a name here keeps its own. */
const READINGS: Readonly<Record<string, Text>> = {
  chlorine: { zh: '余氯（mg/L）', en: 'chlorine (mg/L)' },
  turbidity: { zh: '浑浊度（NTU）', en: 'turbidity (NTU)' },
  minutes: { zh: '等候时间（分钟）', en: 'waiting time (minutes)' },
  occupied: { zh: '占用床位', en: 'beds taken' },
  open: { zh: '开放床位', en: 'beds open' },
  count: { zh: '件数', en: 'number of cases' },
  last: { zh: '本月', en: 'this month' },
  before: { zh: '上月', en: 'the month before' },
  target: { zh: '目标', en: 'the target' },
};

/** What alert rules and dated lists are declared under, by its one name in the declarations. */
const SORTS: Readonly<Record<string, Text>> = {
  operations: { zh: '运营', en: 'Operations' },
  waits: { zh: '候诊', en: 'Waiting times' },
  beds: { zh: '床位', en: 'Beds' },
  指标: { zh: '指标', en: 'Figures' },
  环境健康: { zh: '环境健康', en: 'Environment and health' },
  公共场所: { zh: '公共场所', en: 'Public places' },
  饮用水: { zh: '饮用水', en: 'Drinking water' },
  general: { zh: '普通门诊', en: 'General clinic' },
  specialist: { zh: '专家门诊', en: 'Specialist clinic' },
  months: { zh: '间隔月数', en: 'Months between' },
  大连: { zh: '大连', en: 'Dalian' },
};

const SPOKEN: readonly (readonly [RegExp, Text])[] = [
  [/reading\.outside == true/g, { zh: '超出该指标的限值', en: 'outside the limits of the figure' }],
  [/ >= /g, { zh: ' 不低于 ', en: ' at least ' }],
  [/ <= /g, { zh: ' 不高于 ', en: ' at most ' }],
  [/ > /g, { zh: ' 高于 ', en: ' above ' }],
  [/ < /g, { zh: ' 低于 ', en: ' below ' }],
  [/ \/ /g, { zh: ' ÷ ', en: ' ÷ ' }],
  [/ or /g, { zh: '，或 ', en: ', or ' }],
  [/ and /g, { zh: '，且 ', en: ', and ' }],
];

export const readingName = (name: string): Text => READINGS[name] ?? { zh: name, en: name };

export const sortName = (name: string): Text => SORTS[name] ?? { zh: name, en: name };

export const ruleInWords = (rule: string): Text => ({ zh: inWords(rule, 'zh'), en: inWords(rule, 'en') });

const inWords = (rule: string, language: keyof Text): string =>
  SPOKEN.reduce((text, [from, to]) => text.replace(from, to[language]), rule).replace(
    /\b(?:reading|object)\.([a-zA-Z-]+)/g,
    (_, name: string) => readingName(name)[language],
  );
