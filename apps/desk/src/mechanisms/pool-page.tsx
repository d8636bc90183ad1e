// A pool: two weeks of what is taken, bookings with clashes, and what could not be met with the reason.
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useSay } from '../app/preferences.tsx';
import type { PoolPage as Answer, PoolBooking, PoolUnit } from '../contract.ts';
import { Icon } from '../design/icon.tsx';
import { Blank, Loaded } from '../design/loaded.tsx';
import { ScrollBox } from '../design/scroll-box.tsx';
import { State } from '../design/state.tsx';
import { dateTime } from '../design/time.ts';
import { Acts, AsOf, MechanismHead, Panel, pathOf, useMechanism } from './frame.tsx';
import { useMechanismWords } from './words.ts';

const STEP = 14;

export function PoolPage({ id }: { readonly id: string }) {
  const [from, setFrom] = useState<string | null>(null);
  const query = useMechanism<Answer>(pathOf('pools', id, from === null ? '' : `?from=${from}`));
  return (
    <div className="page">
      <Loaded query={query}>{(page) => <View page={page} setFrom={setFrom} />}</Loaded>
    </div>
  );
}

const shifted = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

function View({ page, setFrom }: { readonly page: Answer; readonly setFrom: (from: string | null) => void }) {
  const words = useMechanismWords();
  return (
    <>
      <MechanismHead
        kind="pools"
        page={page}
        note={page.onePerHolder ? <span>{words.pools.onePerHolder}</span> : undefined}
        acts={[page.book, page.addUnit]}
      />
      <div className="row wrap no-print">
        <button type="button" className="button" onClick={() => setFrom(shifted(page.from, -STEP))}>
          <Icon name="left" size={16} />
          {words.pools.earlier}
        </button>
        <strong>{words.pools.window(page.from, page.to)}</strong>
        <button type="button" className="button" onClick={() => setFrom(shifted(page.from, STEP))}>
          {words.pools.later}
          <Icon name="right" size={16} />
        </button>
        <button type="button" className="button quiet" onClick={() => setFrom(null)}>
          {words.pools.today}
        </button>
      </div>
      <Panel id="pool-units" title={words.pools.units}>
        {page.units.length === 0 ? (
          <Blank title={words.pools.emptyTitle}>
            <p>{words.pools.emptyText}</p>
          </Blank>
        ) : (
          <Units page={page} />
        )}
      </Panel>
      {page.unmet.length > 0 && <Unmet page={page} />}
      <Panel id="pool-bookings" title={words.pools.bookings}>
        {page.bookings.length === 0 ? (
          <p className="body muted">{words.pools.noBookings}</p>
        ) : (
          <ul className="mechanism-rows">
            {page.bookings.map((booking) => (
              <li key={booking.id}>
                <Booking booking={booking} />
              </li>
            ))}
          </ul>
        )}
      </Panel>
      <AsOf at={page.asOf} />
    </>
  );
}

function Units({ page }: { readonly page: Answer }) {
  const words = useMechanismWords();
  return (
    <ScrollBox label={words.pools.units}>
      <table className="table pool-table" aria-label={words.pools.units}>
        <thead>
          <tr>
            <th>{words.pools.unit}</th>
            <th className="number">{words.pools.now}</th>
            {page.days.map((day) => (
              <th key={day} className="number">
                {day.slice(5)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {page.units.map((unit) => (
            <UnitRow key={unit.id} unit={unit} days={page.days} />
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}

function UnitRow({ unit, days }: { readonly unit: PoolUnit; readonly days: readonly string[] }) {
  const words = useMechanismWords();
  return (
    <tr>
      <td>{unit.title}</td>
      <td className="number">
        {unit.takenNow} / {unit.capacity}
      </td>
      {days.map((day, index) => {
        const taken = unit.taken[index] ?? 0;
        const full = taken >= unit.capacity;
        return (
          <td
            key={day}
            className={`number pool-day ${full ? 'full' : ''}`}
            style={{
              background: `color-mix(in srgb, var(--accent-soft) ${Math.round((Math.min(taken, unit.capacity) / unit.capacity) * 100)}%, var(--surface))`,
            }}
          >
            {taken === 0 ? <span className="muted">·</span> : taken}
            {full && <span className="sr"> {words.pools.full}</span>}
          </td>
        );
      })}
    </tr>
  );
}

function Booking({ booking }: { readonly booking: PoolBooking }) {
  const words = useMechanismWords();
  return (
    <div className="grow stack tight">
      <div className="row wrap between">
        <span>
          <strong>{booking.holder}</strong> · {booking.unitTitle}
        </span>
        <span className="nowrap">{daysOf(booking, words.pools.openEnd)}</span>
        <State
          kind={booking.state === 'confirmed' ? 'done' : 'due-soon'}
          word={
            booking.state === 'confirmed'
              ? words.pools.confirmed
              : words.pools.held(booking.expires ? dateTime(booking.expires) : words.pools.openEnd)
          }
        />
        {booking.caseId && (
          <Link to="/cases/$caseId" params={{ caseId: booking.caseId }}>
            {words.pools.case}
          </Link>
        )}
        <Acts acts={booking.acts} place={`pool.${booking.id}`} />
      </div>
      {booking.clash && <State kind="late" word={words.pools.clash} />}
    </div>
  );
}

/** First and last day; the end of a booking is the midnight after its last day. */
function daysOf({ from, to }: PoolBooking, openEnd: string): string {
  const first = dateTime(from).slice(0, 10);
  if (to === null) return `${first} – ${openEnd}`;
  const last = dateTime(new Date(Date.parse(to) - 1).toISOString()).slice(0, 10);
  return last <= first ? first : `${first} – ${last}`;
}

function Unmet({ page }: { readonly page: Answer }) {
  const words = useMechanismWords();
  const say = useSay();
  return (
    <Panel
      id="pool-unmet"
      title={words.pools.unmet}
      side={
        page.match && (
          <Link to="/matches/$matchId" params={{ matchId: page.match }}>
            {words.pools.plan}
          </Link>
        )
      }
    >
      <ul className="mechanism-rows">
        {page.unmet.map((one) => (
          <li key={one.item.id}>
            <Link to="/cases/$caseId" params={{ caseId: one.item.id }} className="grow">
              {say(one.item.title)}
            </Link>
            <State kind="due-soon" word={words.pools.missing(one.missing)} />
            <span className="muted">{say(one.because)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
