// `operating-budget.spend`: one record spends from one line of an approved budget, never more than the line has left; a record
// that was entered wrong is reversed and entered anew, an amount of nothing takes it back.
import { chargeLine, transfer } from '@yimai/fund';
import {
  chinaDate,
  type Fen,
  isLocalDate,
  type LocalDate,
  ok,
  parseYuan,
  type Result,
  refuse,
} from '@yimai/kit';
import type { CommandHandler } from '@yimai/record';
import { correctRunIn, latestPostings } from '../ledger.ts';
import { postRunIn } from '../post-run.ts';
import { payloadOf, textOf, wrong } from '../settlement/deps.ts';
import { keyOf, mustKeepHouse } from './budget-access.ts';
import { accountsOf, linesAt, mustReadBudget, type OperatingKey, operatingPeriod } from './budget-store.ts';

interface SpendPayload extends OperatingKey {
  readonly line: string;
  readonly record: string;
  readonly amountFen: Fen;
  readonly on: LocalDate;
  readonly text: string;
  readonly correction: boolean;
}

export function spendCommand(): CommandHandler<SpendPayload> {
  return {
    type: 'operating-budget.spend',
    parse: readSpend,
    async apply(tx, command, spend) {
      const { year, house, department, line: id, record, amountFen, on, text, correction } = spend;
      const allowed = mustKeepHouse(tx, house);
      if (!allowed.ok) return allowed;
      const found = await mustReadBudget(tx, spend);
      if (!found.ok) return found;
      if (found.value.state !== 'approved')
        return no('budget-not-approved', 'department', '预算尚未批准', 'the budget is not approved yet');
      if (on.slice(0, 4) !== year || on > chinaDate(tx.recordedAt))
        return no(
          'outside-year',
          'on',
          '日期不在预算年度内或尚未到来',
          'the day is outside the year or to come',
        );
      const lines = await linesAt(tx, found.value, END_OF_TIME);
      const line = lines.find((one) => one.id === id);
      if (line === undefined)
        return no('line-unknown', 'line', '没有这一预算项目', 'there is no such budget line');
      const scope = `${house}/${department}/spending/${record}`;
      const period = operatingPeriod(year);
      const { allotment, executed } = accountsOf(spend, id);
      const latest = await latestPostings(tx, {
        command: command.id,
        period,
        kind: KIND,
        scope,
        postings: [],
      });
      // What the record spent before on this line is given back first.
      const before = (latest?.postings ?? [])
        .flatMap(({ lines: moved }) => moved)
        .reduce((sum, one) => (one.account === allotment ? sum + one.amountFen : sum), 0n);
      const open = correction ? { ...line, spentFen: line.spentFen - before } : line;
      const isSame = latest !== null && before === amountFen;
      if (amountFen > 0n && !isSame) {
        if (latest !== null && !correction)
          return no(
            'already-spent',
            'record',
            '该凭证已记，更正须注明',
            'this record is entered: say that it is a correction',
          );
        const charged = chargeLine(open, amountFen);
        if (!charged.ok) return charged;
      }
      const posting = transfer(
        {
          key: `${year}/operating/${house}/${department}/spending/${record}`,
          kind: KIND,
          source: 'fiscal',
          purpose: 'operating-budget',
          period,
          on,
          caseId: record,
          row: `operating-budget/${department}/${id}`,
          text: { zh: `支出：${text}`, en: `spent: ${text}` },
        },
        allotment,
        executed,
        amountFen,
      );
      const request = {
        command: command.id,
        period,
        kind: KIND,
        scope,
        postings: posting === null ? [] : [posting],
      };
      const post = correction && latest !== null ? correctRunIn : postRunIn;
      const receipt = await post(tx, request, tx.recordedAt);
      if (!receipt.ok) return receipt;
      const leftFen =
        open.plannedFen + open.adjustedFen - open.spentFen - (isSame && !correction ? 0n : amountFen);
      return ok({ ...receipt.value, record, leftFen: `${leftFen}` });
    },
  };
}

const KIND = 'operating-spending';
const END_OF_TIME = '9999-12-31' as LocalDate;

const no = (code: string, at: string, zh: string, en: string): Result<never> =>
  refuse(code, { zh, en }, { at: `payload.${at}`, rule: 'F15' });

function readSpend(value: unknown): Result<SpendPayload> {
  const keys = ['year', 'house', 'department', 'line', 'record', 'amount', 'on', 'text', 'correction'];
  const payload = payloadOf(value, keys);
  if (!payload.ok) return payload;
  const key = keyOf(payload.value);
  if (!key.ok) return key;
  const line = textOf(payload.value, 'line', /^[a-z0-9][a-z0-9-]{0,59}$/);
  if (!line.ok) return line;
  const record = textOf(payload.value, 'record', /^[A-Za-z0-9][A-Za-z0-9\-./]{0,99}$/);
  if (!record.ok) return record;
  const text = textOf(payload.value, 'text', /^\S.{0,99}$/u);
  if (!text.ok) return text;
  const { amount, on, correction } = payload.value;
  const fen = typeof amount === 'string' ? parseYuan(amount) : null;
  const isCorrection = correction === true;
  if (!fen?.ok || fen.value < 0n || (fen.value === 0n && !isCorrection))
    return wrong('payload.amount', '应为正的金额（元）', 'expected an amount in yuan');
  if (typeof on !== 'string' || !isLocalDate(on)) return wrong('payload.on', '应为日期', 'expected a date');
  return ok({
    ...key.value,
    line: line.value,
    record: record.value,
    text: text.value,
    amountFen: fen.value,
    on,
    correction: isCorrection,
  });
}
