// What the pages of the smaller mechanisms and the server say to each other under /desk/mechanisms: types only.
import type { Act, OrgRef, Said, Text, WorkItem } from '../contract.ts';

export const MECHANISMS = [
  'recurring',
  'agreements',
  'stocks',
  'alerts',
  'draws',
  'lists',
  'surveys',
  'pools',
  'libraries',
  'reports',
] as const;
export type Mechanism = (typeof MECHANISMS)[number];

/** A declared mechanism with how it stands, for lists of them. */
export interface MechanismSummary {
  readonly kind: Mechanism;
  readonly id: string;
  readonly name: Text;
  readonly programme: { readonly id: string; readonly name: Text };
  readonly figures: readonly {
    readonly name: Text;
    readonly value: string;
    readonly tone: 'late' | 'soon' | null;
  }[];
  /** What waits for somebody here: overdue, unsigned, expiring, standing. */
  readonly waiting: number;
}

interface Head {
  readonly id: string;
  readonly name: Text;
  readonly programme: { readonly id: string; readonly name: Text };
  readonly asOf: string;
}

/** `GET /desk/mechanisms/recurring/:id?period=&only=&cursor=` */
export interface RecurringPage extends Head {
  readonly every: 'day' | 'week' | 'month' | 'quarter' | 'year' | 'once';
  readonly register: { readonly id: string; readonly name: Text };
  readonly period: PeriodLine;
  readonly periods: readonly PeriodLine[];
  readonly only: 'open' | 'done' | 'all';
  readonly items: readonly DueLine[];
  readonly next: string | null;
  /** Makes the due list of the present period, or adds what is missing in it. */
  readonly plan: Act | null;
  readonly report: Act | null;
}

export interface PeriodLine {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly due: number;
  readonly done: number;
  readonly overdue: number;
}

export interface DueLine {
  readonly key: string;
  readonly name: string;
  readonly place: string | null;
  readonly dueOn: string;
  readonly doneAt: string | null;
  readonly late: boolean;
}

/** `GET /desk/mechanisms/agreements/:id` */
export interface AgreementsPage extends Head {
  readonly parties: readonly { readonly party: string; readonly name: Text }[];
  readonly rows: readonly AgreementRow[];
  readonly draft: Act | null;
}

export type AgreementState = 'unsigned' | 'coming' | 'in-force' | 'renewal-due' | 'over' | 'ended';

export interface AgreementRow {
  readonly id: string;
  readonly title: string;
  readonly parties: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly state: AgreementState;
  readonly signed: number;
  /** The reader's own house has yet to sign. */
  readonly mineToSign: boolean;
  readonly dutiesDone: number;
  readonly dutiesCounted: number;
}

/** `GET /desk/mechanisms/agreements/:id/:agreement` */
export interface AgreementDetail extends Head {
  readonly row: AgreementRow;
  readonly signers: readonly {
    readonly party: Text;
    readonly name: string;
    readonly signedAt: string | null;
    readonly me: boolean;
  }[];
  readonly duties: readonly {
    readonly id: string;
    readonly name: Text;
    readonly party: Text;
    readonly done: number;
    readonly of: number | null;
    readonly act: Act | null;
  }[];
  readonly rights: readonly {
    readonly id: string;
    readonly name: Text;
    readonly holder: Text;
    readonly used: readonly { readonly at: string; readonly what: string }[];
    readonly act: Act | null;
  }[];
  readonly term: { readonly from: string; readonly to: string; readonly renewFrom: string | null };
  readonly acts: readonly Act[];
  readonly endedOn: string | null;
  readonly renewalOf: string | null;
  readonly renewedBy: string | null;
}

/** `GET /desk/mechanisms/stocks/:id` */
export interface StockPage extends Head {
  readonly stores: readonly StockStore[];
  readonly receive: Act | null;
  readonly issue: Act | null;
}

export interface StockStore {
  readonly store: OrgRef;
  readonly mine: boolean;
  readonly items: readonly StockItem[];
}

export interface StockItem {
  readonly item: string;
  readonly name: Text;
  readonly good: number;
  readonly reserve: number;
  readonly dailyUse: number;
  readonly expired: number;
  /** Will not be used up before its lots expire. */
  readonly rotate: number;
  readonly lots: readonly StockLot[];
}

export interface StockLot {
  readonly lot: string;
  readonly expiry: string;
  readonly quantity: number;
  readonly daysLeft: number;
  readonly rotate: number;
  readonly expired: boolean;
}

/** `GET /desk/mechanisms/alerts/:id` */
export interface AlertPage extends Head {
  readonly class: Text;
  readonly rule: Text;
  readonly silentAfter: string | null;
  readonly opens: { readonly loop: string; readonly name: Text; readonly programme: string };
  readonly standing: readonly StandingAlert[];
  readonly statistics: {
    readonly opened: number;
    readonly handled: number;
    readonly late: number;
    readonly medianMinutes: number | null;
  };
  readonly recent: readonly WorkItem[];
  readonly reading: Act | null;
}

export interface StandingAlert {
  readonly object: string;
  readonly name: Said;
  readonly silent: boolean;
  readonly since: string;
  readonly lastAt: string;
  readonly readings: number;
  readonly item: WorkItem | null;
}

/** `GET /desk/mechanisms/draws/:id` */
export interface DrawPage extends Head {
  readonly register: { readonly id: string; readonly name: Text };
  readonly field: Text;
  readonly ties: readonly Text[];
  readonly fields: readonly { readonly code: string; readonly name: string; readonly count: number }[];
  readonly pool: number;
  readonly make: Act | null;
  readonly draws: readonly DrawRow[];
}

export interface DrawRow {
  readonly id: string;
  readonly at: string;
  readonly seed: string;
  readonly commitment: string;
  readonly pool: readonly string[];
  readonly chosen: readonly DrawnOne[];
  readonly reserves: readonly DrawnOne[];
  readonly excluded: readonly { readonly id: string; readonly name: string; readonly code: string }[];
}

export interface DrawnOne {
  readonly id: string;
  readonly name: string;
}

/** `GET /desk/mechanisms/lists/:id?on=` */
export interface DatedListPage extends Head {
  readonly value: 'money' | 'number' | 'text';
  readonly source: string;
  readonly on: string;
  readonly rows: readonly {
    readonly key: string;
    readonly name: Text;
    readonly from: string;
    readonly to: string | null;
    readonly value: string;
    readonly state: 'in-force' | 'coming' | 'over';
  }[];
}

/** `GET /desk/mechanisms/surveys/:id` */
export interface SurveyPage extends Head {
  readonly form: Text;
  readonly least: number;
  readonly baseline: number | null;
  readonly rate: SurveySum;
  readonly months: readonly (SurveySum & { readonly month: string })[];
  readonly low: readonly LowAnswer[];
  readonly answers: Act | null;
}

export interface SurveySum {
  readonly answers: number;
  readonly valid: number;
  readonly satisfied: number;
  /** Per cent; null without a valid answer, or with too few to publish. */
  readonly rate: number | null;
  readonly publishable: boolean;
  readonly points: number | null;
  readonly followUps: number;
}

export interface LowAnswer {
  readonly at: string;
  readonly about: string | null;
  readonly item: WorkItem | null;
}

/** `GET /desk/mechanisms/reports/:id?from=&to=`: over the entries that the reader may see. */
export interface ReportPage extends Head {
  readonly register: { readonly id: string; readonly name: Text };
  /** Entries begun in a period, or in force on its last day. */
  readonly over: 'period' | 'day';
  readonly from: string;
  readonly to: string;
  readonly by: readonly Text[];
  readonly columns: readonly { readonly id: string; readonly name: Text }[];
  readonly rows: readonly {
    readonly of: readonly Text[];
    /** Null where there is nothing to divide by, to average or to compare with. */
    readonly cells: readonly (number | null)[];
    readonly lacks: readonly Text[];
  }[];
  readonly total: readonly (number | null)[];
  /** Whether the report names entries one by one, and the first of those it names. */
  readonly names: boolean;
  readonly named: readonly {
    readonly key: string;
    readonly name: string;
    readonly lacks: readonly Text[];
  }[];
  readonly namedCount: number;
  readonly counted: number;
}

/** `GET /desk/mechanisms/pools/:id?from=` */
export interface PoolPage extends Head {
  readonly onePerHolder: boolean;
  readonly from: string;
  readonly to: string;
  readonly days: readonly string[];
  readonly units: readonly PoolUnit[];
  readonly bookings: readonly PoolBooking[];
  readonly unmet: readonly { readonly item: WorkItem; readonly missing: number; readonly because: Text }[];
  readonly match: string | null;
  readonly book: Act | null;
  readonly addUnit: Act | null;
}

export interface PoolUnit {
  readonly id: string;
  readonly title: string;
  readonly capacity: number;
  readonly open: boolean;
  readonly takenNow: number;
  /** How many are taken on each day of the window. */
  readonly taken: readonly number[];
}

export interface PoolBooking {
  readonly id: string;
  readonly unit: string;
  readonly unitTitle: string;
  readonly holder: string;
  readonly from: string;
  readonly to: string | null;
  readonly state: 'held' | 'confirmed';
  readonly expires: string | null;
  readonly caseId: string | null;
  /** The holder has another booking in the same time. */
  readonly clash: boolean;
  readonly acts: readonly Act[];
}

/** `GET /desk/mechanisms/libraries/:register`: what was published, and who took it over. */
export interface LibraryPage extends Head {
  readonly themes: readonly string[];
  readonly cases: readonly LibraryCase[];
  readonly waiting: readonly WorkItem[];
  readonly submit: { readonly programme: string; readonly loop: string; readonly name: Text } | null;
}

export interface LibraryCase {
  readonly key: string;
  readonly title: string;
  readonly theme: string | null;
  readonly summary: string | null;
  readonly since: string;
  readonly adopters: readonly { readonly name: string; readonly on: string; readonly note: string | null }[];
  readonly adopt: Act | null;
}
