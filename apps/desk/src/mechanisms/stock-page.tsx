// Stock of a store by item and lot, in the order in which lots leave; short, expiring and expired are named.
import { useState } from 'react';
import { useSay } from '../app/preferences.tsx';
import type { StockPage as Answer, StockItem, StockLot } from '../contract.ts';
import { Blank, Loaded } from '../design/loaded.tsx';
import { grouped } from '../design/number.ts';
import { ScrollBox } from '../design/scroll-box.tsx';
import { State } from '../design/state.tsx';
import { AsOf, MechanismHead, pathOf, useMechanism } from './frame.tsx';
import { useMechanismWords } from './words.ts';

const SOON_DAYS = 90;

export function StockPage({ id }: { readonly id: string }) {
  const query = useMechanism<Answer>(pathOf('stocks', id));
  return (
    <div className="page">
      <Loaded query={query}>{(page) => <View page={page} />}</Loaded>
    </div>
  );
}

function View({ page }: { readonly page: Answer }) {
  const words = useMechanismWords();
  const [chosen, setChosen] = useState<string | null>(null);
  const store = page.stores.find((one) => one.store.id === chosen) ?? page.stores[0];
  return (
    <>
      <MechanismHead
        kind="stocks"
        page={page}
        note={<span>{words.stocks.order}</span>}
        acts={store?.mine ? [page.issue, page.receive] : []}
      />
      {store === undefined ? (
        <section className="panel">
          <Blank title={words.stocks.emptyTitle}>
            <p>{words.stocks.emptyText}</p>
          </Blank>
        </section>
      ) : (
        <>
          {page.stores.length > 1 && (
            <label className="field stock-store no-print">
              <span className="label">{words.stocks.store}</span>
              <select
                className="input"
                value={store.store.id}
                onChange={(event) => setChosen(event.target.value)}
              >
                {page.stores.map((one) => (
                  <option key={one.store.id} value={one.store.id}>
                    {one.store.name}
                    {one.mine ? ` (${words.stocks.mine})` : ''}
                  </option>
                ))}
              </select>
            </label>
          )}
          <h2 className={page.stores.length > 1 ? 'only-print' : ''}>{store.store.name}</h2>
          {store.items.map((item) => (
            <Item key={item.item} item={item} />
          ))}
        </>
      )}
      <AsOf at={page.asOf} />
    </>
  );
}

function Item({ item }: { readonly item: StockItem }) {
  const words = useMechanismWords();
  const say = useSay();
  const missing = item.reserve - item.good;
  const next = item.lots.find((lot) => !lot.expired);
  return (
    <section className="panel" aria-label={say(item.name)}>
      <header className="stock-head">
        <h2>{say(item.name)}</h2>
        <span className="row wrap">
          <span>
            <span className="muted">{words.stocks.good}</span> <strong>{grouped(item.good)}</strong>
          </span>
          <span>
            <span className="muted">{words.stocks.reserve}</span> {grouped(item.reserve)}
          </span>
          {missing > 0 ? (
            <State kind="late" word={words.stocks.short(grouped(missing))} />
          ) : (
            <State kind="done" word={words.stocks.enough} />
          )}
          {item.expired > 0 && <State kind="late" word={`${words.stocks.expired} ${item.expired}`} />}
        </span>
      </header>
      {item.rotate > 0 && <p className="stock-note small">{words.stocks.rotateText(grouped(item.rotate))}</p>}
      {item.lots.length === 0 ? (
        <p className="body muted">{words.stocks.noLots}</p>
      ) : (
        <ScrollBox label={say(item.name)}>
          <table className="table" aria-label={say(item.name)}>
            <thead>
              <tr>
                <th>{words.stocks.lot}</th>
                <th>{words.stocks.expiry}</th>
                <th className="number">{words.stocks.left}</th>
                <th className="number">{words.stocks.quantity}</th>
                <th className="number">{words.stocks.rotate}</th>
                <th>{words.recurring.state}</th>
              </tr>
            </thead>
            <tbody>
              {item.lots.map((lot) => (
                <tr key={lot.lot}>
                  <td>
                    {lot.lot} {lot === next && <span className="tag accent">{words.stocks.next}</span>}
                  </td>
                  <td className="nowrap">{lot.expiry}</td>
                  <td className="number">{grouped(lot.daysLeft)}</td>
                  <td className="number">{grouped(lot.quantity)}</td>
                  <td className="number">{lot.rotate > 0 ? grouped(lot.rotate) : '–'}</td>
                  <td>
                    <LotState lot={lot} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
      )}
    </section>
  );
}

function LotState({ lot }: { readonly lot: StockLot }) {
  const words = useMechanismWords();
  if (lot.expired) return <State kind="late" word={words.stocks.expiredWord} />;
  return lot.daysLeft < SOON_DAYS ? (
    <State kind="due-soon" word={words.stocks.soon} />
  ) : (
    <State kind="done" word={words.stocks.fine} />
  );
}
