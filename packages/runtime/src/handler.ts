// Makes a command handler from its keys, its reading and its act, so that each mechanism file states only those.
import type { No, Result } from '@yimai/kit';
import type { Actor } from '@yimai/loops';
import type { CommandEnvelope, CommandHandler, RecordTx } from '@yimai/record';
import { actorOf } from './actor.ts';
import { all, onlyKeys, type Payload } from './read-payload.ts';

type Parts = Readonly<Record<string, (payload: Payload, key: string) => Result<unknown>>>;
type Read<P extends Parts> = {
  readonly [K in keyof P]: ReturnType<P[K]> extends infer R
    ? R extends No
      ? never
      : R extends { value: infer V }
        ? V
        : never
    : never;
};

/** `handler('pool.release', {booking: text}, async (tx, {booking}, actor) => …)`; unknown keys are refused. */
export function handler<P extends Parts>(
  type: string,
  parts: P,
  apply: (tx: RecordTx, payload: Read<P>, actor: Actor, command: CommandEnvelope) => Promise<Result<unknown>>,
): CommandHandler<never> {
  const made: CommandHandler<Read<P>> = {
    type,
    parse(payload) {
      const shape = onlyKeys(payload, Object.keys(parts));
      if (!shape.ok) return shape;
      const read: Record<string, Result<unknown>> = {};
      for (const [key, part] of Object.entries(parts)) read[key] = part(shape.value, key);
      return all(read) as Result<Read<P>>;
    },
    async apply(tx, command, payload) {
      return apply(tx, payload, await actorOf(tx, command), command);
    },
  };
  return made as unknown as CommandHandler<never>;
}
