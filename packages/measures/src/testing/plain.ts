// The same questions answered without views and without SQL: plain loops over the raw resources, one figure at a time.
import type { Resource } from './resources.ts';

type Json = Readonly<Record<string, unknown>>;

const SYSTEM = 'https://yimai.example/fhir/CodeSystem/';

/** Any value along a path; lists are entered, missing steps give nothing. */
export function at(value: unknown, path: string): unknown[] {
  let now: unknown[] = [value];
  for (const step of path.split('.')) {
    now = now.flatMap((each) => {
      const inner = (each as Json | undefined)?.[step];
      return inner === undefined || inner === null ? [] : Array.isArray(inner) ? inner : [inner];
    });
  }
  return now;
}

const coded = (resource: unknown, path: string, system: string): string | undefined =>
  (at(resource, `${path}.coding`) as { system?: string; code?: string }[]).find(
    (coding) => coding.system === SYSTEM + system,
  )?.code;
const idIn = (resource: unknown, path: string): string | undefined =>
  (at(resource, `${path}.reference`)[0] as string | undefined)?.split('/')[1];

const EVERYWHERE = '*';
/** LOINC: cause of death. */
const CAUSE_OF_DEATH = '69453-9';

interface Org {
  readonly id: string;
  readonly level?: string;
  readonly class?: string;
  readonly grade?: string;
  readonly role?: string;
  readonly parent?: string;
}

/** A county read from raw resources. Void and repeated entries are taken out by hand-written rules of this file. */
export class PlainCounty {
  readonly #all: readonly Resource[];
  readonly #orgs = new Map<string, Org>();
  readonly from: string;
  readonly until: string;
  readonly scope: string;

  constructor(all: readonly Resource[], year: number, scope: string) {
    this.#all = all;
    this.from = `${year}-01-01`;
    this.until = `${year + 1}-01-01`;
    this.scope = scope;
    for (const org of this.#of('Organization')) {
      const facts = Object.fromEntries(
        Object.entries({
          level: coded(org, 'type', 'organisation-level'),
          class: coded(org, 'type', 'institution-class'),
          grade: coded(org, 'type', 'hospital-grade'),
          role: coded(org, 'type', 'consortium-role'),
          parent: idIn(org, 'partOf'),
        }).filter(([, value]) => value !== undefined),
      );
      this.#orgs.set(org.id, { id: org.id, ...facts });
    }
  }

  inYear(date: unknown): boolean {
    if (typeof date !== 'string') return false;
    // A moment counts on its day in China: half past eleven at night of the last of December is still the old year.
    const day = date.includes('T')
      ? new Date(Date.parse(date) + 8 * 3_600_000).toISOString().slice(0, 10)
      : date;
    return day >= this.from && day < this.until;
  }

  /** The institution: for a department the hospital that it belongs to. */
  institution(id: string | undefined): Org | undefined {
    let org = this.#orgs.get(id ?? '');
    while (org?.level === 'department') org = this.#orgs.get(org.parent ?? '');
    return org;
  }

  inside(id: string | undefined, scope = this.scope): boolean {
    if (scope === EVERYWHERE) return true;
    for (let org = this.#orgs.get(id ?? ''); org; org = this.#orgs.get(org.parent ?? ''))
      if (org.id === scope) return true;
    return false;
  }

  isPrimary(id: string | undefined): boolean {
    return ['township', 'village'].includes(this.institution(id)?.level ?? '');
  }

  orgs(kind: string): number {
    return [...this.#orgs.values()].filter((org) => org.class === kind && this.inside(org.id)).length;
  }

  orgIdOf(resource: Resource, path: string): string | undefined {
    return idIn(resource, path);
  }

  visits(): Resource[] {
    return this.#once(
      this.#of('Encounter').filter(
        (e) =>
          ['AMB', 'EMER', 'HH'].includes(String(at(e, 'class.code')[0])) &&
          e['status'] !== 'cancelled' &&
          this.inYear(at(e, 'period.start')[0]) &&
          this.inside(idIn(e, 'serviceProvider')),
      ),
      'serviceProvider',
    );
  }

  stays(): Resource[] {
    return this.#once(
      this.#of('Encounter').filter(
        (e) =>
          at(e, 'class.code')[0] === 'IMP' &&
          e['status'] === 'finished' &&
          this.inYear(at(e, 'period.end')[0]) &&
          this.inside(idIn(e, 'serviceProvider')),
      ),
      'serviceProvider',
    );
  }

  /** Settled cases by the organisation that was paid or by the county that paid. */
  settled(by: 'provider' | 'insurer', setting?: string): Resource[] {
    return this.#once(
      this.#of('ExplanationOfBenefit').filter(
        (e) =>
          e['status'] === 'active' &&
          this.inYear(at(e, 'billablePeriod.end')[0]) &&
          this.inside(idIn(e, by)) &&
          (setting === undefined || coded(e, 'type', 'care-setting') === setting),
      ),
      'provider',
    );
  }

  tasks(kinds: readonly string[], by: 'requester' | 'owner', moment: 'opened' | 'done'): Resource[] {
    return this.#once(
      this.#cases().filter((t) => {
        const date = moment === 'opened' ? t['authoredOn'] : at(t, 'executionPeriod.end')[0];
        const isRight =
          moment === 'opened' ? t['status'] !== 'entered-in-error' : t['status'] === 'completed';
        return (
          isRight &&
          kinds.includes(coded(t, 'code', 'loop-kind') ?? '') &&
          this.inYear(date) &&
          this.inside(idIn(t, by))
        );
      }),
      'owner',
    );
  }

  /** Sum of a reported line; of two reports for one month the later one counts. Null when nobody reported. */
  line(name: string, fits: (org: Org | undefined) => boolean = () => true): number | null {
    const last = new Map<string, { date: string; value: number }>();
    for (const report of this.#of('MeasureReport')) {
      const start = at(report, 'period.start')[0];
      const org = idIn(report, 'reporter');
      if (report['status'] !== 'complete' || !this.inYear(start)) continue;
      if (!this.inside(org) || !fits(this.institution(org))) continue;
      for (const group of at(report, 'group')) {
        const value = at(group, 'measureScore.value')[0];
        if (coded(group, 'code', 'report-line') !== name || value === undefined) continue;
        const key = `${org} ${start} ${at(report, 'period.end')[0]}`;
        const before = last.get(key);
        if (!before || before.date < String(report['date']))
          last.set(key, { date: String(report['date']), value: Number(value) });
      }
    }
    if (last.size === 0) return null;
    return [...last.values()].reduce((sum, { value }) => sum + value, 0);
  }

  posts(kind: string): Resource[] {
    return this.#of('PractitionerRole').filter(
      (p) =>
        p['active'] === true &&
        coded(p, 'code', 'post-kind') === kind &&
        this.inside(idIn(p, 'organization')),
    );
  }

  features(name: string): Set<string> {
    const sites = this.#of('OrganizationAffiliation').filter((f) => {
      const [start, end] = [at(f, 'period.start')[0], at(f, 'period.end')[0]];
      const holds =
        typeof start === 'string' && start < this.until && (end === undefined || String(end) >= this.until);
      return (
        f['active'] === true &&
        holds &&
        coded(f, 'code', 'site-feature') === name &&
        this.inside(idIn(f, 'participatingOrganization'))
      );
    });
    return new Set(sites.map((site) => idIn(site, 'participatingOrganization')!));
  }

  managed(): Set<string> {
    const episodes = this.#of('EpisodeOfCare').filter((e) => {
      const [start, end] = [at(e, 'period.start')[0], at(e, 'period.end')[0]];
      const holds =
        typeof start === 'string' && start < this.until && (end === undefined || String(end) >= this.from);
      const isChronic = ['hypertension', 'diabetes'].includes(coded(e, 'type', 'programme') ?? '');
      return (
        e['status'] !== 'cancelled' && holds && isChronic && this.inside(idIn(e, 'managingOrganization'))
      );
    });
    return new Set(episodes.map((episode) => idIn(episode, 'patient')!));
  }

  evidence(subject: string): number {
    const kinds = this.#of('Basic').filter(
      (b) =>
        coded(b, 'code', 'register') === 'evidence' &&
        info(b, 'status') === 'active' &&
        String(b['created']) < this.until &&
        info(b, 'valid-until') === undefined,
    );
    return new Set(
      kinds.map((kind) => info(kind, 'class')).filter((kind) => String(kind).startsWith(`${subject}-`)),
    ).size;
  }

  deaths(): Resource[] {
    const seen = new Set<string>();
    return this.#of('Observation').filter((o) => {
      const who = idIn(o, 'subject') ?? o.id;
      const isDeath = at(o, 'code.coding.code').includes(CAUSE_OF_DEATH);
      if (!isDeath || o['status'] !== 'final' || !this.inYear(o['effectiveDateTime']) || seen.has(who))
        return false;
      seen.add(who);
      return true;
    });
  }

  answers(survey: string): number[] {
    return this.#of('QuestionnaireResponse')
      .filter(
        (a) =>
          a['status'] === 'completed' &&
          (String(a['questionnaire']).endsWith(`/${survey}`) ||
            at(a, 'extension.valueCode').includes(survey)) &&
          this.inYear(a['authored']) &&
          this.inside((at(a, 'extension.valueReference.reference')[0] as string | undefined)?.split('/')[1]),
      )
      .flatMap((a) => {
        const items = at(a, 'item') as { linkId: string; answer?: { valueInteger?: number }[] }[];
        const marks = ['overall', 'environment', 'attitude'].map(
          (name) => items.find(({ linkId }) => linkId === name)?.answer?.[0]?.valueInteger,
        );
        // A whole answer to the satisfaction form: 1 to 5 are 20 to 100.
        if (marks.every((mark) => mark !== undefined)) return [marks[0]! * 20];
        return at(a, 'item.answer.valueDecimal') as number[];
      })
      .filter((score) => score >= 0 && score <= 100);
  }

  /** The county that the scope lies in: the highest organisation of that level above it, or itself. */
  county(): string {
    let found = this.scope;
    for (let org = this.#orgs.get(this.scope); org; org = this.#orgs.get(org.parent ?? ''))
      if (org.level === 'county') found = org.id;
    return found;
  }

  /** The same year wherever it happened. */
  everywhere(): PlainCounty {
    return new PlainCounty(this.#all, Number(this.from.slice(0, 4)), EVERYWHERE);
  }

  /** Tasks as they are; a referral of the engine is one up, and one down once the hospital has sent the patient back. */
  #cases(): Resource[] {
    return this.#of('Task').flatMap((task) => {
      const coding = at(task, 'code.coding')[0] as { system?: string; code?: string } | undefined;
      if (coding?.system !== `${SYSTEM}loop` || coding.code !== 'two-way-referral') return [task];
      const state = String(at(task, 'businessStatus.coding.code')[0]);
      const input = at(task, 'input') as { type?: unknown; valueString?: string }[];
      const to = { reference: input.find((each) => at(each, 'type.coding.code')[0] === 'to')?.valueString };
      const kind = (code: string) => ({ coding: [{ system: `${SYSTEM}loop-kind`, code }] });
      const up = { ...task, code: kind('referral-up'), owner: to };
      if (state !== 'returned' && state !== 'followed-up') return [up] as Resource[];
      const outcome = state === 'followed-up' ? 'received' : 'sent';
      const down = {
        ...task,
        code: kind('referral-down'),
        requester: to,
        owner: task['requester'],
        businessStatus: { coding: [{ system: `${SYSTEM}loop-outcome`, code: outcome }] },
        identifier: [{ value: `${at(task, 'identifier.value')[0]} down` }],
      };
      return [up, down] as Resource[];
    });
  }

  #of(type: string): Resource[] {
    return this.#all.filter((resource) => resource.resourceType === type);
  }

  // The same number at the same organisation is the same case.
  #once(resources: readonly Resource[], org: string): Resource[] {
    const seen = new Map<string, Resource>();
    for (const resource of resources) {
      seen.set(`${idIn(resource, org)} ${at(resource, 'identifier.value')[0]}`, resource);
    }
    return [...seen.values()];
  }
}

/** Value of an extension by the last word of its address. */
export function info(resource: Resource, name: string): unknown {
  const found = (at(resource, 'extension') as Json[]).find((each) =>
    String(each['url']).endsWith(`/${name}`),
  );
  return found && Object.entries(found).find(([key]) => key.startsWith('value'))?.[1];
}

/** A piece of a settled case: `supportingInfo` by category. */
export function piece(settled: Resource, category: string): unknown {
  const found = at(settled, 'supportingInfo').find(
    (each) => at(each, 'category.coding.code')[0] === category,
  );
  if (found === undefined) return undefined;
  return (
    at(found, 'valueQuantity.value')[0] ?? at(found, 'valueBoolean')[0] ?? at(found, 'code.coding.code')[0]
  );
}

export const totalOf = (settled: Resource, category: string): number =>
  Number(
    at(
      at(settled, 'total').find((each) => at(each, 'category.coding.code')[0] === category),
      'amount.value',
    )[0] ?? 0,
  );
export { coded, idIn };
