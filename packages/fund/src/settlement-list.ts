// The import of settlement lists (医保结算清单): every row checked by rule, every problem told by row and column.
//
// Rows come as texts by column name, from CSV, XLSX or JSON lines alike. An error keeps its row out, a warning does not; a
// file with errors imports nothing unless the clerk chooses the good rows. Codes are compared as written.
import type { Stay } from '@yimai/grouping';
import { daysBetween, fullYears, isLocalDate, type LocalDate, parseYuan, type Text } from '@yimai/kit';
import { contradictsSex } from './one-sex-diagnoses.ts';
import { BED_DAY_CATEGORIES, LEVELS, type Level, PAYERS, type Payer } from './rule-set.ts';
import { type Seen, SeenNumbers } from './seen-numbers.ts';
import type { BedDaySegment } from './stay-case.ts';

export const SETTLEMENT_COLUMNS = [
  'id',
  'patient',
  'org',
  'level',
  'payer',
  'gender',
  'birthDate',
  'weight',
  'dept',
  'admittedOn',
  'dischargedOn',
  'leavingType',
  'dx',
  'proc',
  'cost',
  'patientBorne',
  'bedDays',
] as const;
export type SettlementColumn = (typeof SETTLEMENT_COLUMNS)[number];

export type SettlementRow = Readonly<Partial<Record<SettlementColumn, string>>>;

/** What a good row says: the stay to group and the money to price it with. */
export interface SettlementList {
  readonly stay: Stay;
  readonly patient: string;
  readonly org: string;
  readonly level: Level;
  readonly payer: Payer;
  readonly admittedOn: LocalDate;
  readonly dischargedOn: LocalDate;
  readonly costFen: bigint;
  readonly patientBorneFen: bigint;
  /** Segments of a stay under bed-day payment (按床日), in their order; empty for all other stays. */
  readonly bedDays: readonly BedDaySegment[];
}

export interface Problem {
  /** From 1, as the clerk counts the rows of the file. */
  readonly row: number;
  readonly column: SettlementColumn;
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly detail: Text;
}

export interface ImportReport {
  readonly good: readonly SettlementList[];
  readonly problems: readonly Problem[];
  readonly errorRows: number;
}

export interface Editions {
  readonly isDiagnosis: (code: string) => boolean;
  readonly isProcedure: (code: string) => boolean;
  /** Lists that were imported before: none comes in twice. */
  readonly isKnownList: (id: string) => boolean;
}

/** `firstRow` is the number of the first data row in the file, e.g. 2 below a header; `seen` goes on where a file comes in parts. */
export function checkSettlementRows(
  rows: readonly SettlementRow[],
  editions: Editions,
  firstRow = 1,
  seen: Seen = new SeenNumbers(),
): ImportReport {
  const good: SettlementList[] = [];
  const problems: Problem[] = [];
  let errorRows = 0;
  rows.forEach((row, index) => {
    const checker = new RowChecker(row, firstRow + index, problems);
    const list = checker.read(editions, seen);
    if (checker.hasError || list === null) errorRows += 1;
    else good.push(list);
  });
  return { good, problems, errorRows };
}

class RowChecker {
  hasError = false;
  readonly #row: SettlementRow;
  readonly #number: number;
  readonly #problems: Problem[];

  constructor(row: SettlementRow, number: number, problems: Problem[]) {
    this.#row = row;
    this.#number = number;
    this.#problems = problems;
  }

  read(editions: Editions, seen: Seen): SettlementList | null {
    const id = this.#text('id');
    if (id !== null) this.#checkDuplicate(id, editions, seen);
    const patient = this.#text('patient');
    const org = this.#text('org');
    const level = this.#oneOf('level', LEVELS);
    const payer = this.#oneOf('payer', PAYERS);
    const gender = this.#oneOf('gender', ['1', '2']);
    const birth = this.#date('birthDate');
    const admittedOn = this.#date('admittedOn');
    const dischargedOn = this.#date('dischargedOn');
    const costFen = this.#amount('cost');
    const patientBorneFen = this.#amount('patientBorne');
    const dx = this.#codes('dx', editions.isDiagnosis);
    const proc = this.#codes('proc', editions.isProcedure);
    if (dx.length === 0) this.#error('dx', 'no-diagnosis', '没有诊断', 'there is no diagnosis');
    if (gender !== null) this.#checkSex(gender, dx);
    if (costFen !== null && patientBorneFen !== null && patientBorneFen > costFen) {
      this.#error(
        'patientBorne',
        'patient-part-above-cost',
        '个人负担超过总费用',
        'the patient part is above the cost',
      );
    }
    if (admittedOn === null || dischargedOn === null || birth === null) return null;
    const age = this.#age(birth, admittedOn, dischargedOn);
    const los = Math.max(1, daysBetween(admittedOn, dischargedOn));
    const bedDays = this.#bedDays(los);
    if (this.hasError || age === null) return null;
    const stay: Stay = {
      id: id!,
      gender,
      ...age,
      dept: this.#row.dept?.trim() ?? '',
      los,
      leavingType: this.#row.leavingType?.trim() ?? '',
      dx,
      proc,
    };
    return {
      stay,
      patient: patient!,
      org: org!,
      level: level!,
      payer: payer!,
      admittedOn,
      dischargedOn,
      costFen: costFen!,
      patientBorneFen: patientBorneFen!,
      bedDays,
    };
  }

  #age(
    birth: LocalDate,
    admittedOn: LocalDate,
    dischargedOn: LocalDate,
  ): Pick<Stay, 'age' | 'ageDays' | 'weight'> | null {
    if (dischargedOn < admittedOn) {
      this.#error('dischargedOn', 'discharge-before-admission', '出院早于入院', 'discharged before admitted');
      return null;
    }
    if (birth > admittedOn) {
      this.#error('birthDate', 'birth-after-admission', '出生晚于入院', 'born after the admission');
      return null;
    }
    const ageDays = daysBetween(birth, admittedOn);
    const written = this.#row.weight?.trim() ?? '';
    const weight = written === '' ? null : Number(written);
    if (weight !== null && !(weight > 0 && weight < 10_000)) {
      this.#error('weight', 'weight-not-a-weight', '体重应为克数', 'the weight must be in grams');
    }
    if (ageDays <= NEWBORN_DAYS && weight === null) {
      this.#error(
        'weight',
        'newborn-without-weight',
        '新生儿（28 天以内）缺体重',
        'a newborn (day 28 included) without weight',
      );
    }
    return { age: fullYears(birth, admittedOn), ageDays, weight };
  }

  #checkDuplicate(id: string, editions: Editions, seen: Seen): void {
    if (seen.has(id))
      this.#error('id', 'duplicate-in-file', '结算清单号在文件中重复', 'the list is in the file twice');
    else if (editions.isKnownList(id)) {
      this.#error('id', 'already-imported', '该结算清单已导入', 'the list was imported before');
    }
    seen.add(id);
  }

  /** A warning: the grouper does not refuse such a stay, but a coder should look at it. */
  #checkSex(gender: string, dx: readonly string[]): void {
    const code = contradictsSex(gender, dx);
    if (code === undefined) return;
    this.#warn(
      'dx',
      'sex-contradicts-diagnosis',
      `诊断 ${code} 与性别不符`,
      `diagnosis ${code} contradicts the sex`,
    );
  }

  #codes(column: 'dx' | 'proc', isKnown: (code: string) => boolean): string[] {
    const codes = (this.#row[column] ?? '')
      .split('|')
      .map((code) => code.trim())
      .filter((code) => code !== '');
    for (const code of codes) {
      if (isKnown(code)) continue;
      this.#warn(
        column,
        'code-outside-edition',
        `编码 ${code} 不在版本内`,
        `code ${code} is not in the edition`,
      );
    }
    return codes;
  }

  /** `psychiatric:40:2|rehabilitation:30`: category, days, and the days away of them. */
  #bedDays(los: number): BedDaySegment[] {
    const written = this.#row.bedDays?.trim() ?? '';
    if (written === '') return [];
    const segments = written.split('|').map(readSegment);
    const known = segments.filter((one) => one !== null);
    if (known.length < segments.length) {
      this.#error(
        'bedDays',
        'bed-days-wrong',
        '应为“类别:天数:离院天数”，多段以 | 分开',
        'expected "category:days:days away", several parted by |',
      );
    } else if (known.reduce((sum, { days }) => sum + days, 0) > los) {
      this.#error(
        'bedDays',
        'bed-days-above-stay',
        '床日数超过住院天数',
        'more bed days than days of the stay',
      );
    }
    return known;
  }

  #text(column: SettlementColumn): string | null {
    const value = this.#row[column]?.trim() ?? '';
    if (value !== '') return value;
    this.#error(column, 'value-missing', '缺少此列', 'the value is missing');
    return null;
  }

  #oneOf<const T extends readonly string[]>(column: SettlementColumn, list: T): T[number] | null {
    const value = this.#text(column);
    if (value === null || list.includes(value)) return value;
    this.#error(
      column,
      'value-unknown',
      `应为 ${list.join('、')} 之一`,
      `expected one of ${list.join(', ')}`,
    );
    return null;
  }

  #date(column: SettlementColumn): LocalDate | null {
    const value = this.#text(column);
    if (value === null || isLocalDate(value)) return value;
    this.#error(column, 'not-a-date', '应为日期 YYYY-MM-DD', 'expected a date YYYY-MM-DD');
    return null;
  }

  #amount(column: SettlementColumn): bigint | null {
    const value = this.#text(column);
    if (value === null) return null;
    const parsed = parseYuan(value);
    if (!parsed.ok) {
      this.#error(
        column,
        'not-an-amount',
        '应为金额（元，至多两位小数）',
        'expected yuan with at most two decimals',
      );
      return null;
    }
    if (parsed.value < 0n) this.#error(column, 'amount-negative', '金额为负', 'the amount is negative');
    return parsed.value;
  }

  #error(column: SettlementColumn, code: string, zh: string, en: string): void {
    this.hasError = true;
    this.#problems.push({ row: this.#number, column, code, severity: 'error', detail: { zh, en } });
  }

  #warn(column: SettlementColumn, code: string, zh: string, en: string): void {
    this.#problems.push({ row: this.#number, column, code, severity: 'warning', detail: { zh, en } });
  }
}

function readSegment(written: string): BedDaySegment | null {
  const [name, days, away = '0', ...more] = written.split(':').map((part) => part.trim());
  const category = BED_DAY_CATEGORIES.find((one) => one === name);
  const isCounted = more.length === 0 && /^[1-9]\d{0,3}$/.test(days ?? '') && /^\d{1,4}$/.test(away);
  if (category === undefined || !isCounted || Number(away) > Number(days)) return null;
  return { category, days: Number(days), absenceDays: Number(away) };
}

/** Day 28 is still a newborn (CHS-DRG input check). */
const NEWBORN_DAYS = 28;
