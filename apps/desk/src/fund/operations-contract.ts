// What the desk and the server say to each other about prices, procurement and operations: types only.
import type { FundHouse, Yuan } from './money-contract.ts';

/** `POST /desk/pay/prices` with {on?, text?} */
export interface PriceBoard {
  readonly on: string;
  readonly total: { readonly batches: number; readonly items: number };
  readonly ofYear: { readonly year: string; readonly batches: number; readonly items: number };
  readonly items: readonly {
    readonly item: string;
    readonly title: string;
    readonly class: string;
    readonly batch: string;
    /** The day of the change in force; empty where none has come yet. */
    readonly from: string;
    readonly price: Yuan;
  }[];
  readonly itemsTotal: number;
  readonly batches: readonly {
    readonly id: string;
    readonly on: string;
    readonly items: number;
    readonly raised: number;
    readonly lowered: number;
    /** Items that move against the direction of the reform. */
    readonly warnings: readonly string[];
    readonly inForce: boolean;
  }[];
  readonly deviations: readonly {
    readonly grade: string;
    readonly item: string;
    readonly title: string;
    readonly prices: readonly { readonly house: FundHouse; readonly price: Yuan }[];
  }[];
  readonly may: { readonly release: boolean };
}

export interface OperationsLine {
  readonly id: string;
  readonly name: string;
  readonly stays: number;
  readonly weights: string;
  readonly caseMix: string;
  readonly costPerWeight: Yuan;
}

/** `POST /desk/pay/operations` with {period?: `2026` or `2026-03`, house?} */
export interface OperationsBoard {
  readonly years: readonly string[];
  readonly period: string;
  readonly months: readonly string[];
  readonly house: FundHouse | null;
  readonly whole: OperationsLine | null;
  readonly ungrouped: number;
  readonly hospitals: readonly OperationsLine[];
  readonly departments: readonly OperationsLine[];
  readonly doctors: readonly OperationsLine[];
}

/** `POST /desk/pay/procurement` */
export interface ProcurementBoard {
  readonly batches: readonly {
    readonly batch: string;
    readonly items: number;
    readonly simple: string;
    readonly weighted: string;
    readonly highest: string;
    readonly saving: Yuan;
  }[];
  readonly institutions: readonly {
    readonly house: FundHouse;
    readonly rate: string;
    readonly warns: boolean;
  }[];
  /** The share of the year that has passed. */
  readonly expected: string;
  readonly items: readonly {
    readonly item: string;
    readonly title: string;
    readonly batch: string;
    readonly old: Yuan;
    readonly new: Yuan;
    readonly cut: string;
    readonly used: number;
    readonly saving: Yuan;
  }[];
}
