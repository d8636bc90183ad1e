// The two commands of loops: open a case, act on a case. Claim, release and hand-over are acts too.
import type { CommandHandler } from '@yimai/record';
import type { RuntimeContext } from './context.ts';
import { handler } from './handler.ts';
import { actOnCase, openCase } from './loop-engine.ts';
import { data, optionalText, text } from './read-payload.ts';

export function loopCommands(context: RuntimeContext): CommandHandler<never>[] {
  return [
    handler(
      'loop.open',
      { loop: text, subject: optionalText, answers: data, formVersion: optionalText },
      (tx, payload, actor) => openCase(context, tx, { ...payload, actor }),
    ),
    handler(
      'loop.act',
      {
        case: text,
        event: text,
        branch: optionalText,
        answers: data,
        reason: optionalText,
        formVersion: optionalText,
      },
      (tx, payload, actor, command) =>
        actOnCase(context, tx, { ...payload, actor, ifVersion: command.ifVersion }),
    ),
  ];
}
