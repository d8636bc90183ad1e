// The commands of the fund that need the engines beside the ledger: an application for review, a public notice.
import { operatingCommands, payCommands, settlementCommands } from '@yimai/ledger';
import type { CommandHandler } from '@yimai/record';
import type { RuntimeContext } from '@yimai/runtime';
import { adoptionCommands } from './adoption.ts';
import type { FundHouseDoor } from './fund-house.ts';
import { publishCommand } from './notices.ts';
import { payDeps } from './pay-plans.ts';
import { releaseCommand } from './prices.ts';
import { applyCommand } from './reviews.ts';
import { acknowledgeCommand } from './warnings.ts';

export function fundCommands(fund: FundHouseDoor, context: RuntimeContext): readonly CommandHandler[] {
  const own: readonly unknown[] = [
    ...adoptionCommands(fund.adopted),
    applyCommand(fund, context),
    publishCommand(fund, context),
    acknowledgeCommand(),
    releaseCommand(),
  ];
  return [
    ...settlementCommands(fund),
    ...operatingCommands(),
    ...payCommands(payDeps(fund, context.calendar)),
    ...(own as readonly CommandHandler[]),
  ];
}
