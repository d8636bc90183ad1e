// What the desk and the server say to each other about the fund: types only. Money is yuan as a text with two decimals.
import type { Text } from '@yimai/kit';

/** `"-1,234.50"`: never a number, so that no fen is lost. */
export type Yuan = string;

export interface FundHouse {
  readonly id: string;
  readonly name: string;
  readonly isOutside: boolean;
}

/** `POST /desk/fund/board` with {year} */
export interface FundBoard {
  readonly years: readonly string[];
  readonly year: string;
  readonly asOf: string;
  readonly ruleSet: { readonly name: string; readonly title: Text } | null;
  readonly ruleSets: readonly { readonly name: string; readonly title: Text; readonly byHeads: boolean }[];
  readonly budget: { readonly gross: Yuan; readonly reserve: Yuan; readonly budget: Yuan } | null;
  readonly months: readonly FundMonth[];
  readonly spent: Yuan;
  readonly outside: Yuan;
  readonly left: Yuan | null;
  /** Shares as per cent with one decimal. */
  readonly spentShare: string | null;
  readonly timeShare: string;
  readonly houses: readonly FundHouseLine[];
  readonly kinds: readonly { readonly kind: string; readonly stays: number; readonly fund: Yuan }[];
  readonly warnings: readonly Text[];
  readonly cleared: boolean;
  readonly may: { readonly settle: boolean; readonly import: boolean; readonly cases: boolean };
}

export interface FundMonth {
  readonly month: string;
  readonly stays: number;
  readonly inCounty: Yuan;
  readonly outside: Yuan;
  /** Spent from the year's beginning to the end of the month; null for a month that has not begun. */
  readonly sum: Yuan | null;
  readonly budgetSum: Yuan | null;
  readonly version: number | null;
  readonly run: string | null;
  readonly locked: boolean;
  /** Lists have come in or changed since the month was settled. */
  readonly changed: boolean;
}

export interface FundHouseLine {
  readonly house: FundHouse;
  readonly stays: number;
  readonly cost: Yuan;
  readonly pay: Yuan;
  readonly borne: Yuan;
  readonly fund: Yuan;
  readonly result: Yuan;
  /** Case-mix index with two decimals; null without a grouped stay. */
  readonly caseMix: string | null;
}

/** `POST /desk/fund/cases` */
export interface FundCaseQuery {
  readonly year: string;
  readonly month?: string;
  readonly house?: string;
  readonly kind?: string;
  readonly text?: string;
  readonly sort?: 'loss' | 'cost' | 'date';
  readonly offset?: number;
}

export interface FundCaseRow {
  readonly id: string;
  readonly house: string;
  readonly dischargedOn: string;
  readonly days: number;
  readonly diagnosis: string;
  readonly drg: string;
  readonly drgName: string;
  readonly kind: string;
  readonly cost: Yuan;
  readonly pay: Yuan;
  readonly fund: Yuan;
  readonly result: Yuan;
}

export interface FundCasePage {
  readonly items: readonly FundCaseRow[];
  readonly total: number;
  readonly sum: { readonly cost: Yuan; readonly pay: Yuan; readonly fund: Yuan; readonly result: Yuan };
  readonly houses: readonly FundHouse[];
  readonly kinds: readonly string[];
  readonly months: readonly string[];
}

export interface CodeName {
  readonly code: string;
  readonly name: string;
}

/** `GET /desk/fund/cases/:id`, and the answer of its what-if. */
export interface FundCase {
  readonly id: string;
  readonly house: FundHouse;
  readonly level: string;
  readonly payer: string;
  readonly person: { readonly sex: string; readonly age: string };
  readonly admittedOn: string;
  readonly dischargedOn: string;
  readonly days: number;
  readonly diagnoses: readonly CodeName[];
  readonly procedures: readonly CodeName[];
  readonly cost: Yuan;
  readonly borne: Yuan;
  readonly answer: FundAnswer;
  readonly entries: readonly FundEntry[];
  readonly settled: { readonly month: string; readonly version: number } | null;
  readonly ruleSet: string;
  readonly scheme: string;
}

export interface FundAnswer {
  readonly status: string;
  readonly mdc: string;
  readonly adrg: string;
  readonly drg: string;
  readonly drgName: string;
  readonly kind: string;
  readonly weight: string;
  readonly standard: Yuan;
  readonly pay: Yuan;
  readonly fund: Yuan;
  readonly result: Yuan;
  readonly trail: readonly FundStep[];
  readonly reasons: readonly (Text & { readonly row: string; readonly source: string | null })[];
}

/** One rule on the way to the group. */
export interface FundStep extends Text {
  readonly kind: string;
  readonly rule: string;
  readonly because: readonly (Text & {
    readonly code?: string;
    readonly name?: string;
    readonly row?: string;
  })[];
}

export interface FundEntry extends Text {
  readonly run: string;
  readonly number: number;
  readonly on: string;
  readonly period: string;
  readonly debit: string;
  readonly credit: string;
  readonly debitName: Text;
  readonly creditName: Text;
  readonly amount: Yuan;
  readonly caseId: string | null;
  readonly row: string;
  readonly command: string;
  /** The run and period of the entry that this one reverses. */
  readonly reverses: { readonly run: string; readonly period: string } | null;
}

/** `POST /desk/fund/statement` with {month, house} */
export interface FundStatement {
  readonly house: FundHouse;
  readonly month: string;
  readonly version: number | null;
  readonly postedAt: string | null;
  readonly command: string | null;
  readonly ruleSet: { readonly name: string; readonly title: Text };
  readonly stays: number;
  readonly cost: Yuan;
  readonly pay: Yuan;
  readonly borne: Yuan;
  readonly fund: Yuan;
  readonly deposit: Yuan;
  readonly paid: Yuan;
  readonly held: Yuan;
  /** Whether the lines add up to the heads; false is a fault to be shown. */
  /** What later months have corrected of this one. */
  readonly adjustments: readonly {
    readonly month: string;
    readonly fund: Yuan;
    readonly paid: Yuan;
    readonly command: string;
  }[];
  readonly addsUp: boolean;
  readonly lines: readonly (FundCaseRow & { readonly borne: Yuan })[];
}

export interface FundStatementList {
  readonly months: readonly string[];
  readonly month: string;
  readonly houses: readonly FundHouse[];
}

/** `POST /desk/fund/clearing` with {year, scores, reasonableOverrun}: as it would be, nothing is posted. */
export interface FundClearing {
  readonly year: string;
  readonly months: readonly string[];
  /** Months with stays that are not settled. */
  readonly openMonths: readonly string[];
  readonly houses: readonly {
    readonly house: FundHouse;
    readonly stays: number;
    readonly due: Yuan;
    readonly paidBefore: Yuan;
    readonly depositBefore: Yuan;
    readonly heldBefore: Yuan;
    readonly score: string;
    readonly depositReturned: Yuan;
    readonly forfeited: Yuan;
    readonly shared: Yuan;
    readonly final: Yuan;
    readonly paidAfter: Yuan;
    readonly difference: Yuan;
  }[];
  readonly budget: Yuan;
  readonly inCounty: Yuan;
  readonly outside: Yuan;
  /** What packages draw from the same budget: the insurance part of their price, amounts per head. */
  readonly packages: Yuan;
  readonly result: {
    readonly charged: Yuan;
    readonly surplus: Yuan;
    readonly overrun: Yuan;
    readonly insurerAdds: Yuan;
    readonly groupBears: Yuan;
  } | null;
  readonly accounts: readonly {
    readonly account: string;
    readonly before: Yuan;
    readonly after: Yuan;
    readonly difference: Yuan;
  }[];
  readonly posted: { readonly version: number; readonly at: string; readonly command: string } | null;
  readonly distribution: FundDistribution | null;
}

export interface FundDistribution {
  readonly surplus: Yuan;
  readonly pool: Yuan;
  readonly parties: readonly { readonly party: string; readonly amount: Yuan }[];
  readonly people: readonly {
    readonly person: string;
    readonly name: string | null;
    readonly points: string;
    readonly share: Yuan;
    readonly records: readonly string[];
  }[];
}

/** `GET /desk/fund/ledger` */
export interface FundLedger {
  readonly accounts: readonly {
    readonly account: string;
    readonly name: Text;
    readonly books: 'insurer' | 'group';
    readonly debit: Yuan | null;
    readonly credit: Yuan | null;
  }[];
  readonly debit: Yuan;
  readonly credit: Yuan;
  readonly balanced: boolean;
  /** Accounts whose kept balance is not the sum of their entries: none, or a fault. */
  readonly faults: readonly string[];
  readonly runs: readonly {
    readonly run: string;
    readonly period: string;
    readonly kind: string;
    readonly version: number;
    readonly entries: number;
    readonly total: Yuan;
    readonly at: string;
    readonly command: string;
    /** Periods of the runs that this one corrects. */
    readonly corrects: readonly string[];
    readonly locked: boolean;
  }[];
  readonly may: { readonly lock: boolean };
}

/** `POST /desk/fund/entries` with {run?, account?, caseId?, offset?} */
export interface FundEntries {
  readonly items: readonly FundEntry[];
  readonly total: number;
  readonly sum: Yuan;
}

/** `GET /desk/fund/rules/:region/:year` */
export interface FundRules {
  readonly name: string;
  readonly names: readonly { readonly name: string; readonly title: Text }[];
  readonly title: Text;
  readonly method: string;
  readonly scheme: string;
  readonly effectiveFrom: string;
  readonly effectiveTo: string;
  readonly rows: readonly FundRuleRow[];
  readonly weights: number;
  /** Years with stays on which a change can be tried, the last whole one first. */
  readonly years: readonly string[];
  readonly versions: readonly FundRuleVersion[];
  readonly may: { readonly propose: boolean };
}

/** A change of the rule set: proposed by one person, adopted by another, in force from a month on. */
export interface FundRuleVersion {
  readonly id: string;
  readonly number: number;
  readonly from: string;
  readonly reason: string;
  readonly changes: readonly { readonly row: string; readonly field: string; readonly value: string }[];
  readonly state: 'proposed' | 'adopted' | 'withdrawn';
  readonly proposedBy: string;
  readonly proposedAt: string;
  readonly confirmedBy: string | null;
  readonly confirmedAt: string | null;
  /** The reader may confirm: another person than the one who proposed. */
  readonly mayConfirm: boolean;
}

export interface FundRuleRow {
  readonly id: string;
  readonly section: string;
  readonly source: string;
  readonly values: readonly { readonly field: string; readonly value: string; readonly isNumber: boolean }[];
}

/** `POST /desk/fund/rules/what-if` with {name, year, changes: [{row, field, value}]} */
export interface FundRuleEffect {
  readonly stays: number;
  readonly changed: number;
  readonly before: { readonly pay: Yuan; readonly fund: Yuan };
  readonly after: { readonly pay: Yuan; readonly fund: Yuan };
  readonly difference: { readonly pay: Yuan; readonly fund: Yuan };
  readonly houses: readonly {
    readonly house: FundHouse;
    readonly before: Yuan;
    readonly after: Yuan;
    readonly difference: Yuan;
  }[];
}

/** `POST /desk/fund/lists/check` (multipart, field `file`): a report, nothing is stored. */
export interface FundListReport {
  readonly rows: number;
  readonly good: number;
  readonly bad: number;
  readonly warnings: number;
  readonly columns: readonly string[];
  readonly missingColumns: readonly string[];
  readonly problems: readonly {
    readonly row: number;
    readonly column: string;
    readonly code: string;
    readonly severity: 'error' | 'warning';
    readonly value: string;
    readonly detail: Text;
  }[];
  /** Problems beyond those listed. */
  readonly more: number;
}

export interface FundListsImported {
  readonly imported: number;
  readonly leftOut: number;
}

/** One application for special-case review (特例单议). */
export interface FundReview {
  readonly case: string;
  readonly number: string;
  readonly stay: string;
  readonly house: FundHouse;
  readonly month: string;
  readonly state: string;
  readonly result: string;
  readonly appliedAt: string;
  readonly dueAt: string | null;
  readonly cost: Yuan | null;
  readonly pay: Yuan | null;
  readonly decision: string | null;
}

export interface FundReviewList {
  readonly years: readonly string[];
  readonly year: string;
  readonly withinDays: number;
  /** Per cent of the cost that a review by item pays. */
  readonly share: string;
  readonly items: readonly FundReview[];
  readonly quotas: readonly {
    readonly house: FundHouse;
    readonly stays: number;
    readonly allowed: number;
    readonly used: number;
  }[];
  readonly may: { readonly apply: boolean; readonly decide: boolean };
}

/** The public notice of a year's distribution, what was objected to, and whether it may be paid. */
export interface FundNotice {
  readonly years: readonly string[];
  readonly year: string;
  readonly today: string;
  readonly days: number | null;
  readonly distribution: {
    readonly run: string;
    readonly version: number;
    readonly at: string;
    readonly surplus: Yuan;
    readonly pool: Yuan;
    readonly people: number;
  } | null;
  /** What everyone is to receive, as it is published. */
  readonly shares: FundDistribution | null;
  readonly notices: readonly {
    readonly run: string;
    readonly version: number;
    readonly starts: string;
    readonly ends: string;
    readonly isLatest: boolean;
  }[];
  readonly objections: readonly {
    readonly case: string;
    readonly number: string;
    readonly run: string;
    readonly state: string;
    readonly at: string;
  }[];
  readonly paid: { readonly at: string; readonly amount: Yuan; readonly version: number } | null;
  /** Why nothing may be paid today; null when it may. */
  readonly bar: Text | null;
  readonly may: { readonly settle: boolean; readonly object: boolean };
}

/** A result of RED or MES that can be paid for, with what bars it. */
export interface FundResult {
  readonly key: string;
  readonly case: string;
  readonly number: string;
  readonly kind: 'red' | 'mes';
  readonly row: string;
  readonly disease: string;
  readonly house: FundHouse;
  readonly signatures: number;
  readonly breached: boolean;
  readonly evidence: readonly string[];
  readonly amount: Yuan | null;
  readonly paidOn: string | null;
  /** Why it cannot be paid for; null when it can or has been. */
  readonly bar: Text | null;
}

export interface FundResults {
  readonly years: readonly string[];
  readonly year: string;
  readonly fund: {
    readonly house: FundHouse;
    readonly on: string;
    readonly opening: Yuan;
    readonly red: Yuan;
    readonly mes: Yuan;
    readonly balance: Yuan;
  } | null;
  /** What the rule set prepays; null where it pays nothing on result. */
  readonly opening: Yuan | null;
  readonly results: readonly FundResult[];
  readonly agreements: readonly {
    readonly disease: string;
    readonly active: number;
    readonly others: number;
  }[];
  readonly packages: readonly FundPackage[];
  /** Heads and stays in one account, when it has been settled. */
  readonly dual: {
    readonly version: number;
    readonly capitation: Yuan;
    readonly drg: Yuan;
    readonly outpatient: Yuan;
    readonly inpatient: Yuan;
    readonly balance: Yuan;
    readonly pool: Yuan;
  } | null;
  readonly houses: readonly FundHouse[];
  readonly may: { readonly settle: boolean };
}

/** A chronic disease with its complications as one package. */
export interface FundPackage {
  readonly id: string;
  readonly disease: string;
  readonly complications: readonly string[];
  readonly price: Yuan;
  readonly settled: {
    readonly version: number;
    readonly budget: Yuan;
    readonly charged: Yuan;
    readonly balance: Yuan;
    /** Per cent of the members with a listed complication. */
    readonly complicationRate: string;
    readonly bySource: readonly { readonly source: string; readonly amount: Yuan }[];
  } | null;
}
