// Adopted changes of rule sets: proposed with values, reason and date, confirmed by a second person, kept as versions. A month
// is settled by the version that was in force on it, so what is settled keeps its rules.
import { type Resource, rowKey } from '@yimai/fhir';
import { loadRuleSet, type RuleSet, shippedRuleSets } from '@yimai/fund';
import { ok, type Result, refuse } from '@yimai/kit';
import { type Database, sql } from '@yimai/postgres';
import type { Access, CommandHandler, RecordTx } from '@yimai/record';
import { changedRules, type RuleChange, unknownChange } from './rule-rows.ts';

const ENGINE = 'rules';
const FUND = 'https://yimai.example/fhir/CodeSystem/fund';
const CHANGE = 'https://yimai.example/fhir/StructureDefinition/rule-change';
const PROPOSERS = ['insurer-clerk'];
const CONFIRMERS = ['insurer-clerk', 'bureau-director'];

export interface RuleVersion {
  readonly id: string;
  readonly name: string;
  /** Counted per rule set as proposed; 0 is the set as it is shipped. */
  readonly number: number;
  /** The first month that is settled by it. */
  readonly from: string;
  readonly reason: string;
  readonly changes: readonly RuleChange[];
  readonly proposedBy: string;
  readonly proposedAt: string;
  readonly confirmedBy: string | null;
  readonly confirmedAt: string | null;
  readonly state: 'proposed' | 'adopted' | 'withdrawn';
}

/** What is adopted, kept in memory: rules are asked for in the middle of a calculation. */
export class AdoptedRules {
  readonly #made = new Map<string, Result<RuleSet>>();
  #versions: readonly RuleVersion[] = [];
  /** Goes up with every change, for those who keep what they computed. */
  generation = 0;

  get versions(): readonly RuleVersion[] {
    return this.#versions;
  }

  async load(database: Database, access: Access): Promise<void> {
    const { rows } = await database.read<{ content: string }>(
      access.settings,
      sql`select r.content from resource r where r.type = 'Basic' and r.engine = ${ENGINE} and not r.deleted
        order by r.fhir_id`,
    );
    const found = rows.flatMap(({ content }) => versionOf(JSON.parse(content)) ?? []);
    const adopted = (all: readonly RuleVersion[]) => JSON.stringify(all.map(({ id, state }) => [id, state]));
    if (adopted(found) !== adopted(this.#versions)) {
      this.#made.clear();
      this.generation += 1;
    }
    this.#versions = found.sort((left, right) => left.number - right.number);
  }

  /** The rules in force in the month; without one the newest that are adopted. */
  readonly rulesOf = (name: string, month?: string): Result<RuleSet> => {
    const changes = this.changesOf(name, month);
    const key = `${name} ${changes.length === 0 ? '' : JSON.stringify(changes)}`;
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    const made = changes.length === 0 ? loadRuleSet(name) : changedRules(name, changes);
    if (made.ok) this.#made.set(key, made);
    return made;
  };

  /** All adopted changes in force, the later ones over the earlier. */
  changesOf(name: string, month = '9999-12'): RuleChange[] {
    return this.#versions
      .filter((one) => one.name === name && one.state === 'adopted' && one.from <= month)
      .sort((left, right) =>
        left.from === right.from ? left.number - right.number : left.from < right.from ? -1 : 1,
      )
      .flatMap(({ changes }) => changes);
  }

  ofSet(name: string): readonly RuleVersion[] {
    return this.#versions.filter((one) => one.name === name);
  }
}

interface Proposal {
  readonly name: string;
  readonly from: string;
  readonly reason: string;
  readonly changes: readonly RuleChange[];
}

export function adoptionCommands(adopted: AdoptedRules): readonly unknown[] {
  return [proposeCommand(adopted), decideCommand(adopted, 'confirm'), decideCommand(adopted, 'withdraw')];
}

const wrong = (at: string, zh: string, en: string): Result<never> =>
  refuse('payload-invalid', { zh, en }, { at: `payload.${at}` });

function proposeCommand(adopted: AdoptedRules): CommandHandler<Proposal> {
  return {
    type: 'rules.propose',
    parse: readProposal,
    async apply(tx, command, proposal) {
      const allowed = mustHold(tx, PROPOSERS);
      if (!allowed.ok) return allowed;
      const { name, from, changes } = proposal;
      const lost = unknownChange(name, changes);
      if (lost !== null) {
        const detail = { zh: `没有规则行 ${lost}`, en: `there is no rule row ${lost}` };
        return refuse('rule-row-unknown', detail, { at: 'payload.changes', rule: 'F1' });
      }
      const made = changedRules(name, [...adopted.changesOf(name), ...changes]);
      if (!made.ok) return made;
      const open = await mustBeOpen(tx, name, from);
      if (!open.ok) return open;
      const number = (await tx.nextNumber(`rule-version/${name}`)) as number;
      const version: RuleVersion = {
        ...proposal,
        id: rowKey('Basic', `rule-version/${name}/${number}`),
        number,
        proposedBy: tx.access.actor.user,
        proposedAt: tx.recordedAt.toISOString(),
        confirmedBy: null,
        confirmedAt: null,
        state: 'proposed',
      };
      await keep(tx, version);
      return ok({ version: version.id, number, command: command.id });
    },
  };
}

/** A month that has been settled keeps its rules: nothing is adopted for it afterwards. */
async function mustBeOpen(tx: RecordTx, name: string, from: string): Promise<Result<null>> {
  if (!name.endsWith(`/${from.slice(0, 4)}`))
    return wrong('from', '生效月份不在规则集的年度内', 'the month is not of the year of the rule set');
  const { rows } = await tx.run<{ period: string }>(sql`
    select period from ledger_run where kind = 'settlement' and period >= ${from}
      and starts_with(period, ${from.slice(0, 4)}) order by period desc limit 1`);
  if (rows[0] === undefined) return ok(null);
  const detail = {
    zh: `${rows[0].period} 已结算，只能从其后的月份生效`,
    en: `${rows[0].period} is settled: only a later month can have new rules`,
  };
  return refuse('period-settled', detail, { at: 'payload.from', rule: 'F1' });
}

function readProposal(value: unknown): Result<Proposal> {
  const { name, from, reason, changes } = (value ?? {}) as Record<string, unknown>;
  if (typeof name !== 'string' || !shippedRuleSets().includes(name))
    return wrong('name', '没有这个规则集', 'there is no such rule set');
  if (typeof from !== 'string' || !/^20\d\d-(0[1-9]|1[0-2])$/.test(from))
    return wrong('from', '应为月份', 'expected a month');
  if (typeof reason !== 'string' || reason.trim().length < 2 || reason.length > 1000)
    return wrong('reason', '请写明理由', 'a reason is needed');
  if (!Array.isArray(changes) || changes.length === 0 || changes.length > 100)
    return wrong('changes', '没有改动', 'there is no change');
  const read: RuleChange[] = [];
  for (const [index, one] of changes.entries()) {
    const { row, field, value: text } = (one ?? {}) as Record<string, unknown>;
    if (typeof row !== 'string' || typeof field !== 'string' || typeof text !== 'string')
      return wrong(`changes[${index}]`, '应有 row、field、value', 'needs row, field and value');
    read.push({ row, field, value: text.trim() });
  }
  return ok({ name, from, reason: reason.trim(), changes: read });
}

function decideCommand(
  adopted: AdoptedRules,
  act: 'confirm' | 'withdraw',
): CommandHandler<{ readonly version: string }> {
  return {
    type: `rules.${act}`,
    parse(value) {
      const { version } = (value ?? {}) as Record<string, unknown>;
      if (typeof version !== 'string') return wrong('version', '缺少版本', 'the version is missing');
      return ok({ version });
    },
    async apply(tx, _command, { version: id }) {
      const allowed = mustHold(tx, CONFIRMERS);
      if (!allowed.ok) return allowed;
      const found = await tx.readAsSystem('Basic', id, { forUpdate: true });
      const version = found === null ? null : versionOf(found.resource);
      if (version === null || version.state !== 'proposed') {
        const detail = { zh: '没有待确认的调整', en: 'there is no change that waits' };
        return refuse('no-proposal', detail, { at: 'payload.version' });
      }
      if (act === 'confirm') {
        if (version.proposedBy === tx.access.actor.user) {
          const detail = { zh: '须由另一人确认', en: 'another person has to confirm' };
          return refuse('same-person', detail, { at: 'payload.version', rule: 'F1' });
        }
        const open = await mustBeOpen(tx, version.name, version.from);
        if (!open.ok) return open;
        const made = changedRules(version.name, [...adopted.changesOf(version.name), ...version.changes]);
        if (!made.ok) return made;
      }
      const state = act === 'confirm' ? 'adopted' : 'withdrawn';
      const { user } = tx.access.actor;
      const at = tx.recordedAt.toISOString();
      await keep(tx, { ...version, state, confirmedBy: user, confirmedAt: at });
      return ok({ version: id, state });
    },
  };
}

function mustHold(tx: RecordTx, roles: readonly string[]): Result<null> {
  const { role } = tx.access.actor;
  if (role === 'system' || role === 'script' || roles.includes(role)) return ok(null);
  const detail = { zh: '您的岗位不能做这件事', en: 'your role may not do this' };
  return refuse('role-not-allowed', detail, { at: 'actingAs.role' });
}

async function keep(tx: RecordTx, version: RuleVersion): Promise<void> {
  const { id, name, ...rest } = version;
  const resource: Resource = {
    resourceType: 'Basic',
    id,
    code: { coding: [{ system: FUND, code: 'rule-change' }] },
    created: rest.proposedAt.slice(0, 10),
    extension: [
      {
        url: CHANGE,
        extension: [
          { url: 'name', valueString: name },
          { url: 'content', valueString: JSON.stringify(rest) },
        ],
      },
    ],
  };
  await tx.update(resource, {
    engine: ENGINE,
    labels: { kind: 'definition', org: null, patient: null, locks: [] },
  });
}

function versionOf(resource: Resource): RuleVersion | null {
  const { id, extension } = resource as {
    id?: string;
    extension?: { url: string; extension?: { url: string; valueString?: string }[] }[];
  };
  const parts = extension?.find(({ url }) => url === CHANGE)?.extension ?? [];
  const part = (url: string) => parts.find((one) => one.url === url)?.valueString;
  const [name, content] = [part('name'), part('content')];
  if (id === undefined || name === undefined || content === undefined) return null;
  return { ...(JSON.parse(content) as Omit<RuleVersion, 'id' | 'name'>), id, name };
}
