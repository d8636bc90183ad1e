// What all answers about the fund share: amounts as text, houses by name. Types only, used by desk and server.
/** `"-1,234.50"`: never a number, so that no fen is lost. */
export type Yuan = string;

export interface FundHouse {
  readonly id: string;
  readonly name: string;
  readonly isOutside: boolean;
}
