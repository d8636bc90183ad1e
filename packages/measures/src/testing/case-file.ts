// Case files: rows of a county in a few words each, written out as resources, with noise that must not count.
//
// Every case has a tree of its own under its own city, so that all cases live in one data set and only the scope keeps
// them apart. For each line of a case the same rows are added as noise: in another period, void, repeated, without a
// date. A measure that counts any of them misses its expected value.
import { type Entry, type Resource, toResource } from './resources.ts';

export interface Case {
  readonly row: string;
  readonly period?: string;
  /** Alias of the organisation asked; the county unless stated. */
  readonly scope?: string;
  readonly data: readonly Entry[];
  /** Expected values by measure, rounded to the digits of the measure. */
  readonly expect: Readonly<Record<string, number | null>>;
  /** Noise that this case cannot have, because the measure is about exactly that. */
  readonly without?: readonly Noise[];
}

export type Noise = 'other-period' | 'void' | 'repeated' | 'empty';

// Organisations that come into being when a case names them: [level, class, grade, parent, role].
const ALIASES: Readonly<Record<string, readonly (string | null)[]>> = {
  city: ['city', 'city', null, null, null],
  county: ['county', 'county', null, 'city', null],
  hospital: ['county', 'hospital', '3A', 'county', 'lead'],
  'tcm-hospital': ['county', 'tcm-hospital', '2A', 'county', null],
  department: ['department', null, null, 'hospital', null],
  township: ['township', 'township-hospital', null, 'county', null],
  village: ['village', 'village-clinic', null, 'township', null],
  outside: ['city', 'hospital', '3A', null, null],
};

/** All resources of a case; ids begin with the case's row, so cases do not meet. */
export function resourcesOf(test: Case): Resource[] {
  const resources: Resource[] = [];
  const known = new Set<string>();
  const year = (test.period ?? '2024').slice(0, 4);
  const idOf = (name: unknown): string => `${test.row}.${name}`;
  const ensure = (name: unknown): string | undefined => {
    if (typeof name !== 'string') return undefined;
    const alias = ALIASES[name];
    if (alias && !known.has(name)) {
      known.add(name);
      const [level, kind, grade, parent, role] = alias;
      resources.push(
        toResource({ make: 'org', level, class: kind, grade, role, parent: ensure(parent) }, idOf(name)),
      );
    }
    return idOf(name);
  };
  ensure('county');
  let next = 0;
  for (const line of test.data) {
    const times = Number(line['times'] ?? 1);
    for (let index = 1; index <= times; index += 1) {
      const entry = fill(line, index, year);
      const place = (name: string): string | undefined => ensure(entry[name]);
      next += 1;
      const whole: Entry = {
        ...entry,
        org: place('org') ?? (entry.make === 'org' ? undefined : idOf('county')),
        parent: place('parent') ?? (entry.make === 'org' ? idOf('county') : undefined),
        home: place('home'),
        requester: place('requester'),
        insurer: place('insurer') ?? idOf('county'),
        subject: entry['subject'] === undefined ? undefined : idOf(entry['subject']),
        patient: entry['patient'] === null ? undefined : idOf(entry['patient'] ?? `p${next}`),
        practitioner: idOf(entry['practitioner'] ?? `d${next}`),
        number: entry['number'] ?? `n${next}`,
      };
      const id =
        entry.make === 'org'
          ? idOf(entry['name'] ?? `o${next}`)
          : entry.make === 'resident'
            ? String(whole['patient'])
            : idOf(`r${next}`);
      resources.push(toResource(whole, id));
      if (index === 1 && entry.make !== 'org' && line['plain'] !== true) {
        resources.push(...noiseOf(whole, id, test.without ?? []));
      }
    }
  }
  return resources;
}

// `{n}` counts the repetitions of a line; `{year}` is the year of the period, `{last}` the year before.
function fill(line: Entry, index: number, year: string): Entry {
  const replace = (value: unknown): unknown =>
    typeof value !== 'string'
      ? value
      : value
          .replaceAll('{n}', String(index))
          .replaceAll('{year}', year)
          .replaceAll('{last}', String(Number(year) - 1));
  const entry = Object.fromEntries(
    Object.entries(line).map(([key, value]) => [key, replace(value)]),
  ) as Entry;
  const isDated = ['post', 'feature', 'member', 'agreement'].includes(entry.make);
  const on = entry['on'] === undefined ? (isDated ? `${year}-01-01` : `${year}-06-15`) : entry['on'];
  return { ...entry, on };
}

const VOID: Readonly<Record<string, object>> = {
  encounter: { status: 'cancelled' },
  settlement: { status: 'cancelled' },
  task: { status: 'entered-in-error' },
  line: { status: 'error', reported: '2999-01-01', value: 987_654_321 },
  post: { active: false },
  feature: { active: false },
  registered: { status: 'cancelled' },
  resident: { active: false },
  member: { status: 'cancelled' },
  agreement: { status: 'cancelled' },
  answer: { status: 'entered-in-error' },
  report: { status: 'cancelled' },
  death: { status: 'entered-in-error' },
  price: { status: 'retired' },
};
const WITH_NUMBER = new Set(['encounter', 'settlement', 'task', 'registered']);

function noiseOf(entry: Entry, id: string, without: readonly Noise[]): Resource[] {
  const noise: Resource[] = [];
  const add = (kind: Noise, change: object): void => {
    if (without.includes(kind)) return;
    const others = {
      number: `${entry['number']}-${kind}`,
      practitioner: `${id}-${kind}`,
      patient: `${id}-${kind}`,
    };
    noise.push(toResource({ ...entry, ...others, ...change }, `${id}-${kind}`));
  };
  const early = {
    on: '2001-03-04',
    opened: '2001-03-04',
    received: '2001-03-04T08:00:00+08:00',
    from: '2001-01-01',
    to: '2001-12-31',
    until: '2001-03-31',
  };
  if (entry.make === 'resident') add('other-period', { birth: '2999-01-01' });
  else add('other-period', early);
  add('void', VOID[entry.make] ?? {});
  if (WITH_NUMBER.has(entry.make)) {
    add('repeated', {
      number: entry['number'],
      patient: entry['patient'],
      practitioner: entry['practitioner'],
    });
  }
  if (entry.make === 'line') add('repeated', { reported: '2000-01-01', value: 123_456_789 });
  if (entry.make === 'post') add('repeated', { practitioner: entry['practitioner'] });
  if (entry.make === 'feature') add('repeated', {});
  if (entry.make === 'agreement') add('repeated', { patient: entry['patient'], kind: `${entry['kind']}` });
  add('empty', { on: null, opened: null, from: null, received: null, birth: null, value: null });
  return noise;
}
