// Pools: units with capacity, bookings that never collide; the unit's row is locked while a booking is judged.
import type { Basic } from '@medplum/fhirtypes';
import { chinaDate, ok, type Result, refuse, uuidv7 } from '@yimai/kit';
import { type Actor, after, type CaseData, dayOfDate, parseSpan, startOfDay } from '@yimai/loops';
import { type Booking, checkBooking } from '@yimai/matching';
import { and, type Database, sql } from '@yimai/postgres';
import type { CommandHandler, RecordTx, Resource } from '@yimai/record';
import { mustHoldRole } from './actor.ts';
import { declared, type RuntimeContext, SYSTEMS } from './context.ts';
import { handler } from './handler.ts';
import type { PoolDeclaration } from './programme.ts';
import { data, optionalText, text, texts, whole } from './read-payload.ts';
import { checkRules, fieldExtensions } from './register-engine.ts';

export interface BookRequest {
  readonly pool: string;
  readonly unit: string | undefined;
  readonly holder: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly facts: CaseData;
  readonly hold: boolean;
  readonly actor: Actor;
  readonly order: string | undefined;
}

interface UnitRow {
  id: string;
  capacity: number;
  tags: string[];
  open: boolean;
}

interface BookingRow {
  id: string;
  unit: string;
  holder: string;
  from_at: Date;
  to_at: Date | null;
  state: Booking['state'];
  expires_at: Date | null;
}

/** Dates are whole days in China, the last one included; instants are taken as they are. */
export async function book(
  context: RuntimeContext,
  tx: RecordTx,
  request: BookRequest,
): Promise<Result<{ booking: string; unit: string }>> {
  const found = declared(context.pools, request.pool, 'payload.pool');
  if (!found.ok) return found;
  const pool = found.value;
  const allowed = checkRules(
    pool.rules,
    { data: request.facts, today: chinaDate(tx.recordedAt) },
    'payload.facts',
  );
  if (!allowed.ok) return allowed;
  const unit = await lockUnit(tx, pool, request.unit);
  if (!unit.ok) return unit;
  const now = tx.recordedAt.getTime();
  const from = request.from === undefined ? now : startOf(request.from);
  const to = request.to === undefined ? null : endOf(request.to);
  const bookings = await bookingsOf(tx, pool.id, unit.value.id, request.holder);
  const wanted = {
    unit: unit.value.id,
    holder: request.holder,
    from,
    to,
    tags: [],
    onePerHolder: pool.onePerHolder,
  };
  const checked = checkBooking(unit.value, bookings, wanted, now);
  if (!checked.ok) return checked;
  const id = uuidv7(now);
  const expires = request.hold ? holdEnd(context, pool, now) : null;
  await tx.create(toBasic(pool, id, request, unit.value.id) as unknown as Resource, { id, engine: 'pool' });
  await tx.run(sql`insert into pool_booking (id, pool, unit, holder, from_at, to_at, state, expires_at, asked_at, order_id)
    values (${id}, ${pool.id}, ${unit.value.id}, ${request.holder}, ${new Date(from)}, ${to === null ? null : new Date(to)},
      ${request.hold ? 'held' : 'confirmed'}, ${expires}, ${tx.recordedAt}, ${request.order ?? null})`);
  return ok({ booking: id, unit: unit.value.id });
}

const isDate = (value: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(value);
const startOf = (value: string): number =>
  isDate(value) ? startOfDay(dayOfDate(value as never)) : Date.parse(value);
const endOf = (value: string): number =>
  isDate(value) ? startOfDay(dayOfDate(value as never) + 1) : Date.parse(value);

function holdEnd(context: RuntimeContext, pool: PoolDeclaration, now: number): Date | null {
  const span = parseSpan(pool.holdFor);
  const end = span && after(now, span, context.calendar);
  return end?.ok ? new Date(end.value) : null;
}

/** Locks the unit asked for, or the pool's only unit; a unit that is only declared comes to be with its first booking. */
async function lockUnit(
  tx: RecordTx,
  pool: PoolDeclaration,
  wanted: string | undefined,
): Promise<Result<UnitRow>> {
  const named = wanted ?? (pool.units?.length === 1 ? pool.units[0]?.unit : undefined);
  if (named === undefined)
    return refuse('field-missing', { zh: '须指明资源', en: 'say which unit' }, { at: 'payload.unit' });
  const id = `${pool.id}/${named}`;
  const made = pool.units?.find((one) => one.unit === named);
  if (made) {
    await tx.run(sql`insert into pool_unit (id, pool, capacity, tags, title)
      values (${id}, ${pool.id}, ${made.capacity}, ${[...(made.tags ?? [])]}, ${made.title.zh}) on conflict (id) do nothing`);
  } else if (pool.units === undefined) {
    // A pool of people: each is a unit of one, known by reference.
    await tx.run(sql`insert into pool_unit (id, pool, capacity, title) values (${id}, ${pool.id}, 1, ${named})
      on conflict (id) do nothing`);
  }
  const { rows } = await tx.run<UnitRow>(
    sql`select id, capacity, tags, open from pool_unit where id = ${id} for update`,
  );
  return rows[0]
    ? ok(rows[0])
    : refuse('unit-unknown', { zh: '没有该资源', en: 'there is no such unit' }, { at: 'payload.unit' });
}

async function bookingsOf(tx: RecordTx, pool: string, unit: string, holder: string): Promise<Booking[]> {
  const { rows } =
    await tx.run<BookingRow>(sql`select id, unit, holder, from_at, to_at, state, expires_at from pool_booking
    where state <> 'released' and (unit = ${unit} or (pool = ${pool} and holder = ${holder}))`);
  return rows.map((row) => ({
    id: row.id,
    unit: row.unit,
    holder: row.holder,
    from: row.from_at.getTime(),
    to: row.to_at?.getTime() ?? null,
    state: row.state,
    expires: row.expires_at?.getTime() ?? null,
  }));
}

export interface ReleaseRequest {
  readonly pool: string;
  readonly booking?: string | undefined;
  readonly holder?: string | undefined;
  readonly unit?: string | undefined;
  /** Only what this case has booked. */
  readonly order?: string | undefined;
}

/** Releases what all the given words fit; the place is free at once. */
export async function release(tx: RecordTx, what: ReleaseRequest): Promise<Result<{ released: number }>> {
  const now = tx.recordedAt;
  const fits = [sql`pool = ${what.pool}`, sql`state <> 'released'`];
  if (what.booking !== undefined) fits.push(sql`id = ${what.booking}`);
  if (what.holder !== undefined) fits.push(sql`holder = ${what.holder}`);
  if (what.unit !== undefined) fits.push(sql`unit = ${`${what.pool}/${what.unit}`}`);
  if (what.order !== undefined) fits.push(sql`order_id = ${what.order}`);
  if (fits.length === 2)
    return refuse(
      'field-missing',
      { zh: '须指明释放哪一项', en: 'say what to release' },
      { at: 'payload.booking' },
    );
  const { rows } = await tx.run<{ id: string }>(sql`update pool_booking set state = 'released',
      to_at = case when to_at is null or to_at > ${now}::timestamptz then greatest(from_at, ${now}::timestamptz) else to_at end
    where ${and(fits)} returning id`);
  if (rows.length === 0)
    return refuse(
      'booking-unknown',
      { zh: '没有可释放的占用', en: 'there is no booking to release' },
      { at: 'payload.booking' },
    );
  for (const { id } of rows) await mark(tx, id, 'released');
  return ok({ released: rows.length });
}

async function mark(tx: RecordTx, id: string, state: string): Promise<void> {
  const found = await tx.readAsSystem('Basic', id, { forUpdate: true });
  if (!found) return;
  const basic = found.resource as unknown as Basic;
  const extension = [
    ...(basic.extension ?? []).filter((one) => !one.url.endsWith('/pool-state')),
    stateExtension(state),
  ];
  await tx.update({ ...basic, extension } as unknown as Resource, { engine: 'pool' });
}

const stateExtension = (state: string) => ({ url: `${SYSTEMS.extension}pool-state`, valueCode: state });

function toBasic(pool: PoolDeclaration, id: string, request: BookRequest, unit: string): Basic {
  return {
    resourceType: 'Basic',
    id,
    code: { coding: [{ system: SYSTEMS.pool, code: pool.id, display: pool.title.zh }], text: pool.title.zh },
    extension: [
      stateExtension(request.hold ? 'held' : 'confirmed'),
      ...fieldExtensions('unit', unit),
      ...fieldExtensions('holder', request.holder),
      ...fieldExtensions('from', request.from ?? null),
      ...fieldExtensions('to', request.to ?? null),
      ...Object.entries(request.facts).flatMap(([name, value]) => fieldExtensions(name, value)),
    ],
  };
}

export function poolCommands(context: RuntimeContext): CommandHandler<never>[] {
  const roleOf = (tx: RecordTx, pool: string) => {
    const found = declared(context.pools, pool, 'payload.pool');
    return found.ok ? mustHoldRole(tx, found.value.by) : found;
  };
  const request = {
    pool: text,
    unit: optionalText,
    holder: text,
    from: optionalText,
    to: optionalText,
    facts: data,
  };
  return [
    handler(
      'pool.unit',
      {
        pool: text,
        unit: text,
        title: text,
        capacity: (payload, key) => whole(payload, key, 1),
        tags: texts,
      },
      async (tx, unit) => {
        const allowed = roleOf(tx, unit.pool);
        if (!allowed.ok) return allowed;
        await tx.run(sql`insert into pool_unit (id, pool, capacity, tags, title)
        values (${`${unit.pool}/${unit.unit}`}, ${unit.pool}, ${unit.capacity}, ${[...unit.tags]}, ${unit.title})
        on conflict (id) do update set capacity = excluded.capacity, tags = excluded.tags, title = excluded.title`);
        return ok({ unit: unit.unit });
      },
    ),
    handler('pool.hold', request, async (tx, payload, actor) => {
      const allowed = roleOf(tx, payload.pool);
      return allowed.ok ? book(context, tx, { ...payload, hold: true, actor, order: undefined }) : allowed;
    }),
    handler('pool.book', request, async (tx, payload, actor) => {
      const allowed = roleOf(tx, payload.pool);
      return allowed.ok ? book(context, tx, { ...payload, hold: false, actor, order: undefined }) : allowed;
    }),
    handler('pool.confirm', { pool: text, booking: text }, async (tx, { pool, booking }) => {
      const allowed = roleOf(tx, pool);
      if (!allowed.ok) return allowed;
      const { rowCount } = await tx.run(sql`update pool_booking set state = 'confirmed', expires_at = null
        where id = ${booking} and pool = ${pool} and state = 'held' and (expires_at is null or expires_at > ${tx.recordedAt})`);
      if (rowCount === 0)
        return refuse(
          'hold-lapsed',
          { zh: '占用已失效', en: 'the hold has lapsed' },
          { at: 'payload.booking' },
        );
      await mark(tx, booking, 'confirmed');
      return ok({ booking });
    }),
    handler(
      'pool.release',
      { pool: text, booking: optionalText, holder: optionalText },
      async (tx, { pool, booking, holder }) => {
        const allowed = roleOf(tx, pool);
        return allowed.ok ? release(tx, { booking, pool, holder }) : allowed;
      },
    ),
  ];
}

export interface PoolView {
  readonly unit: string;
  readonly capacity: number;
  readonly taken: number;
}

/** Units of a pool with what is taken at a moment. */
export async function poolOn(database: Database, pool: string, at: Date): Promise<PoolView[]> {
  const { rows } =
    await database.run<PoolView>(sql`select u.id as unit, u.capacity, (select count(*)::int from pool_booking b
      where b.unit = u.id and b.from_at <= ${at} and (b.to_at is null or b.to_at > ${at})
        and (b.state = 'confirmed' or (b.state = 'held' and (b.expires_at is null or b.expires_at > ${at})))) as taken
    from pool_unit u where u.pool = ${pool} order by u.id`);
  return rows;
}
