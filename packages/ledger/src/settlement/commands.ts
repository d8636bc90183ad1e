// All commands of settlement, to be handed to the record when it opens.
import type { CommandHandler } from '@yimai/record';
import { adjustCommand } from './adjust-command.ts';
import type { SettlementDeps } from './deps.ts';
import { importCommand } from './import-command.ts';
import { batchCommands } from './list-batch.ts';
import { monthCommand } from './month-command.ts';
import { dualCommand, packageCommand } from './package-commands.ts';
import { payCommand } from './pay-command.ts';
import { closeFundCommand, refundCommand } from './prepaid-closing.ts';
import { prepaymentCommand } from './prepayment-command.ts';
import { openFundCommand, payResultCommand } from './result-commands.ts';
import { budgetCommand, lockCommand } from './settle-commands.ts';
import { clearingCommand, distributionCommand } from './year-commands.ts';

export function settlementCommands(deps: SettlementDeps): readonly CommandHandler[] {
  const handlers: readonly unknown[] = [
    importCommand(deps),
    ...batchCommands(),
    budgetCommand(deps),
    prepaymentCommand(deps),
    monthCommand(deps),
    adjustCommand(deps),
    clearingCommand(deps),
    lockCommand(),
    distributionCommand(deps),
    payCommand(deps),
    openFundCommand(deps),
    payResultCommand(deps),
    refundCommand(),
    closeFundCommand(),
    packageCommand(deps),
    dualCommand(deps),
  ];
  return handlers as readonly CommandHandler[];
}
