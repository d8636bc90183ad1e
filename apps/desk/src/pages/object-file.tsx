// One object, one file (一户一档): what it is now, every entry about it, and the cases that concern it.
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { get } from '../api/client.ts';
import { useSay } from '../app/preferences.tsx';
import type { AnswerLine, ObjectFile } from '../contract.ts';
import { Icon } from '../design/icon.tsx';
import { Loaded } from '../design/loaded.tsx';
import { dateTime } from '../design/time.ts';
import { WorkTable } from '../design/work-table.tsx';
import { Grade } from '../field/grade-mark.tsx';
import { Story } from '../field/story.tsx';
import './case.css';

export function ObjectFilePage() {
  const { registerId = '', key = '' } = useParams({ strict: false });
  const query = useQuery({
    queryKey: ['object', registerId, key],
    queryFn: ({ signal }) =>
      get<ObjectFile>(
        `/desk/registers/${encodeURIComponent(registerId)}/objects/${encodeURIComponent(key)}`,
        signal,
      ),
  });
  return (
    <div className="page">
      <Loaded query={query}>{(file) => <FileView file={file} />}</Loaded>
    </div>
  );
}

function FileView({ file }: { readonly file: ObjectFile }) {
  const { t } = useTranslation();
  const say = useSay();
  return (
    <>
      <header className="page-head">
        <div>
          <p>
            <Link to="/registers/$registerId" params={{ registerId: file.register.id }}>
              {say(file.register.name)}
            </Link>{' '}
            · {t('register.file')}
          </p>
          <h1>{file.title}</h1>
          {file.grade && (
            <p>
              {t('register.grade')} <Grade grade={file.grade} />{' '}
              <span className="muted">
                {[file.grade.score, file.grade.on].filter((part) => part !== null).join(' · ')}
              </span>
            </p>
          )}
        </div>
        <button type="button" className="button no-print" onClick={() => print()}>
          <Icon name="print" size={16} />
          {t('act.print')}
        </button>
      </header>
      <div className="case-grid">
        <div className="stack">
          <section className="panel" aria-labelledby="object-cases">
            <header>
              <h2 id="object-cases">{t('register.cases')}</h2>
            </header>
            {file.cases.length === 0 ? (
              <p className="body muted">{t('register.noCases')}</p>
            ) : (
              <WorkTable items={file.cases} label={t('register.cases')} slim />
            )}
          </section>
          {file.story.length > file.versions.length && <Story story={file.story} />}
          <section className="panel" aria-labelledby="object-versions">
            <header>
              <h2 id="object-versions">{t('register.versions')}</h2>
            </header>
            <ol className="timeline body">
              {file.versions.map((version) => (
                <li key={version.at}>
                  <p className="muted small">
                    {dateTime(version.at)}
                    {version.who && ` · ${version.who}`}
                    {version.effectiveFrom &&
                      ` · ${version.effectiveTo ? t('register.fromTo', { from: version.effectiveFrom, to: version.effectiveTo }) : t('register.from', { from: version.effectiveFrom })}`}
                  </p>
                  <Facts facts={version.facts} />
                </li>
              ))}
            </ol>
          </section>
        </div>
        <section className="panel">
          <div className="body">
            <Facts facts={file.facts} />
          </div>
        </section>
      </div>
    </>
  );
}

function Facts({ facts }: { readonly facts: readonly AnswerLine[] }) {
  const say = useSay();
  return (
    <dl className="facts">
      {facts.map((fact) => (
        <div key={fact.label.zh} style={{ display: 'contents' }}>
          <dt>{say(fact.label)}</dt>
          <dd>{say(fact.value)}</dd>
        </div>
      ))}
    </dl>
  );
}
