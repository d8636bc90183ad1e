// Draws: the commitment to publish before, each draw with its seed, pool, chosen and excluded, repeated on a press.
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useSay } from '../app/preferences.tsx';
import type { DrawPage as Answer, DrawRow } from '../contract.ts';
import { Icon } from '../design/icon.tsx';
import { Blank, Loaded } from '../design/loaded.tsx';
import { dateTime } from '../design/time.ts';
import { Acts, AsOf, MechanismHead, Panel, pathOf, useMechanism } from './frame.tsx';
import { commitmentOf, repeats } from './repeat-draw.ts';
import { useMechanismWords } from './words.ts';

export function DrawPage({ id }: { readonly id: string }) {
  const query = useMechanism<Answer>(pathOf('draws', id));
  return (
    <div className="page">
      <Loaded query={query}>{(page) => <View page={page} />}</Loaded>
    </div>
  );
}

function View({ page }: { readonly page: Answer }) {
  const words = useMechanismWords();
  const say = useSay();
  const seed = page.make?.form?.prefill['seed'];
  return (
    <>
      <MechanismHead
        kind="draws"
        page={page}
        note={
          <>
            <span>
              {words.draws.from}{' '}
              <Link to="/registers/$registerId" params={{ registerId: page.register.id }}>
                {say(page.register.name)}
              </Link>
            </span>
            <span>{words.draws.pool(page.pool)}</span>
            {page.ties.length > 0 && (
              <span>
                {words.draws.ties} {page.ties.map(say).join(', ')}
              </span>
            )}
          </>
        }
      />
      {page.make && typeof seed === 'string' && <Before seed={seed} />}
      {page.make && <Acts acts={[page.make]} place={`draws.${page.id}`} />}
      <Panel id="draws" title={words.draws.draws}>
        {page.draws.length === 0 ? (
          <Blank title={words.draws.emptyTitle}>
            <p>{words.draws.emptyText}</p>
          </Blank>
        ) : (
          <ul className="mechanism-rows">
            {page.draws.map((row) => (
              <li key={row.id}>
                <Drawn row={row} />
              </li>
            ))}
          </ul>
        )}
      </Panel>
      <AsOf at={page.asOf} />
    </>
  );
}

/** The commitment of any seed, to be published before the draw. */
function Before({ seed: first }: { readonly seed: string }) {
  const words = useMechanismWords();
  const [seed, setSeed] = useState(first);
  const [commitment, setCommitment] = useState<string | null>('');
  useEffect(() => {
    let gone = false;
    void commitmentOf(seed).then((found) => {
      if (!gone) setCommitment(found);
    });
    return () => {
      gone = true;
    };
  }, [seed]);
  return (
    <details className="panel no-print">
      <summary className="summary">{words.draws.before}</summary>
      <div className="body stack">
        <p className="muted">{words.draws.beforeText}</p>
        <label className="field draw-seed">
          <span className="label">{words.draws.seed}</span>
          <input className="input" value={seed} onChange={(event) => setSeed(event.target.value)} />
        </label>
        <p>
          <span className="muted">{words.draws.commitment}</span>{' '}
          <code>{commitment ?? words.draws.cannot}</code>
        </p>
      </div>
    </details>
  );
}

function Drawn({ row }: { readonly row: DrawRow }) {
  const words = useMechanismWords();
  const [outcome, setOutcome] = useState<'same' | 'different' | 'unknown' | null>(null);
  const told = { same: words.draws.verified, different: words.draws.differs, unknown: words.draws.cannot };
  return (
    <div className="stack drawn">
      <div className="between wrap">
        <strong>{dateTime(row.at)}</strong>
        <button type="button" className="button no-print" onClick={() => void repeats(row).then(setOutcome)}>
          <Icon name="cycle" size={16} />
          {words.draws.verify}
        </button>
      </div>
      {outcome && (
        <p
          className={`note ${outcome === 'different' ? 'late' : outcome === 'unknown' ? 'soon' : ''}`}
          role="status"
        >
          <Icon name={outcome === 'same' ? 'check' : 'alert'} size={16} />
          <span>{told[outcome]}</span>
        </p>
      )}
      <dl className="facts">
        <dt>{words.draws.chosen}</dt>
        <dd>
          <strong>{row.chosen.map((one) => one.name).join(', ')}</strong>
        </dd>
        {row.reserves.length > 0 && (
          <>
            <dt>{words.draws.reserves}</dt>
            <dd>{row.reserves.map((one) => one.name).join(', ')}</dd>
          </>
        )}
        <dt>{words.draws.seed}</dt>
        <dd>
          <code>{row.seed}</code>
        </dd>
        <dt>{words.draws.commitment}</dt>
        <dd>
          <code>{row.commitment}</code>
        </dd>
      </dl>
      <details>
        <summary>
          {words.draws.poolOf(row.pool.length)} · {words.draws.excluded} {row.excluded.length}
        </summary>
        <p className="muted small">{words.draws.recipe}</p>
        <p className="small draw-pool">{row.pool.join(', ')}</p>
        {row.excluded.slice(0, 200).map((one) => (
          <p key={`${one.id}${one.code}`} className="small">
            {one.name} <span className="muted">{words.draws.codes[one.code] ?? one.code}</span>
          </p>
        ))}
      </details>
    </div>
  );
}
