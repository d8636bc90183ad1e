// What the houses of the consortium do for one another and for the old in a week: results recognised, consultations and
// meetings at a distance, cloud services, free clinics, guidance of the elderly; reports of laboratory and imaging.
import type { Resource } from '@yimai/fhir';
import { addDays, type LocalDate } from '@yimai/kit';
import { isEnrolled } from './files.ts';
import { places } from './places.ts';
import { type Random, seeded } from './random.ts';
import type { Resident } from './residents.ts';
import { at, reference, tagged } from './stay-resources.ts';
import { figureCode, figureUrl } from './systems.ts';

const HOSPITALS = ['county-hospital', 'tcm-hospital', 'maternal-hospital'] as const;
const GUIDED_AGE = 65;

interface Done {
  readonly kind: string;
  readonly id: string;
  readonly org: string;
  readonly on: LocalDate;
  readonly hour: number;
  /** Minutes from asked to done. */
  readonly minutes: number;
  readonly from?: string;
  readonly patient?: string;
  readonly outcome?: string;
  readonly quantity?: number;
  readonly yuan?: number;
}

function task({ kind, id, org, on, hour, minutes, from, patient, outcome, quantity, yuan }: Done): Resource {
  const output = [
    ...(quantity === undefined ? [] : [{ type: part('quantity'), valueQuantity: { value: quantity } }]),
    ...(yuan === undefined ? [] : [{ type: part('money'), valueMoney: { value: yuan, currency: 'CNY' } }]),
  ];
  const opened = at(on, hour);
  return {
    resourceType: 'Task',
    id,
    meta: tagged,
    identifier: [{ value: id }],
    status: 'completed',
    intent: 'order',
    code: figureCode('loop-kind', kind),
    ...(outcome === undefined ? {} : { businessStatus: figureCode('loop-outcome', outcome) }),
    ...(patient === undefined ? {} : { for: reference('Patient', patient) }),
    ...(from === undefined ? {} : { requester: reference('Organization', from) }),
    owner: reference('Organization', org),
    authoredOn: opened,
    executionPeriod: { start: opened, end: at(on, hour + Math.floor(minutes / 60), minutes % 60) },
    ...(output.length === 0 ? {} : { output }),
  };
}

const part = (code: string) => ({ coding: [{ code }] });

/** How often a thing happens in a week of a county of that many people, at the least once. */
const often = (people: number, oneIn: number): number => 1 + Math.round(people / oneIn);

export interface Peopled {
  readonly week: number;
  readonly monday: LocalDate;
  readonly people: readonly Resident[];
  /** Residents who have died so far. */
  readonly dead: ReadonlySet<number>;
}

export function sharedServices(of: Peopled): Resource[] {
  const random = seeded(of.week + 1).fork('shared');
  return [...recognised(random, of), ...atADistance(random, of), ...guided(of), ...reports(random, of)];
}

/** Somebody who lives in that week. */
function anybody(random: Random, { monday, people, dead }: Peopled): Resident {
  for (let turn = 0; turn < people.length; turn += 1) {
    const one = random.pick(people);
    if (one.birth < monday && !dead.has(one.index)) return one;
  }
  return people[0]!;
}

const dayIn = (random: Random, monday: LocalDate): LocalDate => addDays(monday, random.between(0, 4));

function recognised(random: Random, of: Peopled): Resource[] {
  const { week, monday, people } = of;
  return Array.from({ length: often(people.length, 900) }, (_, nth) => {
    const resident = anybody(random, of);
    const isRecognised = random.chance(0.91);
    return task({
      kind: 'recognition',
      id: `recognition-${week}-${nth + 1}`,
      org: random.chance(0.5) ? resident.clinic.parent! : random.pick(HOSPITALS),
      patient: resident.id,
      on: dayIn(random, monday),
      hour: random.between(8, 16),
      minutes: 5,
      outcome: isRecognised ? 'recognised' : 'refused',
      ...(isRecognised ? { yuan: random.between(35, 280) } : {}),
    });
  });
}

const townshipIds = (): string[] =>
  places()
    .filter((one) => one.kind === 'township-hospital')
    .map((one) => one.id);

/** Kind, how many rows a week for one in so many people, minutes, and how much each row stands for. */
const SERVICES: readonly (readonly [
  kind: string,
  oneIn: number,
  minutes: number,
  quantity: readonly [low: number, high: number] | null,
])[] = [
  ['remote-consultation', 9_000, 45, null],
  ['online-mdt', 60_000, 90, null],
  ['cloud-service', 60_000, 30, [6, 24]],
  ['cloud-booking', 60_000, 20, [3, 15]],
  ['cloud-renewal', 60_000, 20, [4, 18]],
  ['free-clinic', 60_000, 180, [25, 110]],
  ['self-service', 3_000, 4, null],
];

function atADistance(random: Random, { week, monday, people }: Peopled): Resource[] {
  const townships = townshipIds();
  const found = SERVICES.flatMap(([kind, oneIn, minutes, quantity]) =>
    Array.from({ length: often(people.length, oneIn) }, (_, nth) =>
      task({
        kind,
        id: `${kind}-${week}-${nth + 1}`,
        from: random.pick(townships),
        org: random.pick(HOSPITALS),
        on: dayIn(random, monday),
        hour: random.between(8, 15),
        minutes: minutes + random.between(0, Math.ceil(minutes / 3)),
        ...(kind === 'remote-consultation' ? { outcome: 'signed' } : {}),
        ...(quantity === null ? {} : { quantity: random.between(quantity[0], quantity[1]) }),
      }),
    ),
  );
  // Doctors who judge occupational diseases are assessed four times a year.
  const assessed = week % 13 === 6 ? 6 : 0;
  for (let nth = 1; nth <= assessed; nth += 1)
    found.push(
      task({
        kind: 'physician-assessment',
        id: `physician-assessment-${week}-${nth}`,
        org: 'county-hospital',
        on: monday,
        hour: 9,
        minutes: 60,
      }),
    );
  return found;
}

/** Once a year most of the old are told about their illness; one in nine of those in a programme is diagnosed anew. */
function guided({ week, monday, people, dead }: Peopled): Resource[] {
  const found: Resource[] = [];
  for (const one of people) {
    if ((one.index + week) % 52 !== 0 || one.birth >= monday || dead.has(one.index)) continue;
    const random = seeded(one.index + 17).fork('guided');
    const patient = one.id;
    const [org, from] = [one.clinic.id, one.clinic.parent!];
    if (one.age > GUIDED_AGE && random.chance(0.83))
      found.push(
        task({
          kind: 'elderly-guidance',
          id: `${one.id}-guided`,
          org,
          from,
          patient,
          on: monday,
          hour: 9,
          minutes: 20,
        }),
      );
    if (one.diseases.some((disease) => isEnrolled(one, disease)) && random.chance(0.11))
      found.push(
        task({
          kind: 're-diagnosis',
          id: `${one.id}-anew`,
          org: 'county-hospital',
          from: one.clinic.parent!,
          patient,
          on: addDays(monday, 2),
          hour: 10,
          minutes: 90,
        }),
      );
  }
  return found;
}

const TESTS = ['血常规', '生化全项', '凝血功能', '尿常规'];
const IMAGES = ['胸部 CT 平扫', '腹部彩超', '头颅 CT 平扫', '甲状腺彩超'];
/** Pictures an hour of a machine; a little more from week to week. */
const PICTURES_AN_HOUR = 3.1;

function reports(random: Random, of: Peopled): Resource[] {
  const { week, monday, people } = of;
  const tests = Array.from({ length: often(people.length, 1_500) }, (_, nth) =>
    reported(random, 'laboratory', `lab-report-${week}-${nth + 1}`, of),
  );
  const images = Array.from({ length: often(people.length, 3_000) }, (_, nth) =>
    reported(random, 'imaging', `image-report-${week}-${nth + 1}`, of),
  );
  const hours = images.length / (PICTURES_AN_HOUR * (1 + week / 400));
  return [
    ...tests,
    ...images,
    {
      resourceType: 'MeasureReport',
      id: `machine-hours-${week}`,
      meta: tagged,
      status: 'complete',
      type: 'summary',
      measure: figureUrl('Measure/reported-lines'),
      date: addDays(monday, 6),
      reporter: reference('Organization', 'county-hospital'),
      period: { start: monday, end: addDays(monday, 6) },
      group: [
        {
          code: figureCode('report-line', 'imaging-machine-hours'),
          measureScore: { value: Math.round(hours * 100) / 100 },
        },
      ],
    },
  ];
}

function reported(random: Random, kind: 'laboratory' | 'imaging', id: string, of: Peopled): Resource {
  const on = dayIn(random, of.monday);
  const hour = random.between(8, 14);
  return {
    resourceType: 'DiagnosticReport',
    id,
    meta: tagged,
    status: 'final',
    category: [figureCode('report-kind', kind)],
    code: { text: `${random.pick(kind === 'laboratory' ? TESTS : IMAGES)}（合成）` },
    subject: reference('Patient', anybody(random, of).id),
    performer: [
      reference('Organization', `county-hospital-${kind === 'imaging' ? 'imaging' : 'laboratory'}`),
    ],
    effectiveDateTime: at(on, hour),
    issued: at(on, hour + (kind === 'laboratory' ? 1 : 2), random.between(5, 55)),
    conclusion: kind === 'laboratory' ? '未见明显异常（合成）' : '请结合临床（合成）',
  };
}
