// The smaller mechanisms that programmes declare: one list of all of them with how each stands and what waits there.
import type { MechanismSummary } from '@yimai/desk/contract';
import { chinaDate, type Text } from '@yimai/kit';
import { sql } from '@yimai/postgres';
import { type Programme, poolOn, surveyRate } from '@yimai/runtime';
import type { FastifyInstance } from 'fastify';
import { agreementRows } from './agreements-desk.ts';
import { type DeskDeps, type Reader, readerOf } from './desk-deps.ts';
import { librariesOf } from './libraries-desk.ts';
import { mayReadStock } from './stocks-desk.ts';

const YEAR_MS = 365 * 86_400_000;
const SOON_DAYS = 90;

export function register(app: FastifyInstance, deps: DeskDeps): void {
  app.get('/desk/mechanisms', async (request): Promise<readonly MechanismSummary[]> => {
    const reader = await readerOf(deps, request);
    const { programme, waiting } = request.query as { programme?: string; waiting?: string };
    const programmes = deps.runtime.programmes.filter(
      (one) => programme === undefined || `${one.domain}/${one.id}` === programme,
    );
    const found = await summaries(deps, reader, programmes);
    return waiting === undefined ? found : found.filter((one) => one.waiting > 0);
  });
}

type Figures = MechanismSummary['figures'];
const figure = (zh: string, en: string, value: number | string, tone: 'late' | 'soon' | null = null) => ({
  name: { zh, en } satisfies Text,
  value: String(value),
  tone: value === 0 ? null : tone,
});

async function summaries(
  deps: DeskDeps,
  reader: Reader,
  programmes: readonly Programme[],
): Promise<MechanismSummary[]> {
  const counts = await countsOf(deps, chinaDate(reader.now), reader.now);
  const parts = programmes.map(async (programme) => {
    const place = { id: `${programme.domain}/${programme.id}`, name: programme.title };
    const line = (
      kind: MechanismSummary['kind'],
      one: { readonly id: string; readonly title: Text },
      figures: Figures,
      waiting: number,
    ): MechanismSummary => ({ kind, id: one.id, name: one.title, programme: place, figures, waiting });
    const role = reader.actor.role;
    return [
      ...programme.recurring.map((plan) => {
        const of = counts.recurring.get(plan.id);
        const figures = [
          figure('本期应做', 'Due now', of?.due ?? 0),
          figure('已做', 'Done', of?.done ?? 0),
          figure('逾期', 'Late', of?.overdue ?? 0, 'late'),
        ];
        return line('recurring', plan, figures, plan.by.includes(role) ? (of?.overdue ?? 0) : 0);
      }),
      ...(await Promise.all(
        programme.agreements.map(async (kind) => {
          const rows = await agreementRows(deps, reader, kind);
          const toSign = rows.filter((row) => row.mineToSign).length;
          const toRenew = rows.filter((row) => row.state === 'renewal-due').length;
          const figures = [
            figure('生效', 'In force', rows.filter((row) => /in-force|renewal/.test(row.state)).length),
            figure('待本单位签署', 'For us to sign', toSign, 'soon'),
            figure('应续签', 'To renew', toRenew, 'soon'),
          ];
          return line('agreements', kind, figures, toSign + (kind.by.includes(role) ? toRenew : 0));
        }),
      )),
      ...programme.stocks.map((stock) => {
        const items = stock.items.map((one) => one.item);
        const mine = counts.lots.filter(
          (lot) => items.includes(lot.item) && lot.store === reader.actor.organisation,
        );
        const expired = mine.filter((lot) => lot.expired).length;
        const soon = mine.filter((lot) => lot.soon).length;
        const figures = mayReadStock(reader, stock)
          ? [
              figure('本单位批次', 'Own lots', mine.length),
              figure('将到期', 'Expiring', soon, 'soon'),
              figure('已过期', 'Expired', expired, 'late'),
            ]
          : [];
        return line('stocks', stock, figures, stock.by.includes(role) ? expired + soon : 0);
      }),
      ...programme.alerts.map((alert) => {
        const standing = counts.alerts.get(alert.id) ?? 0;
        const silent = counts.alerts.get(`${alert.id}-silent`) ?? 0;
        const figures = [
          figure('越限未消', 'Standing', standing, 'late'),
          figure('中断', 'Silent', silent, 'soon'),
        ];
        return line('alerts', alert, figures, 0);
      }),
      ...programme.draws.map((one) => line('draws', one, [], 0)),
      ...programme.lists.map((one) =>
        line('lists', one, [figure('条目', 'Rows', new Set(one.rows.map((row) => row.key)).size)], 0),
      ),
      ...(await Promise.all(
        programme.surveys.map(async (survey) => {
          const from = new Date(reader.now.getTime() - YEAR_MS);
          const rate = await surveyRate(deps.runtime, deps.database, survey.id, from, reader.now);
          const figures = [
            figure('有效答卷', 'Valid answers', rate.valid),
            figure('满意率', 'Satisfied', rate.publishable && rate.rate !== null ? `${rate.rate}%` : '–'),
            figure('低分回访', 'Follow-ups', rate.followUps),
          ];
          return line('surveys', survey, figures, 0);
        }),
      )),
      ...(await Promise.all(
        programme.pools.map(async (pool) => {
          const units = await poolOn(deps.database, pool.id, reader.now);
          const sum = (key: 'capacity' | 'taken') => units.reduce((total, unit) => total + unit[key], 0);
          const figures = [
            figure('资源', 'Units', units.length),
            figure('容量', 'Capacity', sum('capacity')),
            figure('已占用', 'Taken', sum('taken')),
          ];
          return line('pools', pool, figures, 0);
        }),
      )),
      ...programme.reports.map((report) => line('reports', report, [], 0)),
      ...librariesOf(programme).map((library) => line('libraries', library.register, [], 0)),
    ];
  });
  return (await Promise.all(parts)).flat();
}

interface Counts {
  readonly recurring: ReadonlyMap<string, { due: number; done: number; overdue: number }>;
  readonly alerts: ReadonlyMap<string, number>;
  readonly lots: readonly { store: string; item: string; expired: boolean; soon: boolean }[];
}

async function countsOf(deps: DeskDeps, today: string, now: Date): Promise<Counts> {
  const [recurring, alerts, lots] = await Promise.all([
    deps.database.run<{ plan: string; due: number; done: number; overdue: number }>(sql`select plan,
        (count(*) filter (where due_date >= ${today}::date))::int as due,
        (count(*) filter (where due_date >= ${today}::date and done_at is not null))::int as done,
        (count(*) filter (where due_date < ${today}::date and done_at is null))::int as overdue
      from recurring_due where due_date >= ${new Date(now.getTime() - YEAR_MS)}::date group by plan`),
    deps.database.run<{ rule: string; standing: number }>(
      sql`select rule, count(*)::int as standing from alert_open group by rule`,
    ),
    deps.database.run<{
      store: string;
      item: string;
      expired: boolean;
      soon: boolean;
    }>(sql`select store, item,
        expiry < ${today}::date as expired,
        expiry >= ${today}::date and expiry < ${today}::date + ${SOON_DAYS}::int as soon
      from stock_lot where quantity > 0`),
  ]);
  return {
    recurring: new Map(recurring.rows.map((row) => [row.plan, row])),
    alerts: new Map(alerts.rows.map((row) => [row.rule, row.standing])),
    lots: lots.rows,
  };
}
