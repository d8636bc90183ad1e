// Quiet hours: the part of the day in which only critical notices speak.

export interface QuietHours {
  readonly from: number;
  readonly to: number;
}

/** In China time; `from` counts, `to` does not; the hours may pass midnight. */
export function isQuiet(quiet: QuietHours | null, now: Date): boolean {
  if (!quiet) return false;
  const hour = (now.getUTCHours() + 8) % 24;
  const { from, to } = quiet;
  return from <= to ? hour >= from && hour < to : hour >= from || hour < to;
}
