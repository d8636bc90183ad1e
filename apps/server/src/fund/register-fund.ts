// Mounts the routes of the fund.
import fastifyMultipart from '@fastify/multipart';
import type { FastifyInstance } from 'fastify';
import * as board from './board.ts';
import * as cases from './cases.ts';
import * as clearing from './clearing.ts';
import type { FundDeps } from './fund-deps.ts';
import * as ledger from './ledger-desk.ts';
import * as lists from './lists.ts';
import * as notices from './notices.ts';
import * as operatingBudget from './operating-budget.ts';
import * as operations from './operations.ts';
import * as ownStays from './own-stays.ts';
import * as pay from './pay.ts';
import * as prepayment from './prepayment.ts';
import * as prices from './prices.ts';
import * as results from './results.ts';
import * as reviews from './reviews.ts';
import * as rules from './rules-desk.ts';
import * as statements from './statements.ts';
import * as warnings from './warnings.ts';

export async function registerFund(app: FastifyInstance, deps: FundDeps): Promise<void> {
  await app.register(async (desk) => {
    await desk.register(fastifyMultipart);
    for (const route of [
      board,
      cases,
      statements,
      clearing,
      ledger,
      rules,
      lists,
      reviews,
      notices,
      results,
      pay,
      warnings,
      ownStays,
      prepayment,
      prices,
      operations,
      operatingBudget,
    ])
      route.register(desk, deps);
  });
}
