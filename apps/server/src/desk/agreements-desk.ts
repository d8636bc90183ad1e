// Agreements at the desk: who is bound by what until when, who has yet to sign, what was fulfilled, what is to be renewed.
import type { AgreementDetail, AgreementRow, AgreementState, AgreementsPage } from '@yimai/desk/contract';
import { chinaDate } from '@yimai/kit';
import { before, dateOfDay, dayOf, dayOfDate, endOfDay, parseSpan } from '@yimai/loops';
import { sql } from '@yimai/postgres';
import type { AgreementDeclaration } from '@yimai/runtime';
import type { FastifyInstance } from 'fastify';
import { ask, madeAct } from './act-forms.ts';
import { type DeskDeps, type Reader, readerOf } from './desk-deps.ts';
import { notFound } from './read-body.ts';
import { byIds, type Json, namesOf, searchPage } from './resources.ts';
import { programmeHolding } from './work-items.ts';

const ROWS_MAX = 500;

export function register(app: FastifyInstance, deps: DeskDeps): void {
  app.get('/desk/mechanisms/agreements/:id', async (request): Promise<AgreementsPage> => {
    const reader = await readerOf(deps, request);
    const kind = kindOf(deps, (request.params as { id: string }).id);
    return {
      ...headOf(deps, reader, kind),
      parties: kind.parties.map(({ party, title }) => ({ party, name: title })),
      rows: await agreementRows(deps, reader, kind),
      draft: kind.by.includes(reader.actor.role) ? draftAct(kind) : null,
    };
  });
  app.get('/desk/mechanisms/agreements/:id/:agreement', async (request): Promise<AgreementDetail> => {
    const reader = await readerOf(deps, request);
    const asked = request.params as { id: string; agreement: string };
    return detailOf(deps, reader, kindOf(deps, asked.id), asked.agreement);
  });
}

function kindOf(deps: DeskDeps, id: string): AgreementDeclaration {
  const kind = deps.runtime.agreements.get(id);
  if (!kind) throw notFound();
  return kind;
}

const headOf = (deps: DeskDeps, reader: Reader, kind: AgreementDeclaration) => ({
  id: kind.id,
  name: kind.title,
  programme: programmeHolding(deps, (one) => one.agreements.some((each) => each.id === kind.id)),
  asOf: reader.now.toISOString(),
});

interface Row {
  readonly id: string;
  readonly parties: Readonly<Record<string, string>>;
  readonly signed: readonly string[];
  readonly from_date: string;
  readonly to_date: string;
  readonly in_force_from: string | null;
  readonly ended_on: string | null;
  readonly fulfilled: Readonly<Record<string, number>>;
  readonly renewal_of: string | null;
}

interface Seen {
  readonly row: Row;
  readonly contract: Json;
}

/** Those of a kind whose Contract the reader may see. */
async function seenRows(
  deps: DeskDeps,
  reader: Reader,
  kind: AgreementDeclaration,
  id: string | null,
): Promise<Seen[]> {
  const { rows } = await deps.database.run<Row>(sql`select id, parties, signed, from_date::text as from_date,
      to_date::text as to_date, in_force_from::text as in_force_from, ended_on::text as ended_on, fulfilled, renewal_of
    from agreement where kind = ${kind.id} and (${id}::text is null or id = ${id})
    order by to_date, id limit ${ROWS_MAX}`);
  const contracts = await byIds(
    deps,
    reader.access,
    'Contract',
    rows.map((row) => row.id),
  );
  return rows.flatMap((row) => {
    const found = contracts.get(row.id);
    return found ? [{ row, contract: found.resource }] : [];
  });
}

export async function agreementRows(
  deps: DeskDeps,
  reader: Reader,
  kind: AgreementDeclaration,
): Promise<AgreementRow[]> {
  const seen = await seenRows(deps, reader, kind, null);
  const names = await namesOf(
    deps,
    reader,
    seen.flatMap(({ row }) => Object.values(row.parties)),
  );
  return seen.map((each) => rowOf(deps, reader, kind, each, names));
}

function rowOf(
  deps: DeskDeps,
  reader: Reader,
  kind: AgreementDeclaration,
  { row, contract }: Seen,
  names: ReadonlyMap<string, string>,
): AgreementRow {
  const counted = kind.duties.filter((duty) => duty.count !== undefined);
  return {
    id: row.id,
    title: String(contract.title ?? kind.title.zh),
    parties: kind.parties.map(({ party }) => names.get(row.parties[party] ?? '') ?? row.parties[party] ?? ''),
    from: row.from_date,
    to: row.to_date,
    state: stateOf(deps, kind, row, chinaDate(reader.now)),
    signed: row.signed.length,
    mineToSign:
      row.ended_on === null && mineOf(row, reader) !== null && !row.signed.includes(mineOf(row, reader)!),
    dutiesDone: counted.filter((duty) => (row.fulfilled[duty.id] ?? 0) >= duty.count!).length,
    dutiesCounted: counted.length,
  };
}

const mineOf = (row: Row, { actor }: Reader): string | null =>
  Object.entries(row.parties).find(([, who]) => who === actor.organisation || who === actor.person)?.[0] ??
  null;

/** First day of the time in which the agreement is to be renewed. */
function renewFrom(deps: DeskDeps, kind: AgreementDeclaration, row: Row): string | null {
  const span = parseSpan(kind.renewal?.before);
  if (!span) return null;
  return dateOfDay(dayOf(before(endOfDay(dayOfDate(row.to_date as never)), span, deps.runtime.calendar)));
}

function stateOf(deps: DeskDeps, kind: AgreementDeclaration, row: Row, today: string): AgreementState {
  if (row.ended_on !== null && row.ended_on <= today) return 'ended';
  if (row.to_date < today) return 'over';
  if (row.in_force_from === null) return 'unsigned';
  if (row.in_force_from > today) return 'coming';
  const from = renewFrom(deps, kind, row);
  return from !== null && from <= today ? 'renewal-due' : 'in-force';
}

function draftAct(kind: AgreementDeclaration, renews?: Seen) {
  const parties = kind.parties.map(({ party, title }) =>
    ask(party, 'reference', title.zh, title.en, { required: true }),
  );
  return madeAct({
    id: renews ? 'renew' : 'draft',
    name: renews ? { zh: '拟续签', en: 'Draft the renewal' } : { zh: '拟定协议', en: 'Draft an agreement' },
    type: 'agreement.draft',
    payload: { agreement: kind.id, ...(renews ? { renews: renews.row.id } : {}) },
    items: [
      ask('title', 'text', '协议名称', 'Title'),
      ...parties,
      ask('from', 'date', '起', 'From', { required: true }),
      ask('to', 'date', '止', 'To', { required: true }),
    ],
    pickers: Object.fromEntries(kind.parties.map(({ party }) => [party, 'organisation' as const])),
    prefill: renews ? { title: String(renews.contract.title ?? ''), ...renews.row.parties } : {},
    nest: Object.fromEntries(kind.parties.map(({ party }) => [party, 'parties'])),
  });
}

async function detailOf(
  deps: DeskDeps,
  reader: Reader,
  kind: AgreementDeclaration,
  id: string,
): Promise<AgreementDetail> {
  const [seen] = await seenRows(deps, reader, kind, id);
  if (!seen) throw notFound();
  const { row, contract } = seen;
  const [names, used, renewed] = await Promise.all([
    namesOf(deps, reader, Object.values(row.parties)),
    usesOf(deps, reader, id),
    deps.database.run<{ id: string }>(sql`select id from agreement where renewal_of = ${id} limit 1`),
  ]);
  const line = rowOf(deps, reader, kind, seen, names);
  const mine = mineOf(row, reader);
  const live = line.state === 'in-force' || line.state === 'renewal-due';
  const titleOf = (party: string) =>
    kind.parties.find((one) => one.party === party)?.title ?? { zh: party, en: party };
  return {
    ...headOf(deps, reader, kind),
    row: line,
    signers: kind.parties.map(({ party, title }) => ({
      party: title,
      name: names.get(row.parties[party] ?? '') ?? row.parties[party] ?? '',
      signedAt: row.signed.includes(party) ? signedAt(contract, party) : null,
      me: party === mine,
    })),
    duties: kind.duties.map((duty) => ({
      id: duty.id,
      name: duty.title,
      party: titleOf(duty.party),
      done: row.fulfilled[duty.id] ?? 0,
      of: duty.count ?? null,
      act: live && duty.party === mine ? fulfilAct(id, duty.id) : null,
    })),
    rights: (kind.rights ?? []).map((right) => ({
      id: right.right,
      name: right.title,
      holder: titleOf(right.holder),
      used: used.filter((one) => one.right === right.right),
      act: live && right.holder === mine ? exerciseAct(id, right.right) : null,
    })),
    term: { from: row.from_date, to: row.to_date, renewFrom: renewFrom(deps, kind, row) },
    acts: actsOn(reader, kind, seen, line, renewed.rows.length > 0),
    endedOn: row.ended_on,
    renewalOf: row.renewal_of,
    renewedBy: renewed.rows[0]?.id ?? null,
  };
}

function actsOn(
  reader: Reader,
  kind: AgreementDeclaration,
  seen: Seen,
  line: AgreementRow,
  renewed: boolean,
): AgreementDetail['acts'] {
  const keeps = kind.by.includes(reader.actor.role);
  const id = seen.row.id;
  const sign = madeAct({
    id: 'sign',
    name: { zh: '代表本单位签署', en: 'Sign for our house' },
    type: 'agreement.sign',
    payload: { id },
    final: true,
  });
  const end = madeAct({
    id: 'end',
    name: { zh: '提前终止', en: 'End early' },
    type: 'agreement.end',
    payload: { id },
    items: [
      ask('on', 'date', '终止日期', 'Last day', { required: true }),
      ask('reason', 'long-text', '终止原因', 'Why', { required: true }),
    ],
    tone: 'danger',
    final: true,
  });
  const over = line.state === 'ended' || line.state === 'over';
  return [
    ...(line.mineToSign && !over ? [sign] : []),
    ...(keeps && !renewed && (line.state === 'renewal-due' || line.state === 'over')
      ? [draftAct(kind, seen)]
      : []),
    ...(keeps && !over ? [end] : []),
  ];
}

const fulfilAct = (id: string, duty: string) =>
  madeAct({
    id: `fulfil-${duty}`,
    name: { zh: '记录履行', en: 'Record fulfilment' },
    type: 'agreement.fulfil',
    payload: { id, duty },
    items: [
      ask('count', 'whole', '次数', 'Times', { min: 1, required: true }),
      ask('note', 'long-text', '说明', 'Note'),
    ],
    prefill: { count: 1 },
  });

const exerciseAct = (id: string, right: string) =>
  madeAct({
    id: `exercise-${right}`,
    name: { zh: '行使', en: 'Exercise' },
    type: 'agreement.exercise',
    payload: { id, right },
    items: [ask('what', 'long-text', '行使的事项', 'What for', { required: true })],
    final: true,
  });

function signedAt(contract: Json, party: string): string | null {
  const signer = (contract.signer ?? []).find((one: Json) => one.type?.code === party);
  return signer?.signature?.[0]?.when ?? null;
}

async function usesOf(deps: DeskDeps, reader: Reader, id: string) {
  const page = await searchPage(
    deps,
    reader.access,
    'Basic',
    `subject=${encodeURIComponent(`Contract/${id}`)}&_sort=-_lastUpdated&_count=100`,
  );
  return page.items.map(({ resource, row }) => ({
    right: String(resource.code?.coding?.[0]?.code ?? ''),
    at: row.updatedAt.toISOString(),
    what: String(resource.code?.text ?? ''),
  }));
}
