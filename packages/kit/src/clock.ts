// Time is a port: the server is given a Clock; only the simulator and tests hold one that they can move.

export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** A clock that only its holder advances; it refuses to go backwards. */
export class SimulatedClock implements Clock {
  #at: number;
  constructor(start: Date | string) {
    this.#at = new Date(start).getTime();
  }
  now(): Date {
    return new Date(this.#at);
  }
  advanceTo(instant: Date): void {
    if (instant.getTime() < this.#at) throw new Error('fault: a simulated clock cannot go backwards');
    this.#at = instant.getTime();
  }
  advanceBy(ms: number): void {
    this.advanceTo(new Date(this.#at + ms));
  }
}
