// What happened: who, when, what, with answers, files, messages and attempts that were refused; newest first.
import { useTranslation } from 'react-i18next';
import { useSay } from '../app/preferences.tsx';
import type { TimelineEntry } from '../contract.ts';
import { Icon } from '../design/icon.tsx';
import { useNow } from '../design/now.ts';
import { dateTime, when } from '../design/time.ts';

const CLAIM_LAG_MS = 10 * 60_000;

export function Timeline({ entries }: { readonly entries: readonly TimelineEntry[] }) {
  const { t } = useTranslation();
  return (
    <section className="panel" aria-labelledby="case-timeline">
      <header>
        <h2 id="case-timeline">{t('case.timeline')}</h2>
      </header>
      <ol className="timeline body">
        {[...entries].reverse().map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </ol>
    </section>
  );
}

function Entry({ entry }: { readonly entry: TimelineEntry }) {
  const { t } = useTranslation();
  const say = useSay();
  const now = useNow();
  const lag = Math.abs(Date.parse(entry.recordedAt) - Date.parse(entry.at)) > CLAIM_LAG_MS;
  return (
    <li className={entry.kind}>
      <div className="timeline-head">
        <strong>{say(entry.title)}</strong>
        {entry.kind === 'refused' && <span className="tag late">{t('case.refusedTry')}</span>}
        {entry.kind === 'returned' && <span className="tag">{t('case.returnTo')}</span>}
        {entry.to && <span className="muted">→ {say(entry.to)}</span>}
      </div>
      <p className="muted small">
        <time dateTime={entry.at} title={t('case.occurred', { at: dateTime(entry.at) })}>
          {when(entry.at, now, t)}
        </time>
        {entry.who && ` · ${entry.who}`}
        {entry.org && ` · ${entry.org}`}
        {lag && ` · ${t('case.recorded', { at: dateTime(entry.recordedAt) })}`}
      </p>
      {entry.note && <p className="timeline-note">{entry.note}</p>}
      {entry.answers.length > 0 && (
        <dl className="facts timeline-answers">
          {entry.answers.map((line) => (
            <div key={line.label.zh} style={{ display: 'contents' }}>
              <dt>{say(line.label)}</dt>
              <dd>{say(line.value)}</dd>
            </div>
          ))}
        </dl>
      )}
      {entry.files.map((file) => (
        <a key={file.id} href={file.href} target="_blank" rel="noreferrer" className="row">
          <Icon name="file" size={16} />
          {say(file.title)}
        </a>
      ))}
    </li>
  );
}
