// Agreements: several parties, their duties and rights, signatures, a term, fulfilment, renewal; each one a Contract.
import type { Contract } from '@medplum/fhirtypes';
import { chinaDate, ok, type Result, refuse, uuidv7 } from '@yimai/kit';
import {
  type Actor,
  after,
  before,
  type CaseData,
  dateOfDay,
  dayOf,
  dayOfDate,
  endOfDay,
  parseSpan,
  startOfDay,
} from '@yimai/loops';
import { type Database, sql } from '@yimai/postgres';
import { type CommandHandler, ENGINE_TAG_SYSTEM, type RecordTx, type Resource } from '@yimai/record';
import { mustHoldRole } from './actor.ts';
import { declared, type RuntimeContext, SYSTEMS } from './context.ts';
import type { DueHandler } from './due-runner.ts';
import { handler } from './handler.ts';
import type { AgreementDeclaration } from './programme.ts';
import { data, date, optionalText, text, whole } from './read-payload.ts';

interface Row {
  id: string;
  kind: string;
  parties: Record<string, string>;
  signed: string[];
  from_date: string;
  to_date: string;
  in_force_from: string | null;
  ended_on: string | null;
  fulfilled: Record<string, number>;
}

const COLUMNS = sql`id, kind, parties, signed, from_date::text as from_date, to_date::text as to_date,
  in_force_from::text as in_force_from, ended_on::text as ended_on, fulfilled`;

interface Draft {
  readonly agreement: string;
  readonly parties: CaseData;
  readonly from: string;
  readonly to: string;
  readonly renews: string | undefined;
  readonly title: string | undefined;
}

async function draft(context: RuntimeContext, tx: RecordTx, given: Draft): Promise<Result<unknown>> {
  const found = declared(context.agreements, given.agreement, 'payload.agreement');
  if (!found.ok) return found;
  const kind = found.value;
  const allowed = mustHoldRole(tx, kind.by);
  if (!allowed.ok) return allowed;
  for (const party of kind.parties) {
    if (typeof given.parties[party.party] !== 'string') {
      return refuse(
        'party-missing',
        { zh: `缺少签约方“${party.title.zh}”`, en: `the party "${party.title.en}" is missing` },
        { at: `payload.parties.${party.party}` },
      );
    }
  }
  const term = checkTerm(context, kind, given);
  if (!term.ok) return term;
  const id = uuidv7(tx.recordedAt.getTime());
  await tx.create(toContract(kind, id, given) as unknown as Resource, { id, engine: 'agreement' });
  await tx.run(sql`insert into agreement (id, kind, parties, from_date, to_date, renewal_of)
    values (${id}, ${kind.id}, ${JSON.stringify(given.parties)}::jsonb, ${given.from}::date, ${given.to}::date, ${given.renews ?? null})`);
  return ok({ agreement: id });
}

function checkTerm(context: RuntimeContext, kind: AgreementDeclaration, given: Draft): Result<void> {
  if (given.to < given.from)
    return refuse(
      'period-empty',
      { zh: '期限止日早于起日', en: 'the term ends before it begins' },
      { at: 'payload.to' },
    );
  const most = parseSpan(kind.term.most);
  const end = most && after(startOfDay(dayOfDate(given.from as never)), most, context.calendar);
  if (end && !end.ok) return end;
  if (end?.ok && dateOfDay(dayOf(end.value)) < given.to) {
    return refuse(
      'term-too-long',
      { zh: `期限不得超过 ${kind.term.most}`, en: `the term may not exceed ${kind.term.most}` },
      { at: 'payload.to' },
    );
  }
  return ok(undefined);
}

async function lock(tx: RecordTx, id: string): Promise<Result<Row>> {
  const { rows } = await tx.run<Row>(sql`select ${COLUMNS} from agreement where id = ${id} for update`);
  return rows[0]
    ? ok(rows[0])
    : refuse(
        'agreement-unknown',
        { zh: '没有这份协议', en: 'there is no such agreement' },
        { at: 'payload.id' },
      );
}

/** Each party signs for itself; with the last signature the agreement is in force from its first day, or from today. */
async function sign(
  context: RuntimeContext,
  tx: RecordTx,
  id: string,
  actor: Actor,
): Promise<Result<unknown>> {
  const found = await lock(tx, id);
  if (!found.ok) return found;
  const row = found.value;
  if (row.ended_on !== null)
    return refuse(
      'agreement-ended',
      { zh: '协议已终止', en: 'the agreement has ended' },
      { at: 'payload.id' },
    );
  const mine = Object.entries(row.parties).find(
    ([, who]) => who === actor.organisation || who === actor.person,
  )?.[0];
  if (mine === undefined)
    return refuse(
      'not-a-party',
      { zh: '本单位不是签约方', en: 'your house is not a party' },
      { at: 'actingAs.org' },
    );
  if (row.signed.includes(mine)) return ok({ agreement: id, inForce: row.in_force_from !== null });
  const signed = [...row.signed, mine];
  const complete = Object.keys(row.parties).every((party) => signed.includes(party));
  const today = chinaDate(tx.recordedAt);
  const inForce = complete ? laterOf(row.from_date, today) : null;
  await tx.run(
    sql`update agreement set signed = ${signed}, in_force_from = ${inForce}::date where id = ${id}`,
  );
  await changeContract(tx, id, (contract) => ({
    ...contract,
    status: complete ? 'executed' : 'negotiable',
    signer: [
      ...(contract.signer ?? []),
      {
        type: { system: SYSTEMS.agreement, code: mine },
        party: { reference: actor.organisation },
        signature: [
          {
            type: [{ system: 'urn:iso-astm:E1762-95:2013', code: '1.2.840.10065.1.12.1.1' }],
            when: tx.recordedAt.toISOString(),
            who: {
              reference: /^(Practitioner|Patient)\//.test(actor.person) ? actor.person : actor.organisation,
            },
          },
        ],
      },
    ],
  }));
  const kind = context.agreements.get(row.kind);
  if (complete && kind) await scheduleEnds(context, tx, kind, row);
  return ok({ agreement: id, inForce: complete });
}

const laterOf = (a: string, b: string): string => [a, b].sort()[1]!;

/** A renewal task before the end, and the end itself. */
async function scheduleEnds(
  context: RuntimeContext,
  tx: RecordTx,
  kind: AgreementDeclaration,
  row: Row,
): Promise<void> {
  const end = endOfDay(dayOfDate(row.to_date as never));
  const times: [string, number][] = [['end', end + 1]];
  const span = parseSpan(kind.renewal?.before);
  if (span) times.push(['renewal', before(end, span, context.calendar)]);
  for (const [key, at] of times) {
    await tx.run(sql`insert into due_time (id, mechanism, at, target, key)
      values (${`${row.id}|${key}`}, 'agreement', ${new Date(at)}, ${row.id}, ${key})`);
  }
}

async function changeContract(
  tx: RecordTx,
  id: string,
  change: (contract: Contract) => Contract,
): Promise<void> {
  const found = await tx.readAsSystem('Contract', id, { forUpdate: true });
  if (found)
    await tx.update(change(found.resource as unknown as Contract) as unknown as Resource, {
      engine: 'agreement',
    });
}

const inForceOn = (row: Row, on: string): boolean =>
  row.in_force_from !== null &&
  row.in_force_from <= on &&
  on <= row.to_date &&
  (row.ended_on === null || on <= row.ended_on);

export function agreementCommands(context: RuntimeContext): CommandHandler<never>[] {
  return [
    handler(
      'agreement.draft',
      { agreement: text, parties: data, from: date, to: date, renews: optionalText, title: optionalText },
      (tx, payload) => draft(context, tx, payload),
    ),
    handler('agreement.sign', { id: text }, (tx, { id }, actor) => sign(context, tx, id, actor)),
    handler(
      'agreement.fulfil',
      { id: text, duty: text, count: (payload, key) => whole(payload, key, 1), note: optionalText },
      async (tx, { id, duty, count }, actor) => {
        const found = await lock(tx, id);
        if (!found.ok) return found;
        const row = found.value;
        const known = context.agreements.get(row.kind)?.duties.find((one) => one.id === duty);
        if (!known)
          return refuse(
            'duty-unknown',
            { zh: '协议没有这项责任', en: 'the agreement has no such duty' },
            { at: 'payload.duty' },
          );
        if (row.parties[known.party] !== actor.organisation) {
          return refuse(
            'not-your-duty',
            { zh: '这项责任属于另一方', en: 'this duty belongs to another party' },
            { at: 'actingAs.org' },
          );
        }
        if (!inForceOn(row, chinaDate(tx.recordedAt)))
          return refuse(
            'agreement-not-in-force',
            { zh: '协议未生效', en: 'the agreement is not in force' },
            { at: 'payload.id' },
          );
        const fulfilled = { ...row.fulfilled, [duty]: (row.fulfilled[duty] ?? 0) + count };
        await tx.run(
          sql`update agreement set fulfilled = ${JSON.stringify(fulfilled)}::jsonb where id = ${id}`,
        );
        return ok({ duty, done: fulfilled[duty], of: known.count ?? null });
      },
    ),
    handler(
      'agreement.exercise',
      { id: text, right: text, what: text },
      async (tx, { id, right, what }, actor) => {
        const found = await lock(tx, id);
        if (!found.ok) return found;
        const row = found.value;
        const kind = context.agreements.get(row.kind);
        const known = kind?.rights?.find((one) => one.right === right);
        if (!known)
          return refuse(
            'right-unknown',
            { zh: '协议没有这项权利', en: 'the agreement has no such right' },
            { at: 'payload.right' },
          );
        if (!inForceOn(row, chinaDate(tx.recordedAt)))
          return refuse(
            'agreement-not-in-force',
            { zh: '协议未生效', en: 'the agreement is not in force' },
            { at: 'payload.id' },
          );
        if (row.parties[known.holder] !== actor.organisation) {
          return refuse(
            'right-held-by-other',
            { zh: `“${known.title.zh}”归另一方行使`, en: `"${known.title.en}" belongs to another party` },
            { at: 'actingAs.org', rule: right },
          );
        }
        const made = uuidv7(tx.recordedAt.getTime());
        const basic = {
          resourceType: 'Basic',
          id: made,
          code: {
            coding: [{ system: `${SYSTEMS.agreement}-right`, code: right, display: known.title.zh }],
            text: what,
          },
          subject: { reference: `Contract/${id}` },
        };
        await tx.create(basic as unknown as Resource, { id: made, engine: 'agreement' });
        return ok({ exercised: made, right });
      },
    ),
    handler('agreement.end', { id: text, on: date, reason: text }, async (tx, { id, on, reason }) => {
      const found = await lock(tx, id);
      if (!found.ok) return found;
      const allowed = mustHoldRole(tx, context.agreements.get(found.value.kind)?.by ?? []);
      if (!allowed.ok) return allowed;
      await tx.run(sql`update agreement set ended_on = ${on}::date where id = ${id}`);
      await tx.run(sql`delete from due_time where target = ${id}`);
      await changeContract(tx, id, (contract) => ({
        ...contract,
        status: 'terminated',
        subType: [{ text: reason }],
      }));
      return ok({ agreement: id });
    }),
  ];
}

function toContract(kind: AgreementDeclaration, id: string, given: Draft): Contract {
  const parties = Object.values(given.parties).filter(
    (one): one is string => typeof one === 'string' && /^[A-Z]\w+\//.test(one),
  );
  return {
    resourceType: 'Contract',
    id,
    meta: { tag: [{ system: ENGINE_TAG_SYSTEM, code: 'agreement' }] },
    status: 'negotiable',
    type: {
      coding: [{ system: SYSTEMS.agreement, code: kind.id, display: kind.title.zh }],
      text: kind.title.zh,
    },
    title: given.title ?? kind.title.zh,
    applies: { start: given.from, end: given.to },
    subject: parties.map((reference) => ({ reference })),
    term: kind.duties.map((duty) => ({ identifier: { value: duty.id }, offer: { text: duty.title.zh } })),
  };
}

/** The office that keeps the agreements is told before the end; the end itself needs no act. */
export function agreementDue(context: RuntimeContext): DueHandler {
  return async (tx, row) => {
    const { rows } = await tx.run<Row>(sql`select ${COLUMNS} from agreement where id = ${row.target}`);
    const found = rows[0];
    const kind = found && context.agreements.get(found.kind);
    if (!found || !kind || found.ended_on !== null) return;
    const zh =
      row.key === 'renewal'
        ? `协议将于 ${found.to_date} 到期，请办理续签：${kind.title.zh}`
        : `协议已到期：${kind.title.zh}`;
    const en =
      row.key === 'renewal'
        ? `to be renewed before ${found.to_date}: ${kind.title.en}`
        : `the term is over: ${kind.title.en}`;
    await tx.run(sql`insert into notice (id, at, roles, about, text_zh, text_en)
      values (${uuidv7(tx.recordedAt.getTime())}, ${tx.recordedAt}, ${[...kind.by]}, ${row.key}, ${zh}, ${en})`);
  };
}

export interface RightsOn {
  readonly right: string;
  readonly holder: string;
}

/** Who holds each right on a day; nobody while the agreement is not in force. */
export async function rightsOn(
  context: RuntimeContext,
  database: Database,
  id: string,
  on: string,
): Promise<RightsOn[]> {
  const { rows } = await database.run<Row>(sql`select ${COLUMNS} from agreement where id = ${id}`);
  const row = rows[0];
  if (!row || !inForceOn(row, on)) return [];
  return (context.agreements.get(row.kind)?.rights ?? []).map((one) => ({
    right: one.right,
    holder: row.parties[one.holder] ?? '',
  }));
}
