// For the cases of access: plays one case, step by step, through the record's own functions.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { rowKey } from '@yimai/fhir';
import { RefusalError, type Uuid, uuidv7 } from '@yimai/kit';
import { parse } from 'yaml';
import type { Actor, Resource } from '../types.ts';
import { makeAccess, type PolicyAccess } from './access.ts';
import { type ActingAs, actorOf } from './actor.ts';
import { searchAudit } from './audit-events.ts';
import type { County } from './county.fixture.ts';
import { openSession } from './session.ts';
import { resourceOf, type Words } from './story-resources.fixture.ts';
import { assignRole, endRole, findUser, rolesOf, setActive } from './users.ts';

export interface Case {
  readonly zh: string;
  readonly en: string;
  readonly steps: readonly Readonly<Record<string, unknown>>[];
}

interface Cast {
  readonly organisations: Readonly<Record<string, { below?: string; level: string }>>;
  readonly staff: Readonly<
    Record<string, { role: string; at: string; rights?: string[]; scopes?: string[] }>
  >;
}

const FOLDER = new URL('./cases/', import.meta.url);
export const readCases = (file: string): Case[] =>
  parse(readFileSync(new URL(file, FOLDER), 'utf8')) as Case[];
const CAST = parse(readFileSync(new URL('cast.yaml', FOLDER), 'utf8')) as Cast;
const MINUTE_MS = 60_000;

type Step = (words: Words) => Promise<void>;

/** Plays a case in a county of its own: every id carries the number of the case. */
export class Story {
  readonly #county: County;
  readonly #number: number;
  readonly #ids = new Map<string, string>();
  readonly #types = new Map<string, string>();
  readonly #tokens = new Map<string, string>();
  readonly #looks = new Map<string, Uuid>();

  constructor(county: County, number: number) {
    this.#county = county;
    this.#number = number;
  }

  async play(story: Case): Promise<void> {
    await this.#found();
    for (const [index, step] of story.steps.entries()) {
      const [verb, words] = Object.entries(step)[0]!;
      const doIt = this.#steps[verb];
      assert.ok(doIt, `step ${index + 1}: no such word "${verb}"`);
      try {
        await doIt(typeof words === 'object' ? (words as Words) : { value: words });
      } catch (error) {
        (error as Error).message = `step ${index + 1} ${JSON.stringify(step)}: ${(error as Error).message}`;
        throw error;
      }
    }
  }

  readonly #ref = (type: string, name: string): string => {
    const known = this.#ids.get(`${type} ${name}`) ?? `c${this.#number}-${this.#ids.size + 1}`;
    this.#ids.set(`${type} ${name}`, known);
    return `${type}/${known}`;
  };

  get #names() {
    return { now: this.#county.clock.now(), ref: this.#ref };
  }

  async #found(): Promise<void> {
    const organisations = Object.entries(CAST.organisations).map(
      ([name, { below, level }]): Resource => ({
        resourceType: 'Organization',
        id: this.#ref('Organization', name).split('/')[1]!,
        name,
        type: [
          { coding: [{ system: 'https://yimai.example/fhir/CodeSystem/organisation-level', code: level }] },
        ],
        ...(below ? { partOf: { reference: this.#ref('Organization', below) } } : {}),
      }),
    );
    await this.#county.put(...organisations);
    await this.#steps['resident']!({ name: '李四' });
  }

  /** Written by a system of that organisation, which therefore owns it. */
  async #write(verb: string, name: string, words: Words, org: string): Promise<void> {
    const resource = resourceOf(verb, name, words, this.#names);
    this.#types.set(name, resource.resourceType);
    const key = rowKey('Organization', this.#ref('Organization', org).split('/')[1]!);
    const actor: Actor = { ...SCRIPT, user: uuidv7(), org: key, orgs: [key] };
    const access = makeAccess(actor, this.#county.clock.now(), this.#county.policy);
    await this.#county.record.transaction(access, { via: 'import' }, (tx) => tx.update(resource));
  }

  async #token(who: string): Promise<string> {
    const known = this.#tokens.get(who);
    if (known) return known;
    const staff = CAST.staff[who];
    const login = `c${this.#number}.${who}`;
    const at = this.#ref('Organization', staff?.at ?? '医共体').split('/')[1]!;
    const token = staff
      ? await this.#county.user(login, [{ role: staff.role, org: at }], {
          practitioner: this.#ref('Practitioner', who).split('/')[1]!,
          rights: staff.rights ?? [],
        })
      : await this.#county.user(login, [{ role: 'resident', org: at }], {
          patient: this.#ref('Patient', who).split('/')[1]!,
        });
    this.#tokens.set(who, staff?.scopes ? await this.#narrowed(login, staff.scopes) : token);
    return this.#tokens.get(who)!;
  }

  async #narrowed(login: string, scopes: readonly string[]): Promise<string> {
    const now = this.#county.clock.now();
    const user = (await findUser(this.#county.database, login))!;
    const expires = new Date(now.getTime() + 999 * 86_400_000);
    return (await openSession(this.#county.database, { user: user.id, kind: 'client', scopes, now, expires }))
      .token;
  }

  #actingAs(words: Words): ActingAs | undefined {
    const role = words['as'];
    if (typeof role !== 'string' || words['who'] === undefined || !this.#county.policy.roles.has(role))
      return undefined;
    const at = role === 'resident' ? '医共体' : '县医院';
    return { role, org: this.#ref('Organization', at).split('/')[1]! };
  }

  async #access(words: Words): Promise<PolicyAccess> {
    const token = await this.#token(String(words['who']));
    return this.#county.as(token, this.#actingAs(words));
  }

  #place(name: string): [string, string] {
    const type = this.#types.get(name);
    assert.ok(type, `"${name}" was not made in this case`);
    return [type, this.#ref(type, name).split('/')[1]!];
  }

  async #sight(words: Words, expected: boolean): Promise<void> {
    const access = await this.#access(words);
    for (const name of words['what'] as string[]) {
      const [type, id] = this.#place(name);
      const row = await this.#county.record.read(access, type, id);
      assert.equal(
        row !== null,
        expected,
        `${words['who']} ${expected ? 'should see' : 'must not see'} ${name}`,
      );
      const found = await this.#county.record.search(access, type, `_id=${id}`);
      assert.equal(found.matches.length === 1, expected, `${words['who']} by search: ${name}`);
    }
  }

  #query(ask: string): [string, string] {
    const [type, query] = ask.split('?') as [string, string];
    return [
      type,
      query.replace(/\{([^}]+)\}/g, (_, name: string) => this.#ref('Patient', name).split('/')[1]!),
    ];
  }

  async #refusalOf(work: () => Promise<unknown>): Promise<string> {
    try {
      await work();
      return 'ok';
    } catch (error) {
      if (error instanceof RefusalError) return error.refusal.code;
      throw error;
    }
  }

  async #command(words: Words, type: string, payload: unknown) {
    const access = await this.#access(words);
    return this.#county.record.commands.execute(
      {
        id: uuidv7(),
        type,
        occurredAt: this.#county.clock.now().toISOString(),
        actingAs: { org: 'x', role: access.actor.role },
        payload,
      },
      () => Promise.resolve({ ok: true, value: access }),
    );
  }

  async #listed(words: Words, seen: ReadonlySet<string>): Promise<void> {
    for (const name of (words['holds'] ?? []) as string[])
      assert.ok(seen.has(this.#place(name).join('/')), `misses ${name}`);
    for (const name of (words['lacks'] ?? []) as string[])
      assert.ok(!seen.has(this.#place(name).join('/')), `holds ${name}`);
  }

  async #write2(words: Words): Promise<unknown> {
    const access = await this.#access(words);
    const record = this.#county.record;
    if (words['does'] === 'create') {
      const name = String(words['as']);
      const resource = resourceOf('writes', name, words, this.#names);
      this.#types.set(name, resource.resourceType);
      return record.transaction(access, { via: 'rest' }, (tx) => tx.update(resource));
    }
    const [type, id] = this.#place(String(words['what']));
    const reader = words['as-seen-by']
      ? await this.#access({ who: words['as-seen-by'] })
      : record.systemAccess();
    const row = await record.read(reader, type, id);
    const resource = JSON.parse(await record.contentFor(reader, row!)) as Resource;
    return record.transaction(access, { via: 'rest' }, (tx) => tx.update({ ...resource, language: 'zh' }));
  }

  readonly #steps: Readonly<Record<string, Step>> = {
    resident: async (words) => {
      const village = String(words['at'] ?? '东村卫生室');
      await this.#write('resident', String(words['name']), { ...words, at: village }, village);
    },
    moves: async (words) => {
      const to = String(words['to']);
      await this.#write('resident', String(words['who']), { at: to }, to);
    },
    visit: (words) => this.#write('visit', String(words['as'] ?? '就诊'), words, String(words['at'])),
    record: (words) => this.#write('record', String(words['as']), words, String(words['at'])),
    referral: (words) => this.#write('referral', String(words['as']), words, String(words['from'])),
    consent: (words) => this.#write('consent', String(words['as']), words, '医共体'),
    object: (words) => this.#write('object', String(words['name']), words, String(words['at'])),
    work: (words) => this.#write('work', String(words['name']), words, String(words['from'])),
    guardian: async (words) => {
      const name = String(words['as'] ?? '监护');
      await this.#write('guardian', name, words, '东村卫生室');
      const link = this.#ref('RelatedPerson', name);
      await this.#write('resident', String(words['adult']), { at: '东村卫生室', link }, '东村卫生室');
    },
    days: async (words) => this.#county.clock.advanceBy(Number(words['value']) * 1440 * MINUTE_MS),
    minutes: async (words) => this.#county.clock.advanceBy(Number(words['value']) * MINUTE_MS),
    'role-ends': async (words) => {
      const token = await this.#token(String(words['value']));
      const { user } = await this.#county.actor(token);
      const [held] = await rolesOf(this.#county.database, user);
      await endRole(this.#county.database, held!.id, this.#county.clock.now());
    },
    'switched-off': async (words) => {
      const { user } = await this.#county.actor(await this.#token(String(words['value'])));
      await setActive(this.#county.database, user, false, this.#county.clock.now());
    },
    hired: async (words) => {
      const login = `c${this.#number}.${words['name']}`;
      this.#tokens.set(String(words['name']), await this.#county.user(login, []));
      const from = new Date(this.#county.clock.now().getTime() + Number(words['in-days']) * 1440 * MINUTE_MS);
      await this.#assign(login, words, from);
    },
    'second-role': async (words) => {
      await this.#token(String(words['who']));
      const { database } = this.#county;
      const login = `c${this.#number}.${words['who']}`;
      await this.#assign(login, words, this.#county.clock.now());
      if (!words['patient']) return;
      const patient = rowKey('Patient', this.#ref('Patient', String(words['patient'])).split('/')[1]!);
      await database.text('update app_user set patient = $1 where login = $2', [patient, login]);
    },
    'signed-in': async (words) => {
      const { database, policy, clock } = this.#county;
      const signed = await actorOf(database, policy, await this.#token(String(words['who'])), clock.now());
      assert.equal(signed.ok ? 'ok' : signed.refusal.code, words['answer']);
    },
    deleted: async (words) => this.#county.remove(...this.#place(String(words['value']))),
    sees: (words) => this.#sight(words, true),
    'not-sees': (words) => this.#sight(words, false),
    finds: async (words) => {
      const page = await this.#county.record.search(
        await this.#access(words),
        ...this.#query(String(words['ask'])),
      );
      const found = [...page.matches, ...page.includes].map((row) => `${row.type}/${row.fhirId}`).sort();
      assert.deepEqual(found, (words['names'] as string[]).map((name) => this.#place(name).join('/')).sort());
    },
    count: async (words) => {
      const [type, query] = this.#query(String(words['ask']));
      const page = await this.#county.record.search(
        await this.#access(words),
        type,
        `${query}&_total=accurate`,
      );
      assert.equal(page.total, words['is']);
    },
    'history-of': async (words) => {
      const [type, id] = this.#place(String(words['what']));
      const access = await this.#access(words);
      const page = await this.#county.record.history(access, type, id, new URLSearchParams());
      assert.deepEqual(
        page.versions.map((row) => row.version),
        words['versions'],
      );
      for (const version of [1, 2]) {
        const row = await this.#county.record.readVersion(access, type, id, version);
        assert.equal(row !== null, (words['versions'] as number[]).includes(version), `version ${version}`);
      }
    },
    feed: async (words) => {
      await this.#county.record.sequencer.settle();
      const access = await this.#access(words);
      const seen = new Set<string>();
      for (let since = 0; ; ) {
        const page = await this.#county.record.changes(access, since, 1000);
        for (const change of page.changes) seen.add(`${change.type}/${change.id}`);
        if (page.next === since) break;
        since = page.next;
      }
      await this.#listed(words, seen);
    },
    export: async (words) => {
      const seen = new Set<string>();
      const order = { types: null, since: null, patientsOnly: false };
      for await (const page of this.#county.record.export(await this.#access(words), order))
        for (const row of page) seen.add(`${row.type}/${row.fhirId}`);
      await this.#listed(words, seen);
    },
    shows: async (words) => {
      const access = await this.#access(words);
      const row = await this.#county.record.read(access, ...this.#place(String(words['what'])));
      const text = await this.#county.record.contentFor(access, row!);
      for (const piece of words['holds'] as string[])
        assert.ok(text.includes(piece), `lacks ${piece}: ${text}`);
      for (const piece of words['hides'] as string[])
        assert.ok(!text.includes(piece), `shows ${piece}: ${text}`);
    },
    stored: async (words) => {
      const [type, id] = this.#place(String(words['what']));
      const key = rowKey(type, id);
      const { rows } = await this.#county.database.tx({ 'app.reach': 'all' }, (run) =>
        run.text<{ all: string }>(
          `select (select content from resource where id = $1) || (select coalesce(string_agg(value, ' '), '') from idx_token
            where resource = $1) || (select coalesce(string_agg(value, ' '), '') from idx_string where resource = $1) as all`,
          [key],
        ),
      );
      for (const piece of words['hides'] as string[])
        assert.ok(!rows[0]!.all.includes(piece), `stores ${piece}`);
    },
    writes: async (words) => assert.equal(await this.#refusalOf(() => this.#write2(words)), words['answer']),
    emergency: async (words) => {
      const answer = await this.#command(words, 'break-glass.open', {
        patient: this.#ref('Patient', String(words['of'])).split('/')[1]!,
        reason: words['reason'],
        locks: words['locks'] ?? [],
      });
      assert.equal(answer.outcome === 'applied' ? 'ok' : answer.refusal?.code, words['answer'] ?? 'ok');
      if (words['as'] && answer.outcome === 'applied')
        this.#looks.set(String(words['as']), (answer.result as { id: Uuid }).id);
    },
    review: async (words) => {
      const id = this.#looks.get(String(words['what']));
      const payload = { id, verdict: words['verdict'], note: '复核意见' };
      const answer = await this.#command(words, 'break-glass.review', payload);
      assert.equal(answer.outcome === 'applied' ? 'ok' : answer.refusal?.code, words['answer'] ?? 'ok');
    },
    audit: async (words) => {
      const { record, database, policy } = this.#county;
      await record.sequencer.settle();
      const patient = this.#ref('Patient', String(words['about'])).split('/')[1]!;
      const found = await searchAudit(database, policy, await this.#access(words), { patient, count: 200 });
      assert.equal(found.ok ? 'ok' : found.refusal.code, words['answer'] ?? 'ok');
      if (!found.ok) return;
      const actions = found.value.events.flatMap((event) =>
        (event['subtype'] as { code: string }[]).map((one) => one.code),
      );
      if (words['holds']) assert.ok(actions.includes(String(words['holds'])), `audit holds ${actions}`);
      if (words['lacks']) assert.ok(!actions.includes(String(words['lacks'])), `audit holds ${actions}`);
    },
  };

  async #assign(login: string, words: Words, from: Date): Promise<void> {
    const { database, policy, clock } = this.#county;
    const user = (await findUser(database, login))!;
    const org = this.#ref('Organization', String(words['at'])).split('/')[1]!;
    const given = await assignRole(
      database,
      policy,
      { user: user.id, role: String(words['role']), org, from },
      clock.now(),
    );
    assert.ok(given.ok);
  }
}

const SCRIPT: Omit<Actor, 'user' | 'org' | 'orgs'> = {
  role: 'script',
  patient: null,
  practitioner: null,
  rights: [],
  scopes: null,
};
