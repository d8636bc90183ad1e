// Made-up residents and the people of the house: files, users, audit, notices, what a search finds.
import type { AuditRow, Notice, Resident, ResidentRow, SearchAnswer, UserRow } from '../contract.ts';
import { item, ORGS, TITLES } from './story-cases.ts';
import { demoSignIns, hoursAgo, text } from './story-frame.ts';

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

export const users: readonly UserRow[] = demoSignIns.map((each, index) => ({
  id: `u${index}`,
  name: each.name,
  login: each.login,
  active: index !== 3,
  hasPassword: index !== 2,
  roles: [{ assignment: `a${index}`, org: 'x', orgName: each.org, role: 'r', roleName: each.role }],
  lastSignInAt: index === 2 ? null : hoursAgo(index * 5),
}));

export const audit: readonly AuditRow[] = Array.from({ length: 12 }, (_, index) => ({
  id: `a${index}`,
  at: hoursAgo(index),
  who: demoSignIns[index % 4]!.name,
  role: text('院长', 'Director'),
  word: 'read',
  act: { zh: '查看', en: 'Read' },
  org: ORGS[index % 4]!,
  action: ['R', 'U', 'C', 'E'][index % 4]!,
  what: [{ type: text('居民', 'Resident'), id: `p${index}`, link: { kind: 'resident', id: `p${index}` } }],
  outcome: index === 4 ? 'refused' : 'done',
  breakGlass: index === 2,
}));

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
