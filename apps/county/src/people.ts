// The staff beyond the sign-ins: those who file, receive, teach, inspect and see patients during the played year.
import type { Resource } from '@yimai/fhir';
import { addDays, type LocalDate } from '@yimai/kit';
import { personName } from './names.ts';
import { places } from './places.ts';
import { seeded } from './random.ts';
import { reference, tagged } from './stay-resources.ts';
import { figureCode, figureExtension } from './systems.ts';

/** Who acts: a role at an organisation, as one person. */
export interface Chair {
  readonly role: string;
  readonly org: string;
  readonly practitioner: string;
  readonly name: string;
  /** A resident who acts in the own case; such a chair has no practitioner. */
  readonly patient?: string;
}

export interface Expert extends Chair {
  readonly home: string;
  readonly specialty: string;
  /** 2 attending, 3 associate senior, 4 senior. */
  readonly grade: number;
  readonly batch: 1 | 2;
}

export const EXPERTS = 33;
const FIRST_BATCH = 15;
export const SPECIALTIES = [
  '外科',
  '内科',
  '儿科',
  '妇产科',
  '中医科',
  '康复医学科',
  '医学影像科',
  '心血管内科',
  '急诊医学科',
] as const;
const HOMES = ['county-hospital', 'tcm-hospital', 'maternal-hospital'] as const;
const TITLES: Readonly<Record<number, string>> = { 2: 'intermediate', 3: 'associate-senior', 4: 'senior' };

interface Staff extends Chair {
  readonly postKind: string;
  readonly title: string;
}

const chairs = new Map<string, Staff>();

function staff(): ReadonlyMap<string, Staff> {
  if (chairs.size > 0) return chairs;
  const random = seeded(7_001).fork('people');
  const add = (id: string, role: string, org: string, postKind: string, title: string) => {
    const name = personName(random, random.chance(0.5) ? 'male' : 'female').text;
    chairs.set(id, { practitioner: id, role, org, name, postKind, title });
  };
  for (const place of places()) {
    if (place.kind === 'township-hospital') {
      add(`director-${place.id}`, 'township-director', place.id, 'manager', 'intermediate');
      for (const nth of [1, 2, 3, 4])
        add(
          `doctor-${place.id}-${nth}`,
          'township-doctor',
          place.id,
          nth < 3 ? 'gp' : 'doctor',
          nth === 1 ? 'intermediate' : 'junior',
        );
      for (const nth of [1, 2, 3])
        add(`nurse-${place.id}-${nth}`, 'public-health-worker', place.id, 'nurse', 'junior');
    }
    if (place.kind === 'village-clinic')
      add(`village-doctor-${place.id}`, 'village-doctor', place.id, 'village-doctor', 'junior');
  }
  for (const home of HOMES) {
    for (let nth = 1; nth <= 24; nth += 1) {
      const title =
        nth <= 3 ? 'senior' : nth <= 8 ? 'associate-senior' : nth <= 16 ? 'intermediate' : 'junior';
      add(`doctor-${home}-${nth}`, 'hospital-doctor', home, 'doctor', title);
    }
    for (let nth = 1; nth <= 30; nth += 1)
      add(`nurse-${home}-${nth}`, 'hospital-nurse', home, 'nurse', 'junior');
  }
  for (const nth of [2, 3, 4])
    add(`inspector-${nth}`, 'inspector', 'supervision', 'inspector', 'intermediate');
  return chairs;
}

export function chair(practitioner: string): Chair {
  const found = staff().get(practitioner);
  if (!found) throw new Error(`fault: nobody sits in the chair ${practitioner}`);
  return found;
}

export const allChairs = (): readonly Chair[] => [...staff().values()];

export const directorOf = (township: string): Chair => chair(`director-${township}`);
export const doctorOf = (township: string, nth: number): Chair =>
  chair(`doctor-${township}-${1 + (nth % 4)}`);

let sent: readonly Expert[] | undefined;

/** The experts who are dispatched in two batches. */
export function experts(): readonly Expert[] {
  if (sent) return sent;
  const random = seeded(7_002).fork('experts');
  sent = Array.from({ length: EXPERTS }, (_, index) => {
    const home = HOMES[index % 3]!;
    return {
      practitioner: `expert-${index + 1}`,
      role: 'expert',
      org: home,
      name: personName(random, random.chance(0.55) ? 'male' : 'female').text,
      home,
      specialty: SPECIALTIES[index % SPECIALTIES.length]!,
      grade: 2 + (index % 3),
      batch: index < FIRST_BATCH ? 1 : 2,
    };
  });
  return sent;
}

export const postingOf = (batch: 1 | 2, begins: LocalDate): readonly [from: LocalDate, to: LocalDate] =>
  batch === 1 ? [addDays(begins, 45), addDays(begins, 230)] : [addDays(begins, 120), addDays(begins, 310)];

/** All of them as the personnel system sends them; experts with the posts in which they are sent. */
export function peopleResources(begins: LocalDate): Resource[] {
  const found: Resource[] = [];
  for (const one of staff().values()) {
    found.push(practitioner(one.practitioner, one.name), post(one, one.postKind, one.title, begins));
  }
  for (const [index, one] of experts().entries()) {
    const [from, to] = postingOf(one.batch, begins);
    const at = `township-${1 + (index % 8)}`;
    found.push(practitioner(one.practitioner, one.name));
    found.push(post(one, 'doctor', TITLES[one.grade]!, begins));
    found.push({
      ...post({ ...one, org: at }, 'posted-expert', TITLES[one.grade]!, begins),
      id: `posting-${one.practitioner}`,
      extension: [
        figureExtension('home-organisation', { valueReference: reference('Organization', one.home) }),
        figureExtension('batch', { valueString: String(one.batch) }),
      ],
      period: { start: from, end: to },
    });
  }
  return found;
}

function practitioner(id: string, name: string): Resource {
  return { resourceType: 'Practitioner', id, meta: tagged, active: true, name: [{ text: name }] };
}

function post(one: Chair, kind: string, title: string, begins: LocalDate): Resource {
  return {
    resourceType: 'PractitionerRole',
    id: `post-${one.practitioner}`,
    meta: tagged,
    active: true,
    practitioner: reference('Practitioner', one.practitioner),
    organization: reference('Organization', one.org),
    code: [figureCode('post-kind', kind)],
    specialty: [figureCode('title-class', title)],
    period: { start: addDays(begins, -400) },
  };
}
