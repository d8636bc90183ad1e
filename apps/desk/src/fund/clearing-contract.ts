// The year-end clearing and the distribution of the surplus. Types only, used by desk and server.
import type { FundHouse, Yuan } from './money-contract.ts';

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
  /** What the year's dual package leaves for primary-care staff. */
  readonly dualPool: Yuan;
  /** What chronic packages leave and share with the surplus of the year. */
  readonly packageSurplus: Yuan;
  readonly posted: { readonly version: number; readonly at: string; readonly command: string } | null;
  readonly distribution: FundDistribution | null;
  /** The surplus has been paid: nothing of the year is cleared or shared again. */
  readonly paid: boolean;
}

export interface FundDistribution {
  readonly surplus: Yuan;
  /** What the dual package adds to the pool of the staff. */
  readonly packagePool: Yuan;
  /** What chronic packages added to the surplus. */
  readonly packageSurplus: Yuan;
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
