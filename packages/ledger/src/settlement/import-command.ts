// `settlement-list.import`: lists become Claims of the record, in one transaction; a file with errors brings in nothing
// unless the clerk chose the good rows, and no list comes in twice.
import { rowKey } from '@yimai/fhir';
import {
  checkSettlementRows,
  type ImportReport,
  type Problem,
  type Seen,
  type SettlementList,
  type SettlementRow,
} from '@yimai/fund';
import { type No, ok, type Result, refuse } from '@yimai/kit';
import type { CommandHandler, RecordTx } from '@yimai/record';
import { claimOf } from '../stay-of.ts';
import { mustHold, payloadOf, rowsOf, type SettlementDeps, wrong } from './deps.ts';
import { BATCH, LIST_BATCH_SYSTEM, mustBeOpen } from './list-batch.ts';
import { ENGINE } from './resources.ts';

export const IMPORT_MAX = 20_000;
export const IMPORTERS = ['insurer-clerk', 'coder', 'finance-clerk'];

interface ImportPayload {
  readonly rows: readonly SettlementRow[];
  readonly firstRow: number;
  readonly goodRowsOnly: boolean;
  readonly insurer: string;
  /** The file in parts that these rows belong to; none of it counts before the whole is in. */
  readonly batch: string | null;
}

export interface ListReport extends Omit<ImportReport, 'problems'> {
  readonly problems: readonly Problem[];
}

/** The rules of fund, and what only the record knows: which houses there are, which lists came in before. */
export async function checkLists(
  deps: SettlementDeps,
  rows: readonly SettlementRow[],
  firstRow: number,
  seen?: Seen,
): Promise<ListReport> {
  const numbers = rows.map(({ id = '' }) => id.trim());
  const [known, houses] = await Promise.all([deps.knownLists(numbers), deps.houses()]);
  const report = checkSettlementRows(
    rows,
    {
      isDiagnosis: (code) => deps.isDiagnosis(code),
      isProcedure: (code) => deps.isProcedure(code),
      isKnownList: (id) => known.has(id),
    },
    firstRow,
    seen,
  );
  const strangers = new Set<string>();
  const problems = [...report.problems];
  rows.forEach((row, index) => {
    const house = row.org?.trim() ?? '';
    if (house === '' || houses.has(house)) return;
    strangers.add(row.id?.trim() ?? '');
    problems.push({
      row: firstRow + index,
      column: 'org',
      code: 'house-unknown',
      severity: 'error',
      detail: { zh: `没有编号为“${house}”的机构`, en: `there is no house "${house}"` },
    });
  });
  const good = report.good.filter(({ stay }) => !strangers.has(stay.id));
  problems.sort((left, right) => left.row - right.row);
  return { good, problems, errorRows: rows.length - good.length };
}

export function importCommand(deps: SettlementDeps): CommandHandler<ImportPayload> {
  return {
    type: 'settlement-list.import',
    parse: readImport,
    async apply(tx, _command, payload) {
      const allowed = mustHold(tx, IMPORTERS);
      if (!allowed.ok) return allowed;
      // Two files with the same list queue here: the second finds what the first brought.
      await tx.nextNumber('settlement-list.import');
      const report = await checkLists(deps, payload.rows, payload.firstRow);
      const batch = payload.batch === null ? ok(null) : await mustBeOpen(tx, payload.batch);
      if (!batch.ok) return batch;
      if (report.errorRows > 0 && !payload.goodRowsOnly) return hasErrors(report);
      const own = await ownHouse(tx, report.good);
      if (!own.ok) return own;
      await store(tx, deps, payload, report.good);
      tx.audit('settlement-list.import', { text: `${report.good.length}` });
      return ok({ imported: report.good.length, leftOut: report.errorRows, problems: report.problems });
    },
  };
}

function readImport(value: unknown): Result<ImportPayload> {
  const payload = payloadOf(value, ['rows', 'firstRow', 'goodRowsOnly', 'insurer', 'batch']);
  if (!payload.ok) return payload;
  const rows = rowsOf(payload.value, 'rows', IMPORT_MAX);
  if (!rows.ok) return rows;
  const { firstRow, goodRowsOnly, insurer, batch } = payload.value;
  if (batch !== undefined && (typeof batch !== 'string' || !BATCH.test(batch)))
    return wrong('payload.batch', '批次不对', 'the batch is wrong');
  return ok({
    rows: rows.value,
    firstRow: Number.isSafeInteger(firstRow) ? (firstRow as number) : 1,
    goodRowsOnly: goodRowsOnly === true,
    insurer: typeof insurer === 'string' && insurer !== '' ? insurer : 'insurer',
    batch: batch ?? null,
  });
}

function hasErrors({ problems, errorRows }: ListReport): No {
  const first = problems.find(({ severity }) => severity === 'error');
  const detail = {
    zh: `${errorRows} 行有错误，未导入任何一行；第 ${first?.row} 行：${first?.detail.zh}`,
    en: `${errorRows} rows have errors, nothing was imported; row ${first?.row}: ${first?.detail.en}`,
  };
  return refuse('rows-with-errors', detail, {
    at: `rows[${first?.row}].${first?.column}`,
    rule: 'F19',
  });
}

/** The insurer brings the lists of all houses, a house only its own. */
async function ownHouse(tx: RecordTx, lists: readonly SettlementList[]): Promise<Result<null>> {
  const { actor } = tx.access;
  if (['insurer-clerk', 'system', 'script'].includes(actor.role)) return ok(null);
  const own = new Set<string>(actor.orgs);
  const stranger = lists.find(({ org }) => !own.has(rowKey('Organization', org)));
  if (stranger === undefined) return ok(null);
  const detail = { zh: '只能导入本单位的结算清单', en: 'only lists of the own house can be imported' };
  return refuse('not-own-house', detail, { at: 'payload.rows' });
}

async function store(
  tx: RecordTx,
  deps: SettlementDeps,
  { rows, insurer, batch }: ImportPayload,
  lists: readonly SettlementList[],
): Promise<void> {
  const births = new Map(rows.map((row) => [row.id?.trim(), row.birthDate?.trim() ?? '']));
  const residents = await deps.knownResidents(lists.map(({ patient }) => patient));
  const dropped = await deps.droppedLists(lists.map(({ stay }) => stay.id));
  for (const list of lists) {
    const { patient, stay } = list;
    const resident = residents.has(patient) ? `Patient/${patient}` : null;
    const id = claimIdOf(stay.id);
    const claim = claimOf({ list, birthDate: births.get(stay.id) ?? '', resident, insurer }, id);
    const tagged =
      batch === null ? claim : { ...claim, meta: { tag: [{ system: LIST_BATCH_SYSTEM, code: batch }] } };
    if (dropped.has(stay.id)) await tx.update(tagged, { engine: ENGINE });
    else await tx.create(tagged, { id, engine: ENGINE });
  }
}

/** The list's own number where it can be an id, else a key made from it: the same list has one place. */
export const claimIdOf = (number: string): string =>
  /^[A-Za-z0-9\-.]{1,64}$/.test(number) ? number : rowKey('Claim', `list/${number}`);
