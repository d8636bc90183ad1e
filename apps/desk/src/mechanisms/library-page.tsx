// A case library: what was promoted by theme, who has taken it over, what is under review; taking over is one press.
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useSay } from '../app/preferences.tsx';
import type { LibraryPage as Answer, LibraryCase } from '../contract.ts';
import { Icon } from '../design/icon.tsx';
import { Blank, Loaded } from '../design/loaded.tsx';
import { WorkTable } from '../design/work-table.tsx';
import { Acts, AsOf, MechanismHead, Panel, pathOf, useMechanism } from './frame.tsx';
import { useMechanismWords } from './words.ts';

export function LibraryPage({ id }: { readonly id: string }) {
  const query = useMechanism<Answer>(pathOf('libraries', id));
  return (
    <div className="page">
      <Loaded query={query}>{(page) => <View page={page} />}</Loaded>
    </div>
  );
}

function View({ page }: { readonly page: Answer }) {
  const words = useMechanismWords();
  const say = useSay();
  const [theme, setTheme] = useState('');
  const [text, setText] = useState('');
  const wanted = text.trim().toLowerCase();
  const shown = page.cases.filter(
    (one) =>
      (theme === '' || one.theme === theme) &&
      (wanted === '' || `${one.title} ${one.summary ?? ''}`.toLowerCase().includes(wanted)),
  );
  const [domain = '', programme = ''] = page.submit?.programme.split('/') ?? [];
  return (
    <>
      <MechanismHead kind="libraries" page={page} />
      {page.submit && (
        <div className="no-print">
          <Link
            to="/start/$domain/$programme/$loop"
            params={{ domain, programme, loop: page.submit.loop }}
            className="button main"
          >
            <Icon name="plus" size={16} />
            {words.libraries.submit(say(page.submit.name))}
          </Link>
        </div>
      )}
      {page.waiting.length > 0 && (
        <Panel id="library-waiting" title={words.libraries.waiting}>
          <WorkTable items={page.waiting} label={words.libraries.waiting} slim />
        </Panel>
      )}
      {page.cases.length === 0 ? (
        <section className="panel">
          <Blank title={words.libraries.emptyTitle}>
            <p>{words.libraries.emptyText}</p>
          </Blank>
        </section>
      ) : (
        <>
          <div className="row wrap library-find no-print">
            <input
              type="search"
              className="input"
              aria-label={words.libraries.find}
              placeholder={words.libraries.find}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
            <select
              className="input"
              aria-label={words.libraries.theme}
              value={theme}
              onChange={(event) => setTheme(event.target.value)}
            >
              <option value="">{words.libraries.allThemes}</option>
              {page.themes.map((each) => (
                <option key={each}>{each}</option>
              ))}
            </select>
          </div>
          {shown.length === 0 && <p className="muted">{words.libraries.none}</p>}
          <ul className="library">
            {shown.map((one) => (
              <li key={one.key} className="panel">
                <Case one={one} page={page} />
              </li>
            ))}
          </ul>
        </>
      )}
      <AsOf at={page.asOf} />
    </>
  );
}

function Case({ one, page }: { readonly one: LibraryCase; readonly page: Answer }) {
  const words = useMechanismWords();
  return (
    <div className="body stack">
      <div className="stack tight">
        <h2>{one.title}</h2>
        <p className="row wrap">
          {one.theme && <span className="tag">{one.theme}</span>}
          <span className="muted small">{words.libraries.since(one.since)}</span>
        </p>
      </div>
      {one.summary && <p className="library-text">{one.summary}</p>}
      {one.adopters.length === 0 ? (
        <p className="muted small">{words.libraries.noAdopters}</p>
      ) : (
        <details>
          <summary>{words.libraries.adopters(one.adopters.length)}</summary>
          {one.adopters.map((adopter) => (
            <p key={`${adopter.name}${adopter.on}`} className="small">
              {adopter.name} <span className="muted">{adopter.on}</span> {adopter.note}
            </p>
          ))}
        </details>
      )}
      {one.adopt && <Acts acts={[one.adopt]} place={`library.${page.id}.${one.key}`} />}
    </div>
  );
}
