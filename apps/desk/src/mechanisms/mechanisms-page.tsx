// All mechanisms of all programmes by kind, with how each stands; what waits for the reader comes first.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { get } from '../api/client.ts';
import { useSay } from '../app/preferences.tsx';
import type { MechanismSummary } from '../contract.ts';
import { Bones, Loaded } from '../design/loaded.tsx';
import { MECHANISMS } from './contract.ts';
import { MechanismLine } from './mechanism-line.tsx';
import './mechanisms.css';
import { useMechanismWords } from './words.ts';

export function MechanismsPage() {
  const words = useMechanismWords();
  const query = useQuery({
    queryKey: ['mechanisms'],
    queryFn: ({ signal }) => get<readonly MechanismSummary[]>('/desk/mechanisms', signal),
  });
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>{words.title}</h1>
          <p>{words.intro}</p>
        </div>
      </header>
      <Loaded query={query} bones={<Bones rows={10} />}>
        {(all) => <All all={all} />}
      </Loaded>
    </div>
  );
}

function All({ all }: { readonly all: readonly MechanismSummary[] }) {
  const words = useMechanismWords();
  const say = useSay();
  const [only, setOnly] = useState(false);
  const waiting = all.filter((one) => one.waiting > 0);
  const shown = only ? waiting : all;
  return (
    <>
      {waiting.length > 0 ? (
        <label className="check no-print">
          <input type="checkbox" checked={only} onChange={(event) => setOnly(event.target.checked)} />
          {words.onlyWaiting} ({waiting.length})
        </label>
      ) : (
        <p className="muted">
          {words.none} {words.noneText}
        </p>
      )}
      {MECHANISMS.filter((kind) => shown.some((one) => one.kind === kind)).map((kind) => (
        <section key={kind} className="panel" aria-labelledby={`mechanisms-${kind}`}>
          <header>
            <h2 id={`mechanisms-${kind}`}>{words.kinds[kind]}</h2>
          </header>
          <ul className="mechanism-list">
            {shown
              .filter((one) => one.kind === kind)
              .map((one) => (
                <li key={one.id}>
                  <MechanismLine one={one} />
                  <Link
                    to="/programmes/$domain/$programme"
                    params={{
                      domain: one.programme.id.split('/')[0] ?? '',
                      programme: one.programme.id.split('/')[1] ?? '',
                    }}
                    className="small muted truncate"
                  >
                    {say(one.programme.name)}
                  </Link>
                </li>
              ))}
          </ul>
        </section>
      ))}
    </>
  );
}
