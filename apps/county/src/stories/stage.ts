// The stage on which the year's stories play: who acts, commands with their own access, and a queue of what comes next.
import { createHash } from 'node:crypto';
import { rowKey } from '@yimai/fhir';
import { chinaDate, type LocalDate, type Uuid } from '@yimai/kit';
import { sql } from '@yimai/postgres';
import {
  type Actor,
  findUser,
  makeAccess,
  orgsBelow,
  type Policy,
  type Record as Store,
} from '@yimai/record';
import type { PlayedCounty } from '../load.ts';
import type { Chair } from '../people.ts';
import type { Resident } from '../residents.ts';
import { staffUsers } from '../sign-ins.ts';

export interface Refused {
  readonly story: string;
  readonly type: string;
  readonly code: string;
  readonly at: string;
}

/** A story yields the instant at which it goes on; what lies after the end of the year stays open. */
export type Story = AsyncGenerator<Date, void, void>;

export interface Stage {
  readonly begins: LocalDate;
  readonly until: LocalDate;
  /** Loops, registers and trees that this consortium's programmes declare; a story without its programme is not told. */
  knows(declaration: string): boolean;
  /** Sends a command as that person; its result, or null when it was refused, which counts unless it may be. */
  send(
    story: string,
    as: Chair,
    type: string,
    payload: object,
    refusal?: 'may-refuse',
  ): Promise<Answer | null>;
  /** What stands in the record now, for a story that goes on from there. */
  read(type: string, id: string): Promise<{ readonly resource: object; readonly version: number } | null>;
  /** Cases that a case has opened, each with whom it waited for first. */
  children(id: string): Promise<readonly { readonly id: string; readonly person: string }[]>;
  /** The day of the act that is played. */
  today(): LocalDate;
  /** The time of the act that comes next, the same whenever the year is played. */
  setTime(instant: Date): void;
  /** True while what is over is played once more: the time of the record is far beyond that of the act. */
  replays(): boolean;
  readonly refused: readonly Refused[];
}

export type Answer = Readonly<Record<string, unknown>>;

/** The chair of a sign-in: what is given to it waits when that person signs in. */
export function seat(login: string): Chair {
  const user = staffUsers().find((one) => one.login === login);
  if (!user) throw new Error(`fault: there is no sign-in ${login}`);
  return { role: user.role, org: user.org, practitioner: user.practitioner, name: user.name };
}

/** Who acts as a resident at the counter, by the own account. */
export const resident = ({ id, clinic }: Resident): Chair => ({
  role: 'resident',
  org: clinic.id,
  practitioner: '',
  name: '',
  patient: id,
});

const REPLAY_MS = 3_600_000;

export async function openStage(
  county: PlayedCounty,
  year: { readonly begins: LocalDate; readonly until: LocalDate },
): Promise<Stage> {
  const { record, policy } = county;
  const { loops, registers, trees } = county.programmes;
  const users = new Map<string, Uuid>();
  for (const one of staffUsers()) {
    const user = await findUser(county.database, one.login);
    if (user) users.set(one.practitioner, user.id);
  }
  const below = new Map<string, readonly Uuid[]>();
  const treeOf = async (org: string): Promise<readonly Uuid[]> => {
    const known = below.get(org) ?? (await orgsBelow(county.database, rowKey('Organization', org)));
    below.set(org, known);
    return known;
  };
  const refused: Refused[] = [];
  let at = record.clock.now();
  const steps = new Map<string, number>();
  return {
    ...year,
    refused,
    replays: () => record.clock.now().getTime() - at.getTime() > REPLAY_MS,
    knows: (declaration) => [loops, registers, trees].some((all) => all.has(declaration)),
    setTime(instant) {
      at = instant;
    },
    async read(type, id) {
      const access = record.systemAccess();
      const row = await record.read(access, type, id);
      if (!row || row.deleted) return null;
      return { resource: JSON.parse(await record.contentFor(access, row)) as object, version: row.version };
    },
    async children(id) {
      const { rows } = await county.database.run<{ id: string; person: string }>(sql`
        select distinct on (s.case_id) s.case_id as id, s.owner_person as person
        from loop_stay s join loop_case c on c.id = s.case_id
        where c.parent = ${id} order by s.case_id, s.entry`);
      return rows.sort((left, right) => (left.person < right.person ? -1 : 1));
    },
    today: () => chinaDate(at),
    async send(story, as, type, payload, refusal) {
      const step = (steps.get(story) ?? 0) + 1;
      steps.set(story, step);
      const answer = await record.commands.execute(
        {
          id: commandId(`${story}#${step}`),
          type,
          occurredAt: at.toISOString(),
          actingAs: { org: as.org, role: as.role },
          payload,
        },
        async () => ({
          ok: true,
          value: accessOf(record, policy, as, users.get(as.practitioner), await treeOf(as.org)),
        }),
      );
      if (answer.outcome === 'applied') {
        const result = answer.result as Answer;
        if (refusal === 'may-refuse') return result;
        // A bulk command tells of wrong rows in its result.
        const told = result['refused'];
        const rows = (Array.isArray(told) ? told : []) as readonly {
          readonly code: string;
          readonly at?: string;
        }[];
        for (const row of rows) refused.push({ story, type, code: row.code, at: row.at ?? '' });
        return result;
      }
      if (refusal === 'may-refuse' && answer.outcome === 'refused') return null;
      refused.push({
        story,
        type,
        code: answer.refusal?.code ?? 'fault',
        at: answer.refusal?.at ?? '',
      });
      return null;
    },
  };
}

/** Follows from the story and its step, so that a year that is taken up again sends the same commands. */
function commandId(text: string): string {
  const hex = createHash('sha256').update(`county ${text}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function accessOf(record: Store, policy: Policy, as: Chair, user: Uuid | undefined, orgs: readonly Uuid[]) {
  const org = rowKey('Organization', as.org);
  const { patient } = as;
  const actor: Actor = {
    user: user ?? rowKey('User', patient ?? as.practitioner),
    role: as.role,
    org,
    orgs: patient === undefined ? orgs : [],
    patient: patient === undefined ? null : rowKey('Patient', patient),
    practitioner: patient === undefined ? rowKey('Practitioner', as.practitioner) : null,
    rights: [],
    scopes: null,
  };
  return makeAccess(actor, record.clock.now(), policy);
}

/** Plays stories in the order of their times. */
export class Script {
  #waiting: { at: number; order: number; story: Story }[] = [];
  #order = 0;

  add(at: Date, story: Story): void {
    this.#insert(at.getTime(), this.#order, story);
    this.#order += 1;
  }

  /** Everything until `end`; `moveTo` sets the clock to each act's time. */
  async playUntil(
    end: Date,
    moveTo: (instant: Date) => Promise<void>,
    stopped: () => boolean,
  ): Promise<void> {
    for (let next = this.#waiting[0]; next && next.at <= end.getTime(); next = this.#waiting[0]) {
      if (stopped()) return;
      this.#waiting.shift();
      await moveTo(new Date(next.at));
      const { value, done } = await next.story.next();
      if (!done) this.#insert(Math.max(value.getTime(), next.at), next.order, next.story);
    }
  }

  #insert(at: number, order: number, story: Story): void {
    let index = this.#waiting.length;
    while (index > 0) {
      const before = this.#waiting[index - 1]!;
      if (before.at < at || (before.at === at && before.order < order)) break;
      index -= 1;
    }
    this.#waiting.splice(index, 0, { at, order, story });
  }
}
