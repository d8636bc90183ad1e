// Appeals against frozen pay: by the person of the slip, within the term; answered by finance with a reason, never by the
// appellant; one that is granted opens the way to one new version.
import { type Resource, rowKey } from '@yimai/fhir';
import { chinaDate, ok, type Result, refuse } from '@yimai/kit';
import type { CommandHandler, RecordTx } from '@yimai/record';
import { MONTH, NAME, payloadOf, textOf, wrong } from '../settlement/deps.ts';
import type { StoredReport } from '../settlement/reports.ts';
import {
  FROZEN_KINDS,
  type FrozenKind,
  frozenPay,
  mustKeep,
  type PayDeps,
  type PayReport,
} from './pay-deps.ts';

export const PAY_ENGINE = 'pay';
const FUND = 'https://yimai.example/fhir/CodeSystem/fund';
const PARTS = 'https://yimai.example/fhir/StructureDefinition/pay-appeal';

/** `open` until answered; `granted` until carried out in a new version. */
export type AppealState = 'open' | 'granted' | 'denied' | 'carried-out';

export interface PayAppeal {
  readonly id: string;
  readonly kind: FrozenKind;
  readonly org: string;
  readonly month: string;
  readonly version: number;
  readonly person: string;
  readonly reason: string;
  readonly at: string;
  readonly state: AppealState;
  readonly answer: string | null;
}

const STATUS: Readonly<Record<AppealState, string>> = {
  open: 'requested',
  granted: 'accepted',
  denied: 'rejected',
  'carried-out': 'completed',
};

export function appealCommands(deps: PayDeps): readonly unknown[] {
  return [appealCommand(deps), answerCommand()];
}

interface AppealPayload {
  readonly kind: FrozenKind;
  readonly org: string;
  readonly month: string;
  readonly reason: string;
}

function appealCommand(deps: PayDeps): CommandHandler<AppealPayload> {
  return {
    type: 'pay.appeal',
    parse(value) {
      const payload = payloadOf(value, ['kind', 'org', 'month', 'reason']);
      if (!payload.ok) return payload;
      const kind = FROZEN_KINDS.find((one) => one === payload.value['kind']);
      const org = textOf(payload.value, 'org', NAME);
      const month = textOf(payload.value, 'month', MONTH);
      const reason = textOf(payload.value, 'reason', /\S[\s\S]{0,999}$/);
      if (kind === undefined) return wrong('payload.kind', '绩效类别不对', 'unknown kind of pay');
      if (!org.ok) return org;
      if (!month.ok) return month;
      return reason.ok
        ? ok({ kind, org: org.value, month: month.value, reason: reason.value.trim() })
        : reason;
    },
    async apply(tx, _command, { reason, ...ask }) {
      const person = await personOf(tx);
      const frozen = await frozenPay(tx, ask);
      const slip = frozen?.report.slips.find((one) => one.person === person);
      if (frozen === null || slip === undefined) {
        const detail = { zh: '没有您的绩效单', en: 'there is no slip of yours' };
        return refuse('no-slip', detail, { at: 'payload' });
      }
      const until = deps.appealUntil(frozen.postedAt);
      if (!until.ok) return until;
      if (chinaDate(tx.recordedAt) > until.value) {
        const detail = { zh: `申诉期已于 ${until.value} 结束`, en: `appeals ended on ${until.value}` };
        return refuse('appeal-too-late', detail, { at: 'payload', rule: 'F12' });
      }
      const id = rowKey('Task', `pay-appeal/${frozen.run}/${person}`);
      if ((await tx.readAsSystem('Task', id)) !== null) {
        const detail = { zh: '您已对这一版申诉过', en: 'you have appealed against this version' };
        return refuse('already-appealed', detail, { at: 'payload' });
      }
      const at = tx.recordedAt.toISOString();
      const { version } = frozen;
      await keep(tx, { ...ask, id, version, person, reason, at, state: 'open', answer: null });
      return ok({ appeal: id, until: until.value });
    },
  };
}

/** The person behind the user, as slips name people. */
async function personOf(tx: RecordTx): Promise<string> {
  const { practitioner } = tx.access.actor;
  const found = practitioner === null ? null : await tx.nameOf(practitioner);
  return found === null ? '' : `${found.type}/${found.id}`;
}

interface AnswerPayload {
  readonly appeal: string;
  readonly granted: boolean;
  readonly reason: string;
}

function answerCommand(): CommandHandler<AnswerPayload> {
  return {
    type: 'pay.answer',
    parse(value) {
      const payload = payloadOf(value, ['appeal', 'granted', 'reason']);
      if (!payload.ok) return payload;
      const appeal = textOf(payload.value, 'appeal', NAME);
      if (!appeal.ok) return appeal;
      const reason = textOf(payload.value, 'reason', /\S[\s\S]{0,999}$/);
      if (!reason.ok) return reason;
      const { granted } = payload.value;
      if (typeof granted !== 'boolean')
        return wrong('payload.granted', '应为是或否', 'expected true or false');
      return ok({ appeal: appeal.value, granted, reason: reason.value.trim() });
    },
    async apply(tx, _command, { appeal: id, granted, reason }) {
      const appeal = await readAppeal(tx, id);
      if (appeal === null) return unknownAppeal();
      const allowed = mustKeep(tx, appeal.org);
      if (!allowed.ok) return allowed;
      if (appeal.person === (await personOf(tx))) {
        const detail = { zh: '不能处理自己的申诉', en: 'nobody answers the own appeal' };
        return refuse('own-appeal', detail, { at: 'payload.appeal' });
      }
      if (appeal.state !== 'open') {
        const detail = { zh: '申诉已答复', en: 'the appeal has been answered' };
        return refuse('appeal-answered', detail, { at: 'payload.appeal' });
      }
      await keep(tx, { ...appeal, state: granted ? 'granted' : 'denied', answer: reason });
      return ok({ appeal: id, granted });
    },
  };
}

const unknownAppeal = (): Result<never> =>
  refuse('appeal-unknown', { zh: '没有这个申诉', en: 'there is no such appeal' }, { at: 'payload.appeal' });

/** A new version needs an appeal against the version that stands, granted and not carried out yet. */
export async function grantedAppeal(
  tx: RecordTx,
  id: string,
  standing: StoredReport<PayReport> | null,
): Promise<Result<PayAppeal>> {
  const appeal = await readAppeal(tx, id);
  if (appeal === null) return unknownAppeal();
  const isOfThis =
    standing !== null &&
    appeal.kind === standing.report.kind &&
    appeal.org === standing.report.org &&
    appeal.month === standing.report.month;
  if (isOfThis && appeal.state === 'granted') return ok(appeal);
  const detail = {
    zh: '申诉未获支持，或不属于这一结果',
    en: 'the appeal is not granted, or is of another result',
  };
  return refuse('appeal-not-granted', detail, { at: 'payload.appeal', rule: 'F12' });
}

export async function carriedOut(tx: RecordTx, id: string, version: number): Promise<void> {
  const appeal = await readAppeal(tx, id);
  if (appeal !== null && appeal.version < version) await keep(tx, { ...appeal, state: 'carried-out' });
}

async function keep(tx: RecordTx, appeal: PayAppeal): Promise<void> {
  await tx.update(taskOf(appeal), {
    engine: PAY_ENGINE,
    labels: { kind: 'settlement', org: rowKey('Organization', appeal.org), patient: null, locks: [] },
  });
}

async function readAppeal(tx: RecordTx, id: string): Promise<PayAppeal | null> {
  const found = await tx.readAsSystem('Task', id, { forUpdate: true });
  return found === null || found.row.engine !== PAY_ENGINE ? null : appealOf(found.resource);
}

function taskOf(appeal: PayAppeal): Resource {
  const { id, kind, org, month, version, person, reason, at, state, answer } = appeal;
  const part = (url: string, value: object) => ({ url, ...value });
  return {
    resourceType: 'Task',
    id,
    status: STATUS[state],
    intent: 'order',
    code: { coding: [{ system: FUND, code: 'pay-appeal' }] },
    description: reason,
    authoredOn: at,
    requester: { reference: person },
    owner: { reference: `Organization/${org}` },
    ...(answer === null ? {} : { statusReason: { text: answer } }),
    extension: [
      {
        url: PARTS,
        extension: [
          part('kind', { valueCode: kind }),
          part('month', { valueString: month }),
          part('version', { valueInteger: version }),
        ],
      },
    ],
  };
}

interface TaskShape {
  readonly id?: string;
  readonly status?: string;
  readonly description?: string;
  readonly authoredOn?: string;
  readonly requester?: { readonly reference?: string };
  readonly owner?: { readonly reference?: string };
  readonly statusReason?: { readonly text?: string };
  readonly extension?: readonly {
    readonly url: string;
    readonly extension?: readonly {
      readonly url: string;
      readonly valueCode?: string;
      readonly valueString?: string;
      readonly valueInteger?: number;
    }[];
  }[];
}

/** An appeal back from its Task; null where the Task is none. */
export function appealOf(resource: Resource): PayAppeal | null {
  const task = resource as TaskShape;
  const parts = task.extension?.find(({ url }) => url === PARTS)?.extension ?? [];
  const part = (url: string) => parts.find((one) => one.url === url);
  const kind = FROZEN_KINDS.find((one) => one === part('kind')?.valueCode);
  const state = (Object.keys(STATUS) as AppealState[]).find((one) => STATUS[one] === task.status);
  if (kind === undefined || state === undefined) return null;
  return {
    id: task.id ?? '',
    kind,
    org: task.owner?.reference?.split('/')[1] ?? '',
    month: part('month')?.valueString ?? '',
    version: part('version')?.valueInteger ?? 0,
    person: task.requester?.reference ?? '',
    reason: task.description ?? '',
    at: task.authoredOn ?? '',
    state,
    answer: task.statusReason?.text ?? null,
  };
}
