// The nouns of a programme: what its folder may declare, mechanism by mechanism, and what loading makes of it.
import type { Form, Issue } from '@yimai/forms';
import type { Text } from '@yimai/kit';
import type { FieldDeclaration, Loop } from '@yimai/loops';
import type { Rules } from '@yimai/matching';

export interface RegisterDeclaration {
  readonly id: string;
  readonly title: Text;
  readonly fields: Readonly<Record<string, FieldDeclaration & { readonly required?: boolean }>>;
  /** Fields whose values together name the object; no two entries in force share them. */
  readonly key: readonly string[];
  /** The field that holds the FHIR reference of what the entry is about. */
  readonly subject?: string;
  /** What entries about a resident are to the policy: a note of care without a word, or work of public health. */
  readonly kind?: 'public-health' | 'paid-package' | 'file-link' | 'schedule';
  /** Roles that may write. */
  readonly by: readonly string[];
  /** Conditions over data and today that every entry must meet. */
  readonly rules?: readonly RuleDeclaration[];
  /** The set that should be covered: another register whose keys should each stand in `by-field` here. */
  readonly covers?: { readonly register: string; readonly field: string };
}

export interface RuleDeclaration {
  readonly that: string;
  readonly code: string;
  readonly otherwise: Text;
}

export interface AgreementDeclaration {
  readonly id: string;
  readonly title: Text;
  readonly parties: readonly { readonly party: string; readonly title: Text }[];
  readonly duties: readonly {
    readonly id: string;
    readonly title: Text;
    readonly party: string;
    readonly count?: number;
  }[];
  /** Rights and who holds them while the agreement is in force. */
  readonly rights?: readonly { readonly right: string; readonly title: Text; readonly holder: string }[];
  readonly term: { readonly most: string };
  readonly renewal?: { readonly before: string };
  readonly by: readonly string[];
}

export interface TreeDeclaration {
  readonly id: string;
  readonly title: Text;
  readonly by: readonly string[];
  /** Fixed nodes; leaves may be added by a load. */
  readonly nodes: readonly TreeNodeDeclaration[];
  /** What must hold of a whole load: levels and their counts. */
  readonly counts?: { readonly areas?: number; readonly tasks?: number };
  readonly evidence: boolean;
}

export interface TreeNodeDeclaration {
  readonly id: string;
  readonly title: Text;
  readonly due?: string;
  readonly lead?: string;
  readonly with?: readonly string[];
  readonly nodes?: readonly TreeNodeDeclaration[];
}

export interface RecurringDeclaration {
  readonly id: string;
  readonly title: Text;
  readonly every: 'day' | 'week' | 'month' | 'quarter' | 'year' | 'once';
  /** The register whose entries in force are the objects. */
  readonly objects: string;
  /** Only objects for which this holds (over data). */
  readonly when?: string;
  readonly form?: string;
  readonly by: readonly string[];
}

export interface SurveyDeclaration {
  readonly id: string;
  readonly title: Text;
  readonly form: string;
  /** Over the answers: the answer counts as satisfied. */
  readonly satisfied: string;
  /** Over the answers: the answer is valid at all. */
  readonly valid?: string;
  /** Fewer valid answers than this are not publishable; the number itself is enough. */
  readonly least: number;
  readonly baseline?: number;
  /** A low answer opens this loop. */
  readonly low?: {
    readonly when: string;
    readonly opens: string;
    readonly with: Readonly<Record<string, string>>;
  };
}

export interface DrawDeclaration {
  readonly id: string;
  readonly title: Text;
  readonly from: string;
  readonly field: string;
  readonly ties: readonly string[];
  readonly by: readonly string[];
}

export interface DatedListDeclaration {
  readonly id: string;
  readonly title: Text;
  readonly value: 'money' | 'number' | 'text';
  readonly source: string;
  readonly rows: readonly {
    readonly key: string;
    readonly from: string;
    readonly to?: string;
    readonly value: string | number;
  }[];
}

export interface EntitlementDeclaration {
  readonly id: string;
  readonly title: Text;
  readonly fields: Readonly<Record<string, FieldDeclaration>>;
  /** Named values that a county may set, used in the rules as `setting.<name>`. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>;
  readonly rules: readonly (RuleDeclaration & { readonly source?: string })[];
  readonly grants?: Readonly<Record<string, string>>;
}

export interface StockDeclaration {
  readonly id: string;
  readonly title: Text;
  readonly items: readonly {
    readonly item: string;
    readonly title: Text;
    readonly reserve: number;
    readonly dailyUse: number;
  }[];
  readonly by: readonly string[];
}

export interface AlertDeclaration {
  readonly id: string;
  readonly title: Text;
  readonly class: string;
  /** Each entry put by hand into a register is a reading: how many of the same value began within so long (`count`). */
  readonly over?: { readonly register: string; readonly by: string; readonly within: string };
  /** Over the reading: outside its limit. */
  readonly when: string;
  /** No reading for so long is an alert of its own. */
  readonly silentAfter?: string;
  readonly opens: string;
  readonly with: Readonly<Record<string, string>>;
}

export interface PoolDeclaration {
  readonly id: string;
  readonly title: Text;
  readonly units?: readonly {
    readonly unit: string;
    readonly title: Text;
    readonly capacity: number;
    readonly tags?: readonly string[];
  }[];
  readonly onePerHolder: boolean;
  readonly holdFor?: string;
  /** Conditions over the request that must hold (for instance: classed high-level). */
  readonly rules?: readonly RuleDeclaration[];
  readonly fields?: Readonly<Record<string, FieldDeclaration>>;
  readonly by: readonly string[];
}

export interface MatchDeclaration {
  readonly id: string;
  readonly title: Text;
  readonly orders: { readonly loop: string; readonly state: string };
  readonly people: string;
  readonly rules: Partial<Rules>;
}

/** A standing question about a register: its entries in force on a day, or begun in a period, counted and named. */
export interface ReportDeclaration {
  readonly id: string;
  readonly title: Text;
  readonly register: string;
  /** `in-force` on the day asked (without a word), or `begun` in the period asked. */
  readonly counts?: 'in-force' | 'begun';
  /** Which entries count, over data, today and matches. */
  readonly when?: string;
  /** Entries of another register that belong to one: field here to field there, and `when` over data, other and today. */
  readonly joins?: {
    readonly register: string;
    readonly counts?: 'in-force' | 'begun';
    readonly on: Readonly<Record<string, string>>;
    readonly when?: string;
  };
  /** Fields that make the rows; without them one row over all. */
  readonly by?: readonly string[];
  readonly columns?: readonly ReportColumn[];
  /** An entitlement that each entry, or with `by` each row with its columns as facts, has to meet. */
  readonly rule?: string;
  /** Which rows are shown, over row, granted and today. */
  readonly keeps?: string;
  /** Which entries are named one by one, over data, today, matches and granted. */
  readonly names?: string;
}

/** One figure of a row: exactly one of the kinds. */
export interface ReportColumn {
  readonly id: string;
  readonly title: Text;
  /** Entries, all (`true`) or those for which the expression holds. */
  readonly count?: string | true;
  /** Different values of a field. */
  readonly distinct?: string;
  readonly sum?: string;
  readonly mean?: string;
  /** One column over another, in percent. */
  readonly percent?: readonly [string, string];
  /** The difference of a column from the row before. */
  readonly change?: string;
}

export interface Programme {
  readonly id: string;
  readonly domain: string;
  readonly title: Text;
  readonly version: number;
  readonly source: string;
  readonly loops: readonly Loop[];
  readonly forms: readonly Form[];
  readonly registers: readonly RegisterDeclaration[];
  readonly agreements: readonly AgreementDeclaration[];
  readonly trees: readonly TreeDeclaration[];
  readonly recurring: readonly RecurringDeclaration[];
  readonly surveys: readonly SurveyDeclaration[];
  readonly draws: readonly DrawDeclaration[];
  readonly lists: readonly DatedListDeclaration[];
  readonly entitlements: readonly EntitlementDeclaration[];
  readonly stocks: readonly StockDeclaration[];
  readonly alerts: readonly AlertDeclaration[];
  readonly pools: readonly PoolDeclaration[];
  readonly matches: readonly MatchDeclaration[];
  readonly reports: readonly ReportDeclaration[];
  readonly measures: readonly string[];
}

/** One thing wrong in a programme's folder, with its file. */
export interface ProgrammeIssue extends Issue {
  readonly programme: string;
  readonly file: string;
}
