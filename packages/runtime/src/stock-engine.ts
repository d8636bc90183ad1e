// Stock by lot and expiry: the lot that expires first goes first, the reserve stays, what nears its end is rotated.
import type { SupplyDelivery } from '@medplum/fhirtypes';
import { chinaDate, daysBetween, type LocalDate, ok, type Result, refuse, uuidv7 } from '@yimai/kit';
import { type Database, sql } from '@yimai/postgres';
import type { CommandHandler, RecordTx, Resource } from '@yimai/record';
import { mustHoldRole } from './actor.ts';
import { declared, type RuntimeContext, SYSTEMS } from './context.ts';
import { handler } from './handler.ts';
import type { StockDeclaration } from './programme.ts';
import { date, optionalText, text, whole } from './read-payload.ts';

interface LotRow {
  id: string;
  lot: string;
  expiry: string;
  quantity: number;
}

const one = (payload: Parameters<typeof whole>[0], key: string) => whole(payload, key, 1);

async function lotsOf(tx: RecordTx, store: string, item: string): Promise<LotRow[]> {
  const { rows } = await tx.run<LotRow>(sql`select id, lot, expiry::text as expiry, quantity from stock_lot
    where store = ${store} and item = ${item} order by expiry, lot for update`);
  return rows;
}

/** Issues the first-expiring good lots; an expired lot is never issued and the reserve is kept, but for an emergency. */
async function issue(
  tx: RecordTx,
  stock: StockDeclaration,
  want: {
    readonly store: string;
    readonly item: string;
    readonly quantity: number;
    readonly purpose: string | undefined;
  },
): Promise<Result<unknown>> {
  const declaredItem = stock.items.find((each) => each.item === want.item);
  if (!declaredItem)
    return refuse(
      'item-unknown',
      { zh: '没有这种物资', en: 'there is no such item' },
      { at: 'payload.item' },
    );
  const today = chinaDate(tx.recordedAt);
  const lots = (await lotsOf(tx, want.store, want.item)).filter(
    (lot) => lot.expiry >= today && lot.quantity > 0,
  );
  const good = lots.reduce((sum, lot) => sum + lot.quantity, 0);
  const keeps = want.purpose === 'emergency' ? 0 : declaredItem.reserve;
  if (good - want.quantity < 0) {
    return refuse(
      'stock-short',
      { zh: `库存 ${good}，不足 ${want.quantity}`, en: `${good} in stock, ${want.quantity} asked` },
      { at: 'payload.quantity' },
    );
  }
  if (good - want.quantity < keeps) {
    return refuse(
      'below-reserve',
      { zh: `出库后将低于储备量 ${keeps}`, en: `this would fall below the reserve of ${keeps}` },
      { at: 'payload.quantity' },
    );
  }
  const taken: { lot: string; quantity: number }[] = [];
  let left = want.quantity;
  for (const lot of lots) {
    if (left === 0) break;
    const quantity = Math.min(left, lot.quantity);
    left -= quantity;
    taken.push({ lot: lot.lot, quantity });
    await tx.run(sql`update stock_lot set quantity = quantity - ${quantity} where id = ${lot.id}`);
    await move(tx, want, lot.lot, -quantity);
  }
  return ok({ taken });
}

async function move(
  tx: RecordTx,
  what: { readonly store: string; readonly item: string },
  lot: string,
  quantity: number,
): Promise<void> {
  const delivery: SupplyDelivery = {
    resourceType: 'SupplyDelivery',
    id: uuidv7(tx.recordedAt.getTime()),
    identifier: [{ system: `${SYSTEMS.stock}-lot`, value: lot }],
    status: 'completed',
    suppliedItem: {
      quantity: { value: Math.abs(quantity) },
      itemCodeableConcept: { coding: [{ system: SYSTEMS.stock, code: what.item }] },
    },
    occurrenceDateTime: tx.recordedAt.toISOString(),
    ...(what.store.startsWith('Organization/') ? { supplier: { reference: what.store } } : {}),
  };
  await tx.create(delivery as unknown as Resource, { id: delivery.id!, engine: 'stock' });
}

export function stockCommands(context: RuntimeContext): CommandHandler<never>[] {
  const stockOf = (tx: RecordTx, id: string): Result<StockDeclaration> => {
    const found = declared(context.stocks, id, 'payload.stock');
    if (!found.ok) return found;
    const allowed = mustHoldRole(tx, found.value.by);
    return allowed.ok ? found : allowed;
  };
  return [
    handler(
      'stock.receive',
      { stock: text, store: text, item: text, lot: text, expiry: date, quantity: one },
      async (tx, payload) => {
        const found = stockOf(tx, payload.stock);
        if (!found.ok) return found;
        if (!found.value.items.some((each) => each.item === payload.item))
          return refuse(
            'item-unknown',
            { zh: '没有这种物资', en: 'there is no such item' },
            { at: 'payload.item' },
          );
        if (payload.expiry < chinaDate(tx.recordedAt))
          return refuse(
            'lot-expired',
            { zh: '该批次已过有效期', en: 'the lot has expired' },
            { at: 'payload.expiry' },
          );
        const { store, item, lot, expiry, quantity } = payload;
        const { rows } = await tx.run<{
          expiry: string;
        }>(sql`insert into stock_lot (id, store, item, lot, expiry, quantity)
        values (${`${store}|${item}|${lot}`}, ${store}, ${item}, ${lot}, ${expiry}::date, ${quantity})
        on conflict (store, item, lot) do update set quantity = stock_lot.quantity + excluded.quantity
        returning expiry::text as expiry`);
        if (rows[0]?.expiry !== expiry)
          return refuse(
            'expiry-differs',
            { zh: '同一批次的有效期不一致', en: 'the lot has another expiry' },
            { at: 'payload.expiry' },
          );
        await move(tx, payload, lot, quantity);
        return ok({ lot, quantity });
      },
    ),
    handler(
      'stock.issue',
      { stock: text, store: text, item: text, quantity: one, purpose: optionalText },
      async (tx, payload) => {
        const found = stockOf(tx, payload.stock);
        return found.ok ? issue(tx, found.value, payload) : found;
      },
    ),
  ];
}

export interface Rotation {
  readonly item: string;
  readonly lot: string;
  readonly expiry: string;
  readonly quantity: number;
  readonly daysLeft: number;
  /** What daily use will not consume before the lot expires: to be sent into use now. */
  readonly rotate: number;
  readonly expired: boolean;
}

/** Walks the lots in the order they will be used and shows what would be left when each expires. */
export async function rotationPlan(
  context: RuntimeContext,
  database: Database,
  stock: string,
  store: string,
  today: string,
): Promise<Rotation[]> {
  const plan: Rotation[] = [];
  for (const item of context.stocks.get(stock)?.items ?? []) {
    const { rows } =
      await database.run<LotRow>(sql`select id, lot, expiry::text as expiry, quantity from stock_lot
      where store = ${store} and item = ${item.item} and quantity > 0 order by expiry, lot`);
    let usedBefore = 0;
    for (const lot of rows) {
      const expired = lot.expiry < today;
      const daysLeft = daysBetween(today as LocalDate, lot.expiry as LocalDate);
      const canUse = expired ? 0 : Math.max(Math.floor(daysLeft * item.dailyUse) - usedBefore, 0);
      if (!expired) usedBefore += Math.min(canUse, lot.quantity);
      plan.push({
        item: item.item,
        lot: lot.lot,
        expiry: lot.expiry,
        quantity: lot.quantity,
        daysLeft,
        rotate: Math.max(lot.quantity - canUse, 0),
        expired,
      });
    }
  }
  return plan;
}
