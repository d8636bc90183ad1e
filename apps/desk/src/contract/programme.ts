// Programmes at the desk: what each is made of, its trees of tasks, its matching plans, the form that opens a case.
import type { Act, FileRef, LoopDiagram, RegisterSummary, Text, WorkItem } from '../contract.ts';

export interface ProgrammeSummary {
  readonly id: string;
  readonly domain: string;
  readonly domainName: Text;
  readonly name: Text;
  readonly summary: Text | null;
  readonly loops: number;
  readonly registers: number;
  readonly openCases: number | null;
}

/** `GET /desk/programmes/:domain/:id` */
export interface ProgrammeDetail {
  readonly programme: ProgrammeSummary;
  readonly reform: readonly Text[];
  readonly sources: readonly string[];
  readonly loops: readonly {
    readonly id: string;
    readonly name: Text;
    readonly diagram: LoopDiagram;
    readonly canStart: boolean;
    readonly statistics: LoopStatistics | null;
  }[];
  readonly registers: readonly RegisterSummary[];
  readonly trees: readonly { readonly id: string; readonly name: Text }[];
  readonly matches: readonly { readonly id: string; readonly name: Text }[];
  readonly runs: readonly ProgrammeRun[];
  readonly parts: readonly { readonly kind: Text; readonly names: readonly Text[] }[];
}

/** `GET /desk/programmes/:domain/:id/figures`: measures that the programme names, where the role sees figures. */
export interface ProgrammeFigure {
  readonly id: string;
  readonly name: Text;
}

/** How one of the smaller mechanisms stands, in a few figures. */
export interface ProgrammeRun {
  readonly name: Text;
  readonly kind: Text;
  readonly figures: readonly { readonly name: Text; readonly value: string; readonly tone: 'late' | null }[];
}

/** `GET /desk/trees/:id`: areas and tasks with how far they are. */
export interface TreePage {
  readonly id: string;
  readonly name: Text;
  readonly programme: { readonly id: string; readonly name: Text };
  readonly nodes: readonly TreeNode[];
  readonly asOf: string;
}

export interface TreeNode {
  readonly id: string;
  readonly parent: string | null;
  readonly title: string;
  readonly leaf: boolean;
  readonly lead: string | null;
  readonly coLeads: readonly string[];
  readonly due: string | null;
  readonly doneOn: string | null;
  readonly late: boolean;
  readonly tasks: number;
  readonly done: number;
  readonly overdue: number;
  readonly progress: number;
  readonly evidence: readonly FileRef[];
  readonly acts: readonly Act[];
}

/** `GET /desk/matches/:id`: a plan that a person confirms choice by choice. */
export interface MatchPage {
  readonly id: string;
  readonly name: Text;
  readonly programme: { readonly id: string; readonly name: Text };
  readonly asked: number;
  readonly filled: number;
  readonly assignments: readonly {
    readonly item: WorkItem;
    readonly person: string;
    readonly score: number;
    readonly parts: readonly { readonly name: Text; readonly value: number }[];
    readonly passedOver: readonly { readonly person: string; readonly score: number }[];
    readonly act: Act;
  }[];
  readonly unmet: readonly { readonly item: WorkItem; readonly missing: number; readonly because: Text }[];
}

export interface LoopStatistics {
  readonly open: number;
  readonly closed: number;
  readonly late: number;
  /** Shares as decimal strings such as `0.976`; null when nothing has been counted. */
  readonly onTimeRate: string | null;
  readonly closureRate: string | null;
  readonly ratingAverage: string | null;
}

/** `GET /desk/starts/:programme/:loop`: the empty form that opens a case. */
export interface StartForm {
  readonly programme: { readonly id: string; readonly name: Text };
  readonly loop: { readonly id: string; readonly name: Text };
  readonly diagram: LoopDiagram;
  readonly act: Act;
  readonly needsResident: boolean;
}
