// Warnings at the desk: while the patient lies in the ward, at discharge, and afterwards; a work list of the coder and the head
// of the house, who says why a warning stands or what was done. Every limit is a row of the rule set.
import type { FundWarning, FundWarningList } from '@yimai/desk/contract';
import { rowKey } from '@yimai/fhir';
import { chinaDate, ok, type Result, refuse } from '@yimai/kit';
import { sql } from '@yimai/postgres';
import type { CommandHandler, RecordTx } from '@yimai/record';
import type { FastifyInstance } from 'fastify';
import { type Reader, readerOf } from '../desk/desk-deps.ts';
import { bodyOf, notPermitted, textOf } from '../desk/read-body.ts';
import { namesOf } from '../desk/resources.ts';
import { overallWarnings } from './board.ts';
import { visibleCases } from './cases.ts';
import { type FundDeps, houseRef, imports, seesCases } from './fund-deps.ts';
import { yearOfFund } from './priced-year.ts';
import { runningStays } from './running-stays.ts';
import { afterwards, atDischarge, beside, type Found, inStay } from './stay-warnings.ts';

const ENGINE = 'warnings';
const FUND = 'https://yimai.example/fhir/CodeSystem/fund';
const KEEPERS = ['coder', 'finance-clerk', 'township-director'];

export function register(app: FastifyInstance, deps: FundDeps): void {
  app.post('/desk/fund/warnings', async (request): Promise<FundWarningList> => {
    const reader = await readerOf(deps, request);
    if (!seesCases(reader)) throw notPermitted();
    const month = textOf(bodyOf(request.body), 'month', 7) ?? (await newestMonth(deps, reader));
    return listOf(deps, reader, month);
  });
}

/** The present month, or the last before it in which somebody was discharged. */
async function newestMonth({ fund }: FundDeps, reader: Reader): Promise<string> {
  const present = chinaDate(reader.now).slice(0, 7);
  const stays = await fund.shelf.stays(reader.access);
  const months = stays.map(({ list }) => list.dischargedOn.slice(0, 7)).filter((month) => month <= present);
  return months.sort().at(-1) ?? present;
}

async function listOf(deps: FundDeps, reader: Reader, month: string): Promise<FundWarningList> {
  const { fund } = deps;
  const year = month.slice(0, 4);
  const [ofYear, visible, houses] = await Promise.all([
    yearOfFund(deps, year),
    visibleCases(deps, reader, year),
    fund.shelf.houses(),
  ]);
  const found = [
    ...inStay(deps, await runningStays(fund, reader.access, chinaDate(reader.now)), ofYear),
    ...atDischarge(deps, visible, month, ofYear.rules),
    ...(await afterwards(deps, reader, { visible, month, ofYear })),
    ...(await beside(deps, reader, visible, month, ofYear.rules)),
  ];
  const answers = await answersOf(deps, reader, found);
  const items = found.map(({ stage, warning, org, group }): FundWarning => {
    const { code, caseId, zh, en } = warning;
    return {
      stage,
      code,
      stay: caseId ?? '',
      house: houseRef(houses, org),
      group,
      text: { zh, en },
      answer: answers.get(keyOf(caseId ?? '', code)) ?? null,
    };
  });
  return {
    month,
    months: [...new Set([...ofYear.months.map((one) => one.month), month])].sort().reverse(),
    overall: overallWarnings(ofYear, houses, reader),
    items: items.slice(0, SHOWN),
    more: Math.max(0, items.length - SHOWN),
    may: { answer: imports(reader) || KEEPERS.includes(reader.actor.role) },
  };
}

const SHOWN = 500;

const keyOf = (stay: string, code: string): string => `${stay} ${code}`;
const taskId = (stay: string, code: string): string => rowKey('Task', `stay-warning/${stay}/${code}`);

async function answersOf(
  deps: FundDeps,
  reader: Reader,
  found: readonly Found[],
): Promise<ReadonlyMap<string, NonNullable<FundWarning['answer']>>> {
  const ids = new Map(
    found.map(({ warning: { caseId, code } }) => [taskId(caseId ?? '', code), keyOf(caseId ?? '', code)]),
  );
  if (ids.size === 0) return new Map();
  const { fund } = deps;
  const { rows } = await fund.database.read<{ id: string; reason: string; person: string; at: string }>(
    fund.shelf.asSystem().settings,
    sql`select r.fhir_id as id, r.content::jsonb #>> '{statusReason,text}' as reason,
        r.content::jsonb #>> '{requester,reference}' as person, r.content::jsonb ->> 'authoredOn' as at
      from resource r where r.type = 'Task' and r.engine = ${ENGINE} and r.fhir_id = any(${[...ids.keys()]}::text[])`,
  );
  const names = await namesOf(
    deps,
    reader,
    rows.map(({ person }) => person),
  );
  return new Map(
    rows.map(({ id, reason, person, at }) => [ids.get(id)!, { reason, at, by: names.get(person) ?? '' }]),
  );
}

interface Answer {
  readonly stay: string;
  readonly code: string;
  readonly reason: string;
}

/** `warning.acknowledge`: seen, with the reason why it stands or what was done; said once. */
export function acknowledgeCommand(): CommandHandler<Answer> {
  return {
    type: 'warning.acknowledge',
    parse(value) {
      const { stay, code, reason } = (value ?? {}) as Record<string, unknown>;
      if (typeof stay !== 'string' || !/^[A-Za-z0-9\-.]{1,64}$/.test(stay))
        return wrong('stay', '应为清单编号', 'expected the id of a list');
      if (typeof code !== 'string' || !/^[a-z][a-z-]{2,40}$/.test(code))
        return wrong('code', '应为预警代码', 'expected the code of a warning');
      if (typeof reason !== 'string' || reason.trim().length < 2 || reason.length > 500)
        return wrong('reason', '请写明理由', 'a reason is needed');
      return ok({ stay, code, reason: reason.trim() });
    },
    async apply(tx, _command, answer) {
      const { role } = tx.access.actor;
      if (role !== 'script' && !KEEPERS.includes(role)) {
        const detail = { zh: '您的岗位不能做这件事', en: 'your role may not do this' };
        return refuse('role-not-allowed', detail, { at: 'actingAs.role' });
      }
      return acknowledge(tx, answer);
    },
  };
}

const wrong = (at: string, zh: string, en: string): Result<never> =>
  refuse('payload-invalid', { zh, en }, { at: `payload.${at}` });

async function acknowledge(
  tx: RecordTx,
  { stay, code, reason }: Answer,
): Promise<Result<{ warning: string }>> {
  // Who may not see the list may not answer for it.
  const claim = await tx.read('Claim', stay);
  if (claim === null) {
    const detail = { zh: '没有找到这份清单', en: 'there is no such list' };
    return refuse('list-unknown', detail, { at: 'payload.stay' });
  }
  const id = taskId(stay, code);
  if ((await tx.readAsSystem('Task', id)) !== null) {
    const detail = { zh: '这一预警已处理', en: 'the warning has been answered' };
    return refuse('already-acknowledged', detail, { at: 'payload' });
  }
  const { practitioner } = tx.access.actor;
  const person = practitioner === null ? null : await tx.nameOf(practitioner);
  const { locks, patient, org } = claim.row;
  await tx.update(
    {
      resourceType: 'Task',
      id,
      status: 'completed',
      intent: 'order',
      code: { coding: [{ system: FUND, code: 'stay-warning' }] },
      description: code,
      focus: { reference: `Claim/${stay}` },
      authoredOn: tx.recordedAt.toISOString(),
      ...(person === null ? {} : { requester: { reference: `${person.type}/${person.id}` } }),
      statusReason: { text: reason },
    },
    { engine: ENGINE, labels: { kind: 'claim', locks, patient, org } },
  );
  return ok({ warning: id });
}
