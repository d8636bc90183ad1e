// The story of one object: checks with their photos, cases, grades and entries, newest first, narrowed to one kind.
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { addressOf } from '../app/link-to.ts';
import { useSay } from '../app/preferences.tsx';
import type { StoryEntry } from '../contract.ts';
import { State } from '../design/state.tsx';
import { dateTime } from '../design/time.ts';
import { usePicture } from '../form/file-door.tsx';
import './field.css';
import '../pages/case.css';
import { useFieldWords } from './words.ts';

const KINDS = ['all', 'check', 'case', 'grade', 'entry'] as const;

export function Story({ story }: { readonly story: readonly StoryEntry[] }) {
  const words = useFieldWords();
  const [kind, setKind] = useState<(typeof KINDS)[number]>('all');
  const present = KINDS.filter((each) => each === 'all' || story.some((entry) => entry.kind === each));
  const shown = story.filter((entry) => kind === 'all' || entry.kind === kind);
  return (
    <section className="panel" aria-labelledby="object-story">
      <header>
        <h2 id="object-story">{words.story}</h2>
        {present.length > 2 && (
          <fieldset className="story-kinds no-print">
            <legend className="sr">{words.story}</legend>
            {present.map((each) => (
              <button
                key={each}
                type="button"
                className={`button ${each === kind ? 'chosen' : ''}`}
                aria-pressed={each === kind}
                onClick={() => setKind(each)}
              >
                {words.storyKinds[each]}
              </button>
            ))}
          </fieldset>
        )}
      </header>
      {shown.length === 0 ? (
        <p className="body muted">{words.storyEmpty}</p>
      ) : (
        <ol className="timeline body">
          {shown.map((entry) => (
            <Entry key={`${entry.kind}${entry.id}`} entry={entry} />
          ))}
        </ol>
      )}
    </section>
  );
}

function Entry({ entry }: { readonly entry: StoryEntry }) {
  const words = useFieldWords();
  const say = useSay();
  const title = <strong>{say(entry.title)}</strong>;
  const midnight = entry.at.includes('T00:00:00+08:00');
  return (
    <li className={`story-${entry.kind}`}>
      <div className="timeline-head">
        <span className="tag">{words.storyKinds[entry.kind]}</span>
        {entry.link ? <Link to={addressOf(entry.link)}>{title}</Link> : title}
        {entry.state && <State kind={entry.state.kind} word={say(entry.state.name)} />}
      </div>
      <p className="muted small">
        {midnight ? entry.at.slice(0, 10) : dateTime(entry.at)}
        {entry.who && ` · ${entry.who}`}
      </p>
      {entry.note && <p>{say(entry.note)}</p>}
      {entry.answers.length > 0 && (
        <p className="story-answers">
          {entry.answers.map((line) => (
            <span key={line.label.zh}>
              <span className="muted">{say(line.label)}</span> {say(line.value)}
            </span>
          ))}
        </p>
      )}
      {entry.files.length > 0 && (
        <div className="photos">
          {entry.files.map((file, index) => (
            <StoryPhoto key={file.id} url={file.id} href={file.href} title={`${file.title} ${index + 1}`} />
          ))}
        </div>
      )}
    </li>
  );
}

function StoryPhoto({
  url,
  href,
  title,
}: {
  readonly url: string;
  readonly href: string;
  readonly title: string;
}) {
  const src = usePicture(url);
  return (
    <a href={src ?? href} target="_blank" rel="noreferrer" className="story-photo">
      {src === null ? (
        <span className="bone" style={{ width: 96, height: 96 }} />
      ) : (
        <img src={src} alt={title} width="96" height="96" loading="lazy" />
      )}
    </a>
  );
}
