// One case, one page: who, where it stands, what can be done now, what happened.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '../api/client.ts';
import { type AnswerOr, readOrKept, useOwner } from '../app/kept-answers.ts';
import { addressOf } from '../app/link-to.ts';
import { useOfflinePages } from '../app/offline-pages.ts';
import { useSay } from '../app/preferences.tsx';
import type { Case } from '../contract.ts';
import { Icon } from '../design/icon.tsx';
import { Bones, Loaded } from '../design/loaded.tsx';
import { LoopPicture } from '../design/loop-diagram.tsx';
import { PersonHeader } from '../design/person-header.tsx';
import { Popup } from '../design/popup.tsx';
import { State } from '../design/state.tsx';
import { dateTime } from '../design/time.ts';
import { Track } from '../design/track.tsx';
import { beneath, OwnerOf } from '../design/work-table.tsx';
import { OutboxLine } from '../field/outbox-panel.tsx';
import './case.css';
import { CaseActs } from './case-acts.tsx';
import { Messages } from './case-messages.tsx';
import { Timeline } from './case-timeline.tsx';
import { CASE_KEPT_MS, casePath } from './kept-cases.ts';

const YimaiDatePicker = lazy(() =>
  import('../design/date-picker.tsx').then((module) => ({ default: module.YimaiDatePicker })),
);

export function CasePage() {
  const { caseId = '' } = useParams({ strict: false });
  return <CaseOf key={caseId} caseId={caseId} />;
}

function CaseOf({ caseId }: { readonly caseId: string }) {
  const [asOf, setAsOf] = useState<string | null>(null);
  const owner = useOwner();
  useOfflinePages(() =>
    Promise.all([
      import('../form/signature-field.tsx'),
      import('../form/date-field.tsx'),
      import('../form/pick-field.tsx'),
    ]),
  );
  const query = useQuery({
    queryKey: ['case', caseId, asOf, owner],
    queryFn: async ({ signal }): Promise<AnswerOr<Case>> => {
      const path = casePath(caseId);
      if (asOf === null) return readOrKept<Case>(owner, path, CASE_KEPT_MS, signal);
      return { data: await get<Case>(`${path}?asOf=${encodeURIComponent(asOf)}`, signal), savedAt: null };
    },
    placeholderData: keepPreviousData,
  });
  return (
    <div className="page">
      <OutboxLine savedAt={query.data?.savedAt ?? null} />
      <Loaded query={query} bones={<Bones rows={12} />}>
        {({ data, savedAt }) => (
          <CaseView kase={data} away={savedAt !== null} asOf={asOf} setAsOf={setAsOf} />
        )}
      </Loaded>
    </div>
  );
}

interface CaseViewProps {
  readonly kase: Case;
  readonly away: boolean;
  readonly asOf: string | null;
  readonly setAsOf: (at: string | null) => void;
}

function CaseView({ kase, away, asOf, setAsOf }: CaseViewProps) {
  const { t } = useTranslation();
  const files = kase.timeline.flatMap((entry) => entry.files);
  return (
    <>
      <Head kase={kase} away={away} asOf={asOf} setAsOf={setAsOf} />
      {asOf && (
        <div className="note soon" role="status">
          <Icon name="history" size={16} />
          <span className="grow">{t('case.asOfNote', { at: dateTime(asOf) })}</span>
          <button type="button" className="button" onClick={() => setAsOf(null)}>
            {t('case.asOfNow')}
          </button>
        </div>
      )}
      {kase.person && <PersonHeader person={kase.person} />}
      {!kase.person && kase.subject && <Subject subject={kase.subject} />}
      <section className="panel case-track">
        <Track kase={kase} />
      </section>
      <div className="case-grid">
        <div className="stack loose">
          {!asOf && <CaseActs kase={kase} away={away} />}
          <Timeline entries={kase.timeline} />
        </div>
        <div className="stack loose">
          <Data kase={kase} />
          {files.length > 0 && <Files files={files} />}
          {kase.related.length > 0 && <Related kase={kase} />}
          {kase.canMessage && !asOf && !away && <Messages caseId={kase.item.id} />}
          <details className="panel case-diagram">
            <summary>{t('programme.diagram')}</summary>
            <div className="body">
              <LoopPicture
                diagram={kase.diagram}
                here={[kase.item.state.id, ...kase.alsoIn]}
                passed={new Set(kase.path.filter((stay) => stay.leftAt).map((stay) => stay.state))}
                label={t('programme.diagram')}
              />
            </div>
          </details>
        </div>
      </div>
    </>
  );
}

function Head({ kase, away, asOf, setAsOf }: CaseViewProps) {
  const { t } = useTranslation();
  const say = useSay();
  const { item } = kase;
  const under = beneath(item, say);
  return (
    <header className="page-head">
      <div className="stack tight grow">
        <h1>{say(item.title)}</h1>
        <p className="row wrap">
          {under !== say(item.programme.name) && <span>{under}</span>}
          <Link to={addressOf({ kind: 'programme', id: item.programme.id })}>{say(item.programme.name)}</Link>
          {item.org && <span>{t('case.openedBy', { org: item.org.name })}</span>}
          <span>{dateTime(item.openedAt)}</span>
        </p>
      </div>
      <div className="row wrap">
        <State kind={item.state.kind} word={say(item.state.name)} />
        <OwnerOf item={item} />
        {!away && (
          <span className="no-print row">
            <Popup
              title={t('case.asOf')}
              className="button"
              label={
                <>
                  <Icon name="history" size={16} />
                  {t('case.asOf')}
                </>
              }
            >
              {(close) => (
                <Suspense fallback={<Bones rows={1} />}>
                  <YimaiDatePicker
                    label={t('case.asOf')}
                    withTime
                    value={asOf}
                    onChange={(at) => {
                      setAsOf(at);
                      close();
                    }}
                  />
                </Suspense>
              )}
            </Popup>
            <button type="button" className="button" onClick={() => print()}>
              <Icon name="print" size={16} />
              {t('act.print')}
            </button>
          </span>
        )}
      </div>
    </header>
  );
}

function Subject({ subject }: { readonly subject: NonNullable<Case['subject']> }) {
  const { t } = useTranslation();
  const say = useSay();
  return (
    <section className="person">
      <span className="muted small">{say(subject.kind)}</span>
      <strong className="person-name">{subject.name}</strong>
      {subject.link && <Link to={addressOf(subject.link)}>{t('case.openSubject')}</Link>}
    </section>
  );
}

function Data({ kase }: { readonly kase: Case }) {
  const { t } = useTranslation();
  const say = useSay();
  if (kase.data.length === 0) return null;
  return (
    <section className="panel" aria-labelledby="case-data">
      <header>
        <h2 id="case-data">{t('case.data')}</h2>
      </header>
      <dl className="facts body">
        {kase.data.map((line) => (
          <div key={line.label.zh} style={{ display: 'contents' }}>
            <dt>{say(line.label)}</dt>
            <dd>{say(line.value)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Files({ files }: { readonly files: Case['timeline'][number]['files'] }) {
  const { t } = useTranslation();
  const say = useSay();
  return (
    <section className="panel" aria-labelledby="case-files">
      <header>
        <h2 id="case-files">{t('case.files')}</h2>
      </header>
      <ul className="case-files body">
        {files.map((file) => (
          <li key={file.id}>
            <a href={file.href} target="_blank" rel="noreferrer" className="row">
              {file.contentType.startsWith('image/') ? (
                <img src={file.href} alt="" width="64" height="48" loading="lazy" />
              ) : (
                <Icon name="file" size={18} />
              )}
              <span className="truncate">{say(file.title)}</span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Related({ kase }: { readonly kase: Case }) {
  const { t } = useTranslation();
  const say = useSay();
  return (
    <section className="panel" aria-labelledby="case-related">
      <header>
        <h2 id="case-related">{t('case.related')}</h2>
      </header>
      <ul className="body stack tight">
        {kase.related.map((each) => (
          <li key={`${each.link.kind}/${each.link.id}`} className="between">
            <Link to={addressOf(each.link)}>{say(each.title)}</Link>
            {each.note && <span className="muted small">{say(each.note)}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
