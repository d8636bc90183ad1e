// Draws from an expert pool or a list of objects: fair, with a check for conflicts, repeatable from a published seed.
import { createHash } from 'node:crypto';
import { ok, type Result, refuse, type Text } from '@yimai/kit';

export interface Drawable {
  readonly id: string;
  readonly field: string;
  /** Organisations and people this expert is tied to. */
  readonly ties: readonly string[];
}

export interface DrawRequest {
  readonly seed: string;
  readonly field: string | null;
  readonly count: number;
  /** Drawn in order after the chosen ones, to step in when one cannot. */
  readonly reserves: number;
  /** Nobody with one of these ties may be drawn (回避). */
  readonly conflicts: readonly string[];
  /** Already drawn for this matter, or drawn last time where repetition is barred. */
  readonly exclude: readonly string[];
}

export interface Draw {
  readonly seed: string;
  /** Published before the draw; shows afterwards that the seed was not chosen to suit. */
  readonly commitment: string;
  readonly pool: readonly string[];
  readonly excluded: readonly {
    readonly id: string;
    readonly because: Text;
    readonly code: 'conflict' | 'other-field' | 'excluded';
  }[];
  readonly chosen: readonly string[];
  readonly reserves: readonly string[];
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export const commitmentOf = (seed: string): string => sha256(`commitment|${seed}`);

/**
 * Each one that may be drawn gets the ticket SHA-256(seed|id); the lowest tickets are chosen. Anyone can repeat it with
 * a shell, the order of the list does not matter, and adding or removing one person moves nobody else's ticket.
 */
export function draw(all: readonly Drawable[], request: DrawRequest): Result<Draw> {
  if (request.seed.length < 8) {
    return refuse(
      'seed-too-short',
      { zh: '随机种子至少 8 个字符', en: 'the seed needs at least 8 characters' },
      { at: 'payload.seed' },
    );
  }
  const excluded: Draw['excluded'][number][] = [];
  const pool: string[] = [];
  for (const one of [...all].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const bar = barOf(one, request);
    if (bar) excluded.push({ id: one.id, ...bar });
    else pool.push(one.id);
  }
  if (pool.length < request.count) {
    return refuse(
      'pool-too-small',
      {
        zh: `可抽取 ${pool.length} 人，少于所需 ${request.count} 人`,
        en: `${pool.length} can be drawn, ${request.count} are needed`,
      },
      { at: 'payload.count' },
    );
  }
  const order = pool
    .map((id) => ({ id, ticket: sha256(`${request.seed}|${id}`) }))
    .sort((a, b) => (a.ticket < b.ticket ? -1 : a.ticket > b.ticket ? 1 : 0))
    .map(({ id }) => id);
  return ok({
    seed: request.seed,
    commitment: commitmentOf(request.seed),
    pool,
    excluded,
    chosen: order.slice(0, request.count),
    reserves: order.slice(request.count, request.count + request.reserves),
  });
}

function barOf(
  one: Drawable,
  request: DrawRequest,
): { code: 'conflict' | 'other-field' | 'excluded'; because: Text } | null {
  if (request.field !== null && one.field !== request.field) {
    return { code: 'other-field', because: { zh: '不属于该领域', en: 'of another field' } };
  }
  if (one.ties.some((tie) => request.conflicts.includes(tie))) {
    return {
      code: 'conflict',
      because: { zh: '与当事单位或人员有利害关系，应回避', en: 'tied to a party of the matter' },
    };
  }
  if (request.exclude.includes(one.id))
    return { code: 'excluded', because: { zh: '已抽取或已排除', en: 'already drawn or excluded' } };
  return null;
}
