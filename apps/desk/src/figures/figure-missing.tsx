// Why a figure was not collected: the rows that it rests on and does not find, in the words of the record.
import { useSay } from '../app/preferences.tsx';
import type { FigureSource } from './contract.ts';
import { useWords } from './words.ts';

export function Missing({ sources }: { readonly sources: readonly FigureSource[] }) {
  const words = useWords();
  const say = useSay();
  if (sources.length === 0) return null;
  return (
    <section className="panel" aria-labelledby="figure-missing">
      <header>
        <h2 id="figure-missing">{words.missingTitle}</h2>
      </header>
      <ul className="body figure-missing">
        {sources.map((source) => (
          <li key={`${source.view.zh} ${source.kinds.join()}`}>
            {say(source.view)}
            {source.kinds.map((kind) => (
              <code key={kind}>{kind}</code>
            ))}
            <span className="muted small">{source.everStored ? words.notThen : words.neverStored}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
