// The shape of programme.yaml: every section and every key, so that a misspelt word is told and never ignored.
import {
  aDate,
  aFlag,
  aName,
  aNumber,
  anything,
  aText,
  aTitle,
  aWhole,
  type Issue,
  inspect,
  issue,
  listOf,
  mapOf,
  objectOf,
  oneOf,
  oneOrMany,
  optional,
  type Shape,
} from '@yimai/forms';
import { parseSpan } from '@yimai/loops';

const aPeriod: Shape = (value, at, issues) => {
  if (!parseSpan(value))
    issues.push(issue(at, 'period-invalid', '期限应写作“90 days”', 'a period is written "90 days"'));
};

const rule = objectOf({ that: aText, code: aName, otherwise: aTitle, source: optional(aText) });
const roles = listOf(aText);
const field = objectOf({
  type: oneOf('text', 'number', 'yes-no', 'date', 'organisation', 'person', 'code', 'list', 'reference'),
  title: aTitle,
  codes: optional(mapOf(aTitle)),
  default: optional(anything),
  required: optional(aFlag),
});

const register = objectOf({
  id: aName,
  title: aTitle,
  fields: mapOf(field),
  key: listOf(aName),
  subject: optional(aName),
  kind: optional(oneOf('public-health', 'paid-package', 'file-link', 'schedule')),
  by: roles,
  rules: optional(listOf(rule)),
  covers: optional(objectOf({ register: aName, field: aName })),
});

const agreement = objectOf({
  id: aName,
  title: aTitle,
  parties: listOf(objectOf({ party: aName, title: aTitle })),
  duties: listOf(objectOf({ id: aName, title: aTitle, party: aName, count: optional(aWhole) })),
  rights: optional(listOf(objectOf({ right: aName, title: aTitle, holder: aName }))),
  term: objectOf({ most: aPeriod }),
  renewal: optional(objectOf({ before: aPeriod })),
  by: roles,
});

const node: Shape = (value, at, issues) =>
  objectOf({
    id: aName,
    title: aTitle,
    due: optional(aDate),
    lead: optional(aText),
    with: optional(listOf(aText)),
    nodes: optional(listOf(node)),
  })(value, at, issues);

const tree = objectOf({
  id: aName,
  title: aTitle,
  by: roles,
  nodes: listOf(node),
  counts: optional(objectOf({ areas: optional(aWhole), tasks: optional(aWhole) })),
  evidence: aFlag,
});

const recurring = objectOf({
  id: aName,
  title: aTitle,
  every: oneOf('day', 'week', 'month', 'quarter', 'year', 'once'),
  objects: aName,
  when: optional(aText),
  form: optional(aName),
  by: roles,
});

const survey = objectOf({
  id: aName,
  title: aTitle,
  form: aName,
  satisfied: aText,
  valid: optional(aText),
  least: aWhole,
  baseline: optional(aNumber),
  low: optional(objectOf({ when: aText, opens: aName, with: mapOf(aText) })),
});

const drawing = objectOf({
  id: aName,
  title: aTitle,
  from: aName,
  field: aName,
  ties: listOf(aName),
  by: roles,
});

const datedList = objectOf({
  id: aName,
  title: aTitle,
  value: oneOf('money', 'number', 'text'),
  source: aText,
  rows: listOf(objectOf({ key: aText, from: aDate, to: optional(aDate), value: anything })),
});

const entitlement = objectOf({
  id: aName,
  title: aTitle,
  fields: mapOf(field),
  settings: optional(mapOf(anything)),
  rules: listOf(rule),
  grants: optional(mapOf(aText)),
});

const stock = objectOf({
  id: aName,
  title: aTitle,
  items: listOf(objectOf({ item: aName, title: aTitle, reserve: aWhole, dailyUse: aNumber })),
  by: roles,
});

const alert = objectOf({
  id: aName,
  title: aTitle,
  class: aText,
  over: optional(objectOf({ register: aName, by: aName, within: aPeriod })),
  when: aText,
  silentAfter: optional(aPeriod),
  opens: aName,
  with: mapOf(aText),
});

const pool = objectOf({
  id: aName,
  title: aTitle,
  units: optional(
    listOf(objectOf({ unit: aName, title: aTitle, capacity: aWhole, tags: optional(listOf(aText)) })),
  ),
  onePerHolder: aFlag,
  holdFor: optional(aPeriod),
  rules: optional(listOf(rule)),
  fields: optional(mapOf(field)),
  by: roles,
});

const match = objectOf({
  id: aName,
  title: aTitle,
  orders: objectOf({ loop: aName, state: aName }),
  people: aName,
  rules: objectOf({
    weights: optional(objectOf({ skill: aNumber, grade: aNumber, rested: aNumber, load: aNumber })),
    mostPerPerson: optional(aWhole),
    mostAwayPerHome: optional(aWhole),
    candidatesPerOrder: optional(aWhole),
  }),
});

const column = objectOf({
  id: aName,
  title: aTitle,
  count: optional(anything),
  distinct: optional(aName),
  sum: optional(aName),
  mean: optional(aName),
  percent: optional(listOf(aName)),
  change: optional(aName),
});

const counts = optional(oneOf('in-force', 'begun'));

const report = objectOf({
  id: aName,
  title: aTitle,
  register: aName,
  counts,
  when: optional(aText),
  joins: optional(objectOf({ register: aName, counts, on: mapOf(aName), when: optional(aText) })),
  by: optional(listOf(aName)),
  columns: optional(listOf(column)),
  rule: optional(aName),
  keeps: optional(aText),
  names: optional(aText),
});

const programme = objectOf({
  id: aName,
  domain: oneOf('gov', 'fund', 'ops', 'hr', 'net', 'pop', 'care', 'insp', 'emg', 'exp', 'qual', 'data'),
  version: aWhole,
  title: aTitle,
  source: aText,
  loops: optional(listOf(oneOrMany(anything))),
  forms: optional(listOf(anything)),
  registers: optional(listOf(register)),
  agreements: optional(listOf(agreement)),
  trees: optional(listOf(tree)),
  recurring: optional(listOf(recurring)),
  surveys: optional(listOf(survey)),
  draws: optional(listOf(drawing)),
  lists: optional(listOf(datedList)),
  entitlements: optional(listOf(entitlement)),
  stocks: optional(listOf(stock)),
  alerts: optional(listOf(alert)),
  pools: optional(listOf(pool)),
  matches: optional(listOf(match)),
  reports: optional(listOf(report)),
  measures: optional(listOf(aName)),
});

export const inspectProgrammeShape = (value: unknown): Issue[] => inspect(value, programme);
