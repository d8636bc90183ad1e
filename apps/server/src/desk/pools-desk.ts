// Pools at the desk: units over two weeks, bookings with their holders, clashes, and orders that nothing fits.
import type { Act, PoolBooking, PoolPage, PoolUnit } from '@yimai/desk/contract';
import { addDays, chinaDate, chinaInstant, type LocalDate } from '@yimai/kit';
import { asList } from '@yimai/loops';
import { sql } from '@yimai/postgres';
import { newestLoop, type PoolDeclaration, type Programme, planMatch } from '@yimai/runtime';
import type { FastifyInstance } from 'fastify';
import { ask, madeAct } from './act-forms.ts';
import { formOfFields, wrap } from './acts.ts';
import { type DeskDeps, type Reader, readerOf } from './desk-deps.ts';
import { dateOf, notFound } from './read-body.ts';
import { byIds, namesOf } from './resources.ts';
import { itemsOfCases, programmeHolding } from './work-items.ts';

const DAYS = 14;
const BOOKINGS_MAX = 300;
/** A unit of one day carries it at the end of its name; days that are over come after those to come. */
const UNIT_DAY = '@(\\d{4}-\\d{2}-\\d{2})$';

export function register(app: FastifyInstance, deps: DeskDeps): void {
  app.get('/desk/mechanisms/pools/:id', async (request): Promise<PoolPage> => {
    const reader = await readerOf(deps, request);
    const pool = deps.runtime.pools.get((request.params as { id: string }).id);
    if (!pool) throw notFound();
    const from = dateOf(request.query as Record<string, unknown>, 'from') ?? chinaDate(reader.now);
    return pageOf(deps, reader, pool, from as LocalDate);
  });
}

interface UnitRow {
  readonly id: string;
  readonly capacity: number;
  readonly open: boolean;
  readonly title: string;
}

interface BookingRow {
  readonly id: string;
  readonly unit: string;
  readonly holder: string;
  readonly from_at: Date;
  readonly to_at: Date | null;
  readonly state: 'held' | 'confirmed';
  readonly expires_at: Date | null;
  readonly order_id: string | null;
}

async function pageOf(
  deps: DeskDeps,
  reader: Reader,
  pool: PoolDeclaration,
  from: LocalDate,
): Promise<PoolPage> {
  const programme = deps.runtime.programmes.find((one) => one.pools.some((each) => each.id === pool.id))!;
  const days = Array.from({ length: DAYS }, (_, nth) => addDays(from, nth));
  const begin = chinaInstant(from, '00:00');
  const end = chinaInstant(addDays(from, DAYS), '00:00');
  const [units, rows] = await Promise.all([
    deps.database.run<UnitRow>(sql`select id, capacity, open, title from (
        select *, substring(id from ${UNIT_DAY}::text) as day from pool_unit where pool = ${pool.id}) u
      order by day < ${chinaDate(reader.now)} nulls first, day nulls first, title, id limit ${BOOKINGS_MAX}`),
    deps.database.run<BookingRow>(sql`select id, unit, holder, from_at, to_at, state, expires_at, order_id
      from pool_booking where pool = ${pool.id} and state <> 'released' and from_at < ${end}
        and (to_at is null or to_at > ${begin})
        and (state = 'confirmed' or expires_at is null or expires_at > ${reader.now}::timestamptz)
      order by from_at, id limit ${BOOKINGS_MAX}`),
  ]);
  const readable = await byIds(
    deps,
    reader.access,
    'Basic',
    rows.rows.map((row) => row.id),
  );
  const names = await namesOf(deps, reader, [
    ...rows.rows.map((row) => row.holder),
    ...units.rows.map((unit) => unit.title),
  ]);
  const titles = new Map(units.rows.map((unit) => [unit.id, names.get(unit.title) ?? unit.title]));
  const mine = pool.by.includes(reader.actor.role);
  const { unmet, match } = await unmetOf(deps, reader, programme, pool);
  return {
    id: pool.id,
    name: pool.title,
    programme: programmeHolding(deps, (one) => one === programme),
    asOf: reader.now.toISOString(),
    onePerHolder: pool.onePerHolder,
    from,
    to: days.at(-1)!,
    days,
    units: unitsOf(units.rows, rows.rows, days, titles, reader.now),
    bookings: rows.rows
      .filter((row) => readable.has(row.id))
      .map((row) => bookingOf(row, rows.rows, { pool, mine, names, titles })),
    unmet,
    match,
    book: mine ? bookAct(pool, units.rows, titles) : null,
    addUnit: mine && pool.units === undefined ? unitAct(pool) : null,
  };
}

const coversTime = (row: BookingRow, from: number, to: number): boolean =>
  row.from_at.getTime() < to && (row.to_at === null || row.to_at.getTime() > from);

function unitsOf(
  units: readonly UnitRow[],
  rows: readonly BookingRow[],
  days: readonly LocalDate[],
  titles: ReadonlyMap<string, string>,
  now: Date,
): PoolUnit[] {
  return units.map((unit) => {
    const own = rows.filter((row) => row.unit === unit.id);
    return {
      id: unit.id,
      title: titles.get(unit.id) ?? unit.title,
      capacity: unit.capacity,
      open: unit.open,
      takenNow: own.filter((row) => coversTime(row, now.getTime(), now.getTime() + 1)).length,
      taken: days.map((day) => {
        const start = chinaInstant(day, '00:00').getTime();
        return own.filter((row) => coversTime(row, start, start + 86_400_000)).length;
      }),
    };
  });
}

interface Told {
  readonly pool: PoolDeclaration;
  readonly mine: boolean;
  readonly names: ReadonlyMap<string, string>;
  readonly titles: ReadonlyMap<string, string>;
}

function bookingOf(
  row: BookingRow,
  all: readonly BookingRow[],
  { pool, mine, names, titles }: Told,
): PoolBooking {
  const to = row.to_at?.getTime() ?? Number.POSITIVE_INFINITY;
  const clash = all.some(
    (other) =>
      other.id !== row.id && other.holder === row.holder && coversTime(other, row.from_at.getTime(), to),
  );
  return {
    id: row.id,
    unit: row.unit,
    unitTitle: titles.get(row.unit) ?? row.unit,
    holder: names.get(row.holder) ?? row.holder,
    from: row.from_at.toISOString(),
    to: row.to_at?.toISOString() ?? null,
    state: row.state,
    expires: row.expires_at?.toISOString() ?? null,
    caseId: row.order_id,
    clash,
    acts: mine ? actsOn(pool, row) : [],
  };
}

function actsOn(pool: PoolDeclaration, row: BookingRow): Act[] {
  const payload = { pool: pool.id, booking: row.id };
  const confirm = madeAct({
    id: 'confirm',
    name: { zh: '确认占用', en: 'Confirm' },
    type: 'pool.confirm',
    payload,
  });
  const release = madeAct({
    id: 'release',
    name: { zh: '释放', en: 'Release' },
    type: 'pool.release',
    payload,
    tone: 'danger',
    final: true,
  });
  return [...(row.state === 'held' ? [confirm] : []), release];
}

function bookAct(pool: PoolDeclaration, units: readonly UnitRow[], titles: ReadonlyMap<string, string>): Act {
  const fields = pool.fields ?? {};
  const declared = formOfFields('facts', Object.keys(fields), fields, []);
  const facts = wrap(declared, fields, {});
  const prefix = `${pool.id}/`;
  const known = units.map((unit) => ({
    code: unit.id.startsWith(prefix) ? unit.id.slice(prefix.length) : unit.id,
    name: titles.get(unit.id) ?? unit.title,
  }));
  const declaredUnits = (pool.units ?? [])
    .filter((unit) => !known.some((one) => one.code === unit.unit))
    .map((unit) => ({ code: unit.unit, name: unit.title.zh }));
  const all = [...known, ...declaredUnits];
  const unit =
    all.length > 0
      ? ask('unit', 'choice', '资源', 'Unit', {
          required: true,
          options: all.map((one) => ({ code: one.code, text: { zh: one.name, en: one.name } })),
        })
      : ask('unit', 'reference', '人员', 'Person', { required: true });
  const made = madeAct({
    id: 'book',
    name: { zh: '占用', en: 'Book' },
    type: 'pool.book',
    payload: { pool: pool.id, facts: {} },
    items: [
      unit,
      ask('holder', 'reference', '使用人', 'Holder', { required: true }),
      ask('from', 'date', '起', 'From', { required: true }),
      ask('to', 'date', '止', 'To'),
      ...declared.items,
    ],
    pickers: { unit: 'person', holder: 'person' },
    prefill: all.length === 1 ? { unit: all[0]!.code } : {},
    nest: Object.fromEntries(declared.items.map((item) => [item.id, 'facts'])),
  });
  return { ...made, form: { ...made.form!, pickers: { ...made.form!.pickers, ...facts.pickers } } };
}

const unitAct = (pool: PoolDeclaration): Act =>
  madeAct({
    id: 'unit',
    name: { zh: '登记资源', en: 'Add a unit' },
    type: 'pool.unit',
    payload: { pool: pool.id, tags: [] },
    items: [
      ask('unit', 'text', '编号', 'Code', { required: true }),
      ask('title', 'text', '名称', 'Name', { required: true }),
      ask('capacity', 'whole', '容量', 'Capacity', { required: true, min: 1 }),
    ],
    prefill: { capacity: 1 },
    tone: 'plain',
  });

/** Orders of the programme's matching that stay unmet, for who decides on the plan. */
async function unmetOf(
  deps: DeskDeps,
  reader: Reader,
  programme: Programme,
  pool: PoolDeclaration,
): Promise<Pick<PoolPage, 'unmet' | 'match'>> {
  const match = deps.runtime.programmes
    .flatMap((one) => one.matches)
    .find((one) => programme.loops.some((loop) => loop.declaration.id === one.orders.loop));
  const loop = match ? newestLoop(deps.runtime, match.orders.loop) : null;
  if (!match || !loop?.ok || !pool.by.includes(reader.actor.role)) return { unmet: [], match: null };
  const deciding = (loop.value.states.get(match.orders.state)?.events ?? new Map()).values();
  const roles = [...deciding].flatMap((choices) =>
    choices.flatMap((one: { by: readonly string[] }) =>
      one.by.flatMap((party) => asList(loop.value.declaration.parties[party]?.role)),
    ),
  );
  if (!roles.includes(reader.actor.role)) return { unmet: [], match: null };
  const plan = await planMatch(deps.runtime, deps, match.id);
  if (!plan.ok) return { unmet: [], match: match.id };
  const items = await itemsOfCases(
    deps,
    reader,
    plan.value.unmet.map((one) => ({
      case_id: one.order,
      loop: '',
      branch: null,
      since_at: null,
      due_at: null,
    })),
  );
  const seen = new Map(items.map((item) => [item.id, item]));
  return {
    match: match.id,
    unmet: plan.value.unmet.flatMap((one) => {
      const item = seen.get(one.order);
      return item ? [{ item, missing: one.missing, because: one.because }] : [];
    }),
  };
}
