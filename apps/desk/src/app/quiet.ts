// Quiet hours: the part of the day in which only critical notices speak.
import type { Notice } from '../contract.ts';

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

/** Which of the notices that came after a moment speaks: what is critical at any hour, else the newest unless it is quiet. */
export function spokenOf<N extends Pick<Notice, 'at' | 'kind'>>(
  newestFirst: readonly N[],
  after: string,
  quiet: boolean,
): N | undefined {
  const fresh = newestFirst.filter((notice) => notice.at > after);
  return fresh.find((notice) => notice.kind === 'critical') ?? (quiet ? undefined : fresh[0]);
}
