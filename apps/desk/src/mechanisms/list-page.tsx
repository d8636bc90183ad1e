// A dated list: which standard is in force on a day, what was before and what comes, with its source.
import { useState } from 'react';
import { useSay } from '../app/preferences.tsx';
import type { DatedListPage as Answer, StateKind } from '../contract.ts';
import { Loaded } from '../design/loaded.tsx';
import { ScrollBox } from '../design/scroll-box.tsx';
import { State } from '../design/state.tsx';
import { AsOf, MechanismHead, pathOf, useMechanism } from './frame.tsx';
import { useMechanismWords } from './words.ts';

const KINDS: Readonly<Record<Answer['rows'][number]['state'], StateKind>> = {
  'in-force': 'running',
  coming: 'waiting',
  over: 'closed',
};

export function DatedListPage({ id }: { readonly id: string }) {
  const [on, setOn] = useState<string | null>(null);
  const query = useMechanism<Answer>(pathOf('lists', id, on === null ? '' : `?on=${on}`));
  return (
    <div className="page">
      <Loaded query={query}>{(page) => <View page={page} setOn={setOn} />}</Loaded>
    </div>
  );
}

/** Fen as yuan with two decimals; other values as they are. */
const shownValue = (page: Answer, value: string): string =>
  page.value === 'money' && /^-?\d+$/.test(value) ? `¥${(Number(value) / 100).toFixed(2)}` : value;

function View({ page, setOn }: { readonly page: Answer; readonly setOn: (on: string) => void }) {
  const say = useSay();
  const words = useMechanismWords();
  const [only, setOnly] = useState(true);
  const rows = page.rows.filter((row) => !only || row.state === 'in-force');
  return (
    <>
      <MechanismHead
        kind="lists"
        page={page}
        note={
          <span>
            {words.lists.source} {page.source}
          </span>
        }
      />
      <div className="row wrap no-print">
        <label className="row">
          <span className="muted nowrap">{words.lists.on}</span>
          <input
            type="date"
            className="input short"
            value={page.on}
            onChange={(event) => event.target.value && setOn(event.target.value)}
          />
        </label>
        <label className="check">
          <input type="checkbox" checked={only} onChange={(event) => setOnly(event.target.checked)} />
          {words.lists.onlyForce}
        </label>
      </div>
      <section className="panel">
        {rows.length === 0 ? (
          <p className="body muted">{words.lists.none}</p>
        ) : (
          <ScrollBox label={words.kinds.lists}>
            <table className="table" aria-label={words.kinds.lists}>
              <thead>
                <tr>
                  <th>{words.lists.key}</th>
                  <th className="number">{words.lists.value}</th>
                  <th>{words.lists.from}</th>
                  <th>{words.lists.to}</th>
                  <th>{words.lists.state}</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <tr key={`${row.key}${row.from}`}>
                    <td>{say(row.name)}</td>
                    <td className="number">{shownValue(page, row.value)}</td>
                    <td>{row.from}</td>
                    <td>{row.to ?? words.lists.open}</td>
                    <td>
                      <State kind={KINDS[row.state]} word={words.lists.states[row.state]} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </ScrollBox>
        )}
      </section>
      <AsOf at={page.asOf} />
    </>
  );
}
