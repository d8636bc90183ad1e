// What the desk and the server say to each other about figures and the command centre: types only.
import type { Text } from '@yimai/kit';

export type FigureUnit =
  | 'percent'
  | 'percentage-point'
  | 'relative-change'
  | 'ratio'
  | 'count'
  | 'money'
  | 'days'
  | 'hours'
  | 'minutes'
  | 'per-thousand'
  | 'per-ten-thousand'
  | 'index'
  | 'years'
  | 'rank'
  | 'level';

export type FigureLevel = 'village' | 'township' | 'hospital' | 'department' | 'county' | 'city';
export const FIGURE_GROUPS = ['monitoring', 'core', 'hospital', 'headline'] as const;
export type FigureGroup = (typeof FIGURE_GROUPS)[number];

export interface FigureScope {
  readonly id: string;
  readonly name: string;
  readonly level: FigureLevel;
}

/** How old what is shown is: data of the record up to `dataAt`. */
export interface FigureAge {
  readonly seq: number;
  readonly dataAt: string | null;
}

/** A value: null and not masked means 未采集; masked means a small count that could name a person. */
export interface FigureValue {
  readonly value: number | null;
  readonly numerator: number | null;
  readonly denominator: number | null;
  readonly masked: boolean;
}

/** A change in its right kind: percentages change by points (个百分点), amounts by percent. */
export interface FigureChange {
  readonly kind: 'points' | 'percent' | 'difference';
  readonly value: number;
  readonly good: boolean | null;
  /** The earlier period is only partly in the record. */
  readonly partial?: boolean;
}

export interface FigureTarget {
  readonly edge: 'atLeast' | 'atMost' | 'above' | 'below';
  readonly value: number;
  readonly met: boolean | null;
  readonly source: string;
}

export interface FigureTile extends FigureValue {
  readonly id: string;
  readonly name: Text;
  readonly unit: FigureUnit;
  readonly digits: number;
  readonly direction: 'up' | 'down' | 'watch';
  readonly groups: readonly FigureGroup[];
  /** Twelve months that end with the period; null where nothing was collected. */
  readonly spark: readonly (number | null)[];
  readonly onYear: FigureChange | null;
  readonly target: FigureTarget | null;
}

export interface FigurePeriod {
  readonly name: string;
  /** The period is not over: amounts are not compared with whole periods. */
  readonly running: boolean;
}

/** `GET /desk/figures?period&scope` */
export interface FigureTiles extends FigureAge {
  readonly period: FigurePeriod;
  readonly scope: FigureScope;
  readonly scopes: readonly FigureScope[];
  readonly tiles: readonly FigureTile[];
}

export interface FigureRow extends FigureValue {
  readonly scope: FigureScope;
  readonly rank: number | null;
}

/** `GET /desk/figures/:id?period&scope` */
export interface FigureDetail extends FigureAge {
  readonly period: FigurePeriod;
  readonly scope: FigureScope;
  readonly tile: FigureTile;
  readonly purpose: Text;
  readonly exclusions: Text | null;
  readonly edge: Text | null;
  readonly source: string;
  readonly version: string;
  readonly effectiveFrom: string;
  readonly frozenAt: string | null;
  /** What the reader may do with the value: freeze it as it stands, or write a new version of a frozen one. */
  readonly closing: 'freeze' | 'restate' | null;
  /** The last day on which late data count; after it the value is frozen by itself. */
  readonly lateUntil: string | null;
  readonly trend: readonly (FigureValue & { readonly period: string })[];
  readonly lastPeriod:
    | (FigureValue & { readonly period: string; readonly change: FigureChange | null })
    | null;
  readonly lastYear: (FigureValue & { readonly period: string; readonly change: FigureChange | null }) | null;
  readonly rank: { readonly place: number; readonly of: number } | null;
  /**
   * The organisations below, best first. Where the figure is not given for them, what each adds to it (`parts`, values
   * null); for one with nothing below, its peers.
   */
  readonly rows: readonly FigureRow[];
  readonly rowsAre: 'below' | 'parts' | 'peers';
  readonly items: readonly { readonly key: string; readonly count: number }[] | null;
  readonly parts: readonly ('numerator' | 'denominator')[];
  /** Of a value that was not collected: what it rests on and does not find. */
  readonly missing: readonly FigureSource[];
}

/** Rows of a view, of these kinds; `everStored` says that there are some, in another period or place. */
export interface FigureSource {
  readonly view: Text;
  readonly kinds: readonly string[];
  readonly everStored: boolean;
}

export interface FigureCase {
  readonly type: string;
  readonly id: string;
  readonly kind: Text;
  readonly title: string;
  readonly person: { readonly id: string; readonly name: string } | null;
  readonly org: string | null;
  readonly at: string | null;
  readonly link: { readonly kind: 'case' | 'resident'; readonly id: string } | null;
}

/** `GET /desk/figures/:id/cases?part&period&scope&after` */
export interface FigureCases extends FigureAge {
  readonly part: 'numerator' | 'denominator';
  /** All cases of the part; null when masked or when the part is not a number of rows. */
  readonly count: number | null;
  readonly masked: boolean;
  readonly cases: readonly FigureCase[];
  /** Cases looked through so far that this reader may not see. */
  readonly unseen: number;
  readonly next: string | null;
}

export type PulseLevel = 'village' | 'township' | 'county' | 'outside';

/** `GET /desk/pulse` */
export interface Pulse extends FigureAge {
  readonly now: string;
  readonly scope: FigureScope | null;
  /** Visits and stays by level in the last `days` days. */
  readonly days: number;
  readonly visits: readonly { readonly level: PulseLevel; readonly visits: number; readonly stays: number }[];
  /** Referrals opened in those days from level to level, those still open beside. */
  readonly moves: readonly {
    readonly from: PulseLevel;
    readonly to: PulseLevel;
    readonly cases: number;
    readonly open: number;
  }[];
  /** Visits by day, the newest last. */
  readonly line: readonly { readonly day: string; readonly visits: number }[];
  readonly loops: readonly {
    readonly domain: string;
    readonly name: Text;
    readonly open: number;
    readonly late: number;
    readonly closedToday: number;
  }[];
  readonly townships: readonly {
    readonly id: string;
    readonly name: string;
    readonly visits: number;
    readonly villages: number;
    readonly open: number;
    readonly late: number;
  }[];
  readonly pools: readonly {
    readonly id: string;
    readonly name: Text;
    readonly units: number;
    readonly held: number;
  }[];
  /** Requests that wait at the diagnostic centres. */
  readonly queues: readonly {
    readonly id: string;
    readonly name: Text;
    readonly waiting: number;
    readonly oldest: string | null;
    readonly doneToday: number;
  }[];
  readonly beds: readonly {
    readonly id: string;
    readonly name: string;
    readonly open: number;
    readonly taken: number;
  }[];
  /** Paid by the fund since January, added up; null: months to come, or a year of which the record has only a part. */
  readonly fundByMonth: readonly {
    readonly month: string;
    readonly paid: number | null;
    readonly before: number | null;
  }[];
  readonly alerts: readonly PulseAlert[];
  readonly fund: { readonly period: string; readonly totalYuan: string; readonly yearShare: number } | null;
}

export interface PulseAlert {
  readonly rule: string;
  readonly name: Text;
  readonly scope: string;
  readonly since: string;
  readonly state: Text;
  readonly acknowledged: boolean;
  readonly caseId: string | null;
  readonly mine: boolean;
}

/** `GET /desk/tables/views` */
export interface TableViews {
  readonly views: readonly {
    readonly name: string;
    readonly title: Text;
    readonly columns: readonly {
      readonly name: string;
      readonly title: Text;
      readonly kind: 'text' | 'number' | 'yes-no' | 'date' | 'birth' | 'organisation' | 'person';
      readonly steps: readonly string[];
    }[];
  }[];
  readonly codes: Readonly<Record<string, Text>>;
  /** Roles that a table may be shared with. */
  readonly roles: readonly { readonly code: string; readonly name: Text }[];
}

/** `POST /desk/tables/run` */
export interface FreeTableAnswer extends FigureAge {
  /** How many of the heads are lines; the others are columns. */
  readonly rows: number;
  readonly heads: readonly Text[];
  readonly period: string | null;
  readonly cells: readonly {
    readonly at: readonly (string | null)[];
    readonly value: number | null;
    readonly masked: boolean;
  }[];
  /** Names of the organisations among the lines and columns. */
  readonly names: Readonly<Record<string, string>>;
  readonly hidden: number;
  /** When a kept result was made. */
  readonly madeAt?: string;
}

/** `GET /desk/tables`, and with `answer` `GET /desk/tables/:id` */
export interface SavedTableEntry {
  readonly id: string;
  readonly title: string;
  readonly table: unknown;
  readonly owner: string;
  readonly mine: boolean;
  readonly shares: readonly {
    readonly kind: 'organisation' | 'role' | 'person';
    readonly id: string;
    readonly name: Text;
  }[];
  readonly every: 'day' | 'week' | 'month' | null;
  readonly due: string | null;
  readonly madeAt: string | null;
}

/** `GET /desk/quality?period` */
export interface QualityPage extends FigureAge {
  readonly period: string;
  readonly checks: readonly { readonly id: string; readonly name: Text }[];
  readonly findings: readonly {
    readonly check: string;
    readonly name: Text;
    readonly owner: { readonly id: string; readonly name: string };
    readonly rows: number;
    readonly detail: Text;
    readonly case: { readonly id: string; readonly state: string } | null;
  }[];
}
