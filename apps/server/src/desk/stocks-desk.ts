// Stock at the desk: lots in the order in which they leave, what expires soon, what is short of the reserve.
import type { StockItem, StockPage, StockStore } from '@yimai/desk/contract';
import { chinaDate } from '@yimai/kit';
import { sql } from '@yimai/postgres';
import { rotationPlan, type StockDeclaration } from '@yimai/runtime';
import type { FastifyInstance } from 'fastify';
import { ask, madeAct } from './act-forms.ts';
import { type DeskDeps, type Reader, readerOf } from './desk-deps.ts';
import { notFound } from './read-body.ts';
import { namesOf, searchPage } from './resources.ts';
import { programmeHolding } from './work-items.ts';

export function register(app: FastifyInstance, deps: DeskDeps): void {
  app.get('/desk/mechanisms/stocks/:id', async (request): Promise<StockPage> => {
    const reader = await readerOf(deps, request);
    const stock = deps.runtime.stocks.get((request.params as { id: string }).id);
    if (!stock) throw notFound();
    return pageOf(deps, reader, stock);
  });
}

export const mayReadStock = (reader: Reader, stock: StockDeclaration): boolean =>
  stock.by.includes(reader.actor.role);

async function pageOf(deps: DeskDeps, reader: Reader, stock: StockDeclaration): Promise<StockPage> {
  const mine = reader.actor.organisation;
  const stores = await storesOf(deps, reader, stock);
  const names = await namesOf(deps, reader, [mine, ...stores]);
  const shown = mayReadStock(reader, stock) ? [mine, ...stores.filter((one) => one !== mine)] : stores;
  const today = chinaDate(reader.now);
  return {
    id: stock.id,
    name: stock.title,
    programme: programmeHolding(deps, (one) => one.stocks.some((each) => each.id === stock.id)),
    asOf: reader.now.toISOString(),
    stores: await Promise.all(
      shown.map(
        async (store): Promise<StockStore> => ({
          store: { id: store.split('/')[1] ?? store, name: names.get(store) ?? store },
          mine: store === mine,
          items: await itemsOf(deps, stock, store, today),
        }),
      ),
    ),
    receive: mayReadStock(reader, stock) ? receiveAct(stock, mine) : null,
    issue: mayReadStock(reader, stock) ? issueAct(stock, mine) : null,
  };
}

/** Stores that hold such goods and whose movements the reader may see in the record. */
async function storesOf(deps: DeskDeps, reader: Reader, stock: StockDeclaration): Promise<string[]> {
  const items = stock.items.map((one) => one.item);
  const { rows } = await deps.database.run<{ store: string }>(sql`select distinct store from stock_lot
    where item = any(${items}::text[]) order by store limit 200`);
  const seen = await Promise.all(
    rows.map(async ({ store }) => {
      if (store === reader.actor.organisation) return mayReadStock(reader, stock);
      const query = `supplier=${encodeURIComponent(store)}&_count=1`;
      return (await searchPage(deps, reader.access, 'SupplyDelivery', query)).items.length > 0;
    }),
  );
  return rows.flatMap(({ store }, index) => (seen[index] ? [store] : []));
}

async function itemsOf(
  deps: DeskDeps,
  stock: StockDeclaration,
  store: string,
  today: string,
): Promise<StockItem[]> {
  const plan = await rotationPlan(deps.runtime, deps.database, stock.id, store, today);
  return stock.items.map((item) => {
    const lots = plan.filter((lot) => lot.item === item.item);
    const sum = (of: (lot: (typeof lots)[number]) => number) =>
      lots.reduce((total, lot) => total + of(lot), 0);
    return {
      item: item.item,
      name: item.title,
      good: sum((lot) => (lot.expired ? 0 : Number(lot.quantity))),
      expired: sum((lot) => (lot.expired ? Number(lot.quantity) : 0)),
      reserve: item.reserve,
      dailyUse: item.dailyUse,
      rotate: item.dailyUse > 0 ? sum((lot) => (lot.expired ? 0 : Number(lot.rotate))) : 0,
      lots: lots.map((lot) => ({
        lot: lot.lot,
        expiry: lot.expiry,
        quantity: Number(lot.quantity),
        daysLeft: lot.daysLeft,
        rotate: item.dailyUse > 0 ? Number(lot.rotate) : 0,
        expired: lot.expired,
      })),
    };
  });
}

const optionsOf = (stock: StockDeclaration) =>
  stock.items.map((one) => ({ code: one.item, text: one.title }));

const receiveAct = (stock: StockDeclaration, store: string) =>
  madeAct({
    id: 'receive',
    name: { zh: '入库', en: 'Receive' },
    type: 'stock.receive',
    payload: { stock: stock.id, store },
    items: [
      ask('item', 'choice', '物资', 'Item', { required: true, options: optionsOf(stock) }),
      ask('lot', 'text', '批号', 'Lot', { required: true }),
      ask('expiry', 'date', '有效期至', 'Expires', { required: true }),
      ask('quantity', 'whole', '数量', 'Quantity', { required: true, min: 1 }),
    ],
    tone: 'plain',
  });

const issueAct = (stock: StockDeclaration, store: string) =>
  madeAct({
    id: 'issue',
    name: { zh: '出库', en: 'Issue' },
    type: 'stock.issue',
    payload: { stock: stock.id, store },
    items: [
      ask('item', 'choice', '物资', 'Item', { required: true, options: optionsOf(stock) }),
      ask('quantity', 'whole', '数量', 'Quantity', { required: true, min: 1 }),
      ask('purpose', 'choice', '用途', 'Purpose', {
        options: [
          { code: 'daily', text: { zh: '日常使用', en: 'Daily use' } },
          {
            code: 'emergency',
            text: { zh: '应急调用（可动用储备）', en: 'Emergency (may use the reserve)' },
          },
        ],
      }),
    ],
  });
