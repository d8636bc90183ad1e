// Rule sets, their changes, and what a change does. Types only, used by desk and server.
import type { Text } from '@yimai/kit';
import type { FundHouse, Yuan } from './money-contract.ts';

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
