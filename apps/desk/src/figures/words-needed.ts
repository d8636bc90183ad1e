// Which words the pages of figures and of the command centre need.
import type { FigureGroup, FigureLevel, FigureTarget, FigureUnit, PulseLevel } from './contract.ts';

export interface Words {
  readonly locale: string;
  readonly title: string;
  readonly intro: string;
  readonly centre: string;
  readonly centreIntro: string;
  readonly wall: string;
  readonly leaveWall: string;
  readonly scope: string;
  readonly period: string;
  readonly year: string;
  readonly step: string;
  readonly whole: string;
  readonly quarter: (n: number) => string;
  readonly month: (n: number) => string;
  readonly running: string;
  readonly runningText: string;
  readonly asOf: string;
  readonly missing: string;
  readonly missingText: string;
  readonly missingTitle: string;
  readonly neverStored: string;
  readonly notThen: string;
  readonly masked: string;
  readonly maskedText: string;
  readonly asTable: string;
  readonly asPicture: string;
  readonly onYear: string;
  readonly onLast: string;
  readonly target: string;
  readonly targetMet: string;
  readonly targetMissed: string;
  readonly edges: Readonly<Record<FigureTarget['edge'], string>>;
  readonly groups: Readonly<Record<FigureGroup, string>>;
  readonly levels: Readonly<Record<FigureLevel, string>>;
  readonly units: Readonly<Record<FigureUnit, string>>;
  readonly better: Readonly<Record<'up' | 'down' | 'watch', string>>;
  readonly changes: {
    readonly points: string;
    readonly percent: string;
    readonly difference: string;
    readonly up: string;
    readonly down: string;
    readonly same: string;
    readonly good: string;
    readonly bad: string;
  };
  readonly heads: Readonly<
    Record<
      | 'figure'
      | 'value'
      | 'numerator'
      | 'denominator'
      | 'rank'
      | 'org'
      | 'at'
      | 'case'
      | 'person'
      | 'kind'
      | 'share',
      string
    >
  >;
  readonly collected: (n: number, of: number) => string;
  readonly onlyCollected: string;
  readonly noneCollected: string;
  readonly noneCollectedText: string;
  readonly trend: string;
  readonly below: string;
  readonly peers: string;
  readonly parts: string;
  readonly casesOf: string;
  readonly allOf: string;
  readonly rankOf: (place: number, of: number) => string;
  readonly cases: string;
  readonly casesIntro: string;
  readonly casesCount: (n: string) => string;
  readonly casesUnseen: (n: string) => string;
  readonly casesNone: string;
  readonly casesMore: string;
  readonly definition: string;
  readonly purpose: string;
  readonly exclusions: string;
  readonly edge: string;
  readonly source: string;
  readonly version: string;
  readonly effective: string;
  readonly frozen: string;
  readonly closes: string;
  readonly closesAfter: (day: string) => string;
  readonly freeze: string;
  readonly freezeHint: string;
  readonly freezeDone: string;
  readonly restate: string;
  readonly restateHint: string;
  readonly restateReason: string;
  readonly restateDone: string;
  readonly items: string;
  readonly care: (days: number) => string;
  readonly careText: string;
  readonly pulseLevels: Readonly<Record<PulseLevel, string>>;
  readonly visits: string;
  readonly stays: string;
  readonly up: string;
  readonly down: string;
  readonly openNow: string;
  readonly line: string;
  readonly map: string;
  readonly mapText: string;
  readonly loops: string;
  readonly open: string;
  readonly late: string;
  readonly closedToday: string;
  readonly pools: string;
  readonly held: (held: number, units: number) => string;
  readonly alerts: string;
  readonly alertsNone: string;
  readonly since: string;
  readonly queues: string;
  readonly centreOf: string;
  readonly waitingNow: string;
  readonly oldest: string;
  readonly doneToday: string;
  readonly fundLine: string;
  readonly thisYear: string;
  readonly lastYear: string;
  readonly partial: string;
  readonly fundText: (paid: string, share: string) => string;
  readonly keyFigures: string;
  readonly allFigures: string;
  readonly allRows: (n: number) => string;
  readonly villages: (n: number) => string;
  readonly noLoops: string;
}
