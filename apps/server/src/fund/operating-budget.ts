// The houses' own yearly budgets (全面预算) on the desk: lines, what is spent and left on any day, and the consortium without transfers.
import type {
  OperatingBudgetBoard,
  OperatingBudgetDepartment,
  OperatingBudgetSum,
} from '@yimai/desk/contract';
import { rowKey } from '@yimai/fhir';
import { type BudgetLine, consortiumBudget } from '@yimai/fund';
import { chinaDate, type Fen, type LocalDate } from '@yimai/kit';
import {
  linesAt,
  OPERATING_APPROVERS,
  OPERATING_KEEPERS,
  type OperatingBudget,
  operatingBudgets,
} from '@yimai/ledger';
import type { Fragment } from '@yimai/postgres';
import type { FastifyInstance } from 'fastify';
import { type Reader, readerOf } from '../desk/desk-deps.ts';
import { bodyOf, dateOf, notPermitted, textOf } from '../desk/read-body.ts';
import { type FundDeps, houseRef, percentOf, sumOf, yuan } from './fund-deps.ts';

const SUPERVISORS = ['bureau-director', 'script', ...OPERATING_APPROVERS];

export function register(app: FastifyInstance, deps: FundDeps): void {
  app.post('/desk/fund/operating-budget', async (request): Promise<OperatingBudgetBoard> => {
    const reader = await readerOf(deps, request);
    const { role } = reader.actor;
    if (!SUPERVISORS.includes(role) && !OPERATING_KEEPERS.includes(role)) throw notPermitted();
    const body = bodyOf(request.body);
    const today = chinaDate(reader.now);
    const on = dateOf(body, 'on') ?? today;
    return boardOf(deps, reader, textOf(body, 'year', 4) ?? on.slice(0, 4), on as LocalDate);
  });
}

const isScript = ({ actor }: Reader): boolean => actor.role === 'script';
const supervises = ({ actor }: Reader): boolean => SUPERVISORS.includes(actor.role);
const approves = ({ actor }: Reader): boolean => ['script', ...OPERATING_APPROVERS].includes(actor.role);
const keeps = (reader: Reader, house: string): boolean =>
  isScript(reader) ||
  (OPERATING_KEEPERS.includes(reader.actor.role) &&
    reader.access.actor.orgs.includes(rowKey('Organization', house)));

async function boardOf(
  deps: FundDeps,
  reader: Reader,
  year: string,
  on: LocalDate,
): Promise<OperatingBudgetBoard> {
  const { database, shelf } = deps.fund;
  const settings = shelf.asSystem().settings;
  const houses = await shelf.houses();
  const all = await operatingBudgets(
    <T>(fragment: Fragment) => database.read(settings, fragment) as Promise<{ rows: T[] }>,
    year,
  );
  const seen = all.filter(({ house }) => supervises(reader) || keeps(reader, house));
  const read = await Promise.all(
    seen.map(async (budget) => ({ budget, lines: await linesAt(database, budget, on) })),
  );
  const internal = new Map(
    seen.map((budget) => [
      `${budget.house}/${budget.department}`,
      new Set(budget.lines.filter(({ isInternal }) => isInternal).map(({ id }) => id)),
    ]),
  );
  const lines = read.flatMap((one) => one.lines);
  const isInternal = ({ member, department, id }: BudgetLine): boolean =>
    internal.get(`${member}/${department}`)?.has(id) ?? false;
  return {
    year,
    on,
    departments: read.map(({ budget, lines: own }) => ({
      ...sums(own),
      ...departmentOf(budget, own, reader),
      house: houseRef(houses, budget.house),
    })),
    consortium: supervises(reader) ? consortiumOf(lines, isInternal) : null,
    houses: [...houses]
      .filter(([id, { isOutside }]) => !isOutside && keeps(reader, id))
      .map(([id]) => houseRef(houses, id)),
  };
}

const budgeted = ({ plannedFen, adjustedFen }: BudgetLine): Fen => plannedFen + adjustedFen;

function sums(lines: readonly BudgetLine[]): OperatingBudgetSum {
  const budget = sumOf(lines, budgeted);
  return sumOfMoney(
    budget,
    sumOf(lines, ({ spentFen }) => spentFen),
  );
}

const sumOfMoney = (budget: Fen, spent: Fen): OperatingBudgetSum => ({
  budget: yuan(budget),
  spent: yuan(spent),
  left: yuan(budget - spent),
  rate: percentOf(spent, budget),
});

/** What members only pass to each other is nobody's income and nobody's cost in the consortium. */
function consortiumOf(lines: readonly BudgetLine[], isInternal: (line: BudgetLine) => boolean) {
  const passed = lines.filter(isInternal);
  const internal = sumOf(passed, budgeted);
  const spent = sumOf(lines, ({ spentFen }) => spentFen) - sumOf(passed, ({ spentFen }) => spentFen);
  const members = sumOf(lines, budgeted);
  return {
    ...sumOfMoney(consortiumBudget(lines, internal), spent),
    members: yuan(members),
    internal: yuan(internal),
  };
}

function departmentOf(
  { house, department, title, state, lines, adjustments, acts, submittedBy }: OperatingBudget,
  now: readonly BudgetLine[],
  reader: Reader,
): Omit<OperatingBudgetDepartment, 'house' | keyof OperatingBudgetSum> {
  const own = keeps(reader, house);
  const other = approves(reader) && submittedBy !== reader.access.actor.user;
  const isApproved = state === 'approved';
  const isOpen = state === 'draft' || state === 'returned';
  return {
    department,
    title,
    state,
    lines: lines.map((line) => {
      const found = now.find(({ id }) => id === line.id);
      // Before the approval nothing is allotted: the draft shows what it asks for.
      const planned = isApproved ? (found?.plannedFen ?? 0n) : line.plannedFen;
      const adjusted = found?.adjustedFen ?? 0n;
      const spent = found?.spentFen ?? 0n;
      return {
        id: line.id,
        title: line.title,
        internal: line.isInternal,
        planned: yuan(planned),
        adjusted: yuan(adjusted),
        spent: yuan(spent),
        left: yuan(isApproved ? planned + adjusted - spent : 0n),
        rate: percentOf(spent, planned + adjusted),
      };
    }),
    adjustments: adjustments.map(({ number, state: decided, reason, answer, at, changes, by }) => ({
      number,
      state: decided,
      reason,
      answer,
      at,
      changes: changes.map(({ line, amountFen }) => ({ line, amount: yuan(amountFen) })),
      own: by === reader.access.actor.user,
    })),
    acts: acts.map(({ act, at, note }) => ({ act, at, note })),
    may: {
      draft: own && isOpen,
      submit: own && isOpen,
      approve: other && state === 'submitted',
      spend: own && isApproved,
      adjust: own && isApproved,
      decide:
        approves(reader) &&
        adjustments.some((one) => one.state === 'proposed' && one.by !== reader.access.actor.user),
    },
  };
}
