// A small loop that uses every part of the language; the tests and the benchmark run on it.
import { readFileSync } from 'node:fs';
import { must } from '@yimai/kit';
import { type CalendarYear, createCalendar, type WorkCalendar } from './calendar.ts';
import type { LoopDeclaration } from './types.ts';

const text = (zh: string, en: string) => ({ zh, en });

export const SAMPLE: LoopDeclaration = {
  id: 'sample-order',
  version: 1,
  title: text('样例订单', 'Sample order'),
  fields: {
    specialty: { type: 'text', title: text('专业', 'Specialty') },
    expert: { type: 'person', title: text('专家', 'Expert') },
    start: { type: 'date', title: text('开始日期', 'Start date') },
    sessions: { type: 'number', title: text('带教次数', 'Sessions'), default: 0 },
    institution: { type: 'number', title: text('机构评分', 'Rating by institution') },
    patients: { type: 'number', title: text('患者评分', 'Rating by patients') },
    reviewer: { type: 'person', title: text('审核人', 'Reviewer') },
  },
  parties: {
    township: { title: text('乡镇卫生院', 'Township'), role: 'township-director', at: 'opener' },
    centre: { title: text('人力资源中心', 'HR centre'), role: 'hr-officer', at: 'office:hr-centre' },
    head: { title: text('总院', 'Head hospital'), role: 'dean', at: 'opener-parent' },
    expert: { title: text('专家', 'Expert'), person: 'field:expert' },
  },
  open: { by: 'township', requires: ['specialty'] },
  initial: 'filed',
  states: {
    filed: {
      title: text('已点单', 'Filed'),
      kind: 'open',
      owner: 'centre',
      due: {
        within: '5 working days',
        edge: 'including',
        remind: ['1 working day'],
        escalate: [
          { after: '0 days', to: 'head' },
          { after: '2 working days', to: 'head', event: 'lapse' },
        ],
      },
    },
    placed: {
      title: text('已派单', 'Placed'),
      kind: 'open',
      owner: 'expert',
      due: { within: '24 hours', edge: 'including', event: 'lapse' },
    },
    'on-site': {
      title: text('在岗', 'On site'),
      kind: 'open',
      owner: 'expert',
      due: { within: '6 months', edge: 'including', from: 'field:start', roll: 'none' },
    },
    rating: {
      title: text('评单', 'Rating'),
      kind: 'open',
      branches: { 'by-institution': 'institution-rates', 'by-patients': 'patients-rate' },
      join: 'rated',
    },
    'institution-rates': {
      title: text('机构评', 'Institution rates'),
      kind: 'open',
      owner: 'township',
      due: { within: '10 days', edge: 'including' },
    },
    'patients-rate': {
      title: text('患者评', 'Patients rate'),
      kind: 'open',
      owner: 'township',
      due: { within: '10 days', edge: 'including' },
    },
    'branch-done': { title: text('已评', 'Given'), kind: 'branch-end' },
    rated: {
      title: text('已评单', 'Rated'),
      kind: 'open',
      owner: 'centre',
      due: { within: '10 working days', edge: 'including' },
    },
    closed: { title: text('已办结', 'Closed'), kind: 'closed' },
    withdrawn: { title: text('已撤回', 'Withdrawn'), kind: 'closed-without-result' },
  },
  transitions: [
    {
      event: 'place',
      title: text('派单', 'Place'),
      from: 'filed',
      to: 'placed',
      by: 'centre',
      requires: ['expert'],
      set: { reviewer: 'actor.person' },
    },
    {
      event: 'send-back',
      title: text('退回', 'Send back'),
      from: 'placed',
      to: 'filed',
      by: 'expert',
      kind: 'return',
    },
    {
      event: 'accept',
      title: text('接单', 'Accept'),
      from: 'placed',
      to: 'on-site',
      by: 'expert',
      requires: ['start'],
    },
    {
      event: 'log',
      title: text('记录', 'Log'),
      from: 'on-site',
      by: 'expert',
      set: { sessions: 'data.sessions + answers.sessions' },
    },
    {
      event: 'finish',
      title: text('到期', 'Finish'),
      from: 'on-site',
      to: 'rating',
      by: 'expert',
      guards: [
        {
          that: 'data.sessions > 0',
          code: 'nothing-logged',
          otherwise: text('尚无工作记录', 'nothing is logged yet'),
        },
      ],
    },
    {
      event: 'rate-institution',
      title: text('机构评分', 'Rate'),
      from: 'institution-rates',
      to: 'branch-done',
      by: 'township',
      kind: 'rate',
      requires: ['institution'],
    },
    {
      event: 'rate-patients',
      title: text('患者评分', 'Rate'),
      from: 'patients-rate',
      to: 'branch-done',
      by: 'township',
      kind: 'rate',
      requires: ['patients'],
    },
    {
      event: 'close',
      title: text('办结', 'Close'),
      from: 'rated',
      to: 'closed',
      by: 'centre',
      do: [{ put: 'finished-orders', entry: { specialty: 'data.specialty', rating: 'rating' } }],
    },
    {
      event: 'withdraw',
      title: text('撤回', 'Withdraw'),
      from: ['filed', 'placed', 'rating'],
      to: 'withdrawn',
      by: 'township',
      kind: 'withdraw',
    },
    {
      event: 'lapse',
      title: text('逾期上报', 'Lapse'),
      from: ['filed', 'placed'],
      to: 'filed',
      by: 'system',
      kind: 'return',
    },
    {
      event: 'reopen',
      title: text('重开', 'Re-open'),
      from: 'closed',
      to: 'rated',
      by: 'centre',
      kind: 'reopen',
      within: '30 days',
    },
  ],
  rating: { value: 'mean(data.institution, data.patients)', least: 1, most: 5 },
};

export const SAMPLE_HOURS = ['08:30-12:00', '14:30-18:00'];

const YEAR_LINE = /^ {2}- \{ name: ([^,]+), from: (\S+), to: (\S+) \}$/gm;

/** The repository's own holiday tables, read without a YAML library because this room depends on none. */
export function repositoryCalendar(years: readonly number[] = [2023, 2024, 2025, 2026]): WorkCalendar {
  const tables = years.map((year): CalendarYear => {
    const file = readFileSync(new URL(`../../../rules/calendar/cn-${year}.yaml`, import.meta.url), 'utf8');
    const off = [...file.matchAll(YEAR_LINE)].map((match) => ({
      name: match[1]!,
      from: match[2]!,
      to: match[3]!,
    }));
    const work = /^work: \[(.*)\]$/m.exec(file)?.[1]?.split(', ').filter(Boolean) ?? [];
    const basis = /^basis: statute$/m.test(file) ? 'statute' : 'notice';
    return { year, basis, source: 'rules/calendar', off, work };
  });
  return must(createCalendar(tables, SAMPLE_HOURS));
}

export const PLACES = { 'office:hr-centre': 'org-hr', 'opener-parent': 'org-head' };
export const DIRECTOR = { person: 'p-director', role: 'township-director', organisation: 'org-town' };
export const OFFICER = { person: 'p-officer', role: 'hr-officer', organisation: 'org-hr' };
export const EXPERT = { person: 'p-expert', role: 'physician', organisation: 'org-head' };
