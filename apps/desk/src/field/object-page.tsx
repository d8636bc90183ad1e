// One object before one's eyes: grade, what is to be done here, the checklist with photos and signature, what follows.
import { useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { Answers } from '@yimai/forms';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSay } from '../app/preferences.tsx';
import { useToast } from '../app/toast.tsx';
import type { Act, FieldCheck, FieldObject } from '../contract.ts';
import { Icon } from '../design/icon.tsx';
import { Bones, Loaded } from '../design/loaded.tsx';
import { State } from '../design/state.tsx';
import { dateTime } from '../design/time.ts';
import './field.css';
import { FieldForm } from './field-form.tsx';
import { Grade } from './grade-mark.tsx';
import { onSent } from './outbox.ts';
import { OutboxLine, OutboxPanel } from './outbox-panel.tsx';
import { Story } from './story.tsx';
import { objectPath, useField, useOutbox } from './use-field.ts';
import { spanWords, useFieldWords } from './words.ts';

export function FieldObjectPage() {
  const { registerId = '', key = '' } = useParams({ strict: false });
  const words = useFieldWords();
  const query = useField<FieldObject>(objectPath(registerId, key));
  return (
    <div className="page field-page">
      <Link to="/field" className="row no-print">
        <Icon name="left" size={18} />
        {words.route}
      </Link>
      <OutboxLine savedAt={query.data?.savedAt ?? null} />
      <Loaded query={query} bones={<Bones rows={8} height={40} />}>
        {(answer) => <ObjectView key={`${registerId}|${key}`} object={answer.data} />}
      </Loaded>
    </div>
  );
}

type Doing =
  | { readonly kind: 'check'; readonly check: FieldCheck }
  | { readonly kind: 'open'; readonly act: Act }
  | { readonly kind: 'done'; readonly title: string; readonly job: string; readonly answers: Answers }
  | null;

function ObjectView({ object }: { readonly object: FieldObject }) {
  const words = useFieldWords();
  const say = useSay();
  const toast = useToast();
  const queries = useQueryClient();
  const [doing, setDoing] = useState<Doing>(null);
  useEffect(
    () =>
      onSent((job) => {
        toast(words.sent(say(job.title)));
        for (const name of ['field', 'object', 'work', 'home'])
          void queries.invalidateQueries({ queryKey: [name] });
      }),
    [toast, words, say, queries],
  );
  const found = doing?.kind === 'done' ? doing.answers : null;
  return (
    <>
      <ObjectHead object={object} />
      <div className="field-grid">
        <div className="stack">
          <OutboxPanel when="refused" />
          {doing?.kind === 'done' && <Finished title={doing.title} job={doing.job} />}
          {doing?.kind === 'check' && (
            <FieldForm
              object={object}
              act={doing.check.act}
              check={doing.check}
              onCancel={() => setDoing(null)}
              onKept={(answers, job) =>
                setDoing({ kind: 'done', title: say(doing.check.title), job, answers })
              }
            />
          )}
          {doing?.kind === 'open' && (
            <FieldForm
              object={object}
              act={doing.act}
              check={null}
              onCancel={() => setDoing(null)}
              onKept={(answers, job) => setDoing({ kind: 'done', title: say(doing.act.name), job, answers })}
            />
          )}
          {(doing === null || doing.kind === 'done') && (
            <Here object={object} doing={setDoing} found={found} />
          )}
          <OutboxPanel when="waiting" />
          <Story story={object.story} />
        </div>
        <Facts object={object} />
      </div>
    </>
  );
}

function ObjectHead({ object }: { readonly object: FieldObject }) {
  const words = useFieldWords();
  const say = useSay();
  const { stop } = object;
  const { grade } = stop;
  return (
    <header className="object-head">
      <div className="grow">
        <h1>{stop.name}</h1>
        <p className="muted">
          {[stop.trade && say(stop.trade), stop.grid, stop.address]
            .filter((part) => part !== null)
            .join(' · ')}
        </p>
      </div>
      <dl className="object-grade">
        <dt className="muted small">{words.grade}</dt>
        <dd>
          <Grade grade={grade} />
        </dd>
        {grade && (
          <dd className="muted small">
            {[
              grade.score === null ? null : words.score(grade.score),
              words.since(grade.on),
              grade.recheck === null ? null : words.recheck(spanWords(words, grade.recheck)),
            ]
              .filter((part) => part !== null)
              .join(' · ')}
          </dd>
        )}
      </dl>
    </header>
  );
}

/** Work that was done here and waits on this device to be sent. */
function useKeptPlans(register: string, key: string): ReadonlySet<string> {
  const { jobs } = useOutbox();
  const here = jobs.filter(
    ({ state, place }) =>
      state === 'waiting' && !('case' in place) && place.register === register && place.key === key,
  );
  return new Set(
    here
      .flatMap((job) => job.commands)
      .filter((one) => one.type === 'recurring.done')
      .map((one) => (one.payload as { readonly plan: string }).plan),
  );
}

interface HereProps {
  readonly object: FieldObject;
  readonly doing: (next: Doing) => void;
  readonly found: Answers | null;
}

/** Cases that wait, checks that are due, and what may be opened about the object. */
function Here({ object, doing, found }: HereProps) {
  const words = useFieldWords();
  const say = useSay();
  const { stop, checks, openings } = object;
  const kept = useKeptPlans(stop.register, stop.key);
  const due = checks.filter((check) => check.due && !kept.has(check.plan));
  const other = checks.filter((check) => !check.due && !kept.has(check.plan));
  return (
    <>
      <section className="panel" aria-labelledby="field-here">
        <header>
          <h2 id="field-here">{words.here}</h2>
        </header>
        {stop.cases.length === 0 && due.length === 0 && kept.size === 0 && (
          <p className="body muted">{words.nothingHere}</p>
        )}
        <ul className="field-here">
          {stop.cases.map((item) => (
            <li key={item.id}>
              <Link to="/cases/$caseId" params={{ caseId: item.id }} className="here-line">
                <span className="stack tight grow">
                  <strong>{say(item.loop.name)}</strong>
                  <State kind={item.state.kind} word={say(item.state.name)} />
                </span>
                <Icon name="right" size={18} />
              </Link>
            </li>
          ))}
          {due.map((check) => (
            <li key={check.plan} className="here-line">
              <span className="stack tight grow">
                <strong>{say(check.title)}</strong>
                <State
                  kind={check.missed > 0 ? 'due-soon' : 'waiting'}
                  word={[words.due(check.dueOn), check.missed > 0 ? words.missed(check.missed) : null]
                    .filter(Boolean)
                    .join(' · ')}
                />
              </span>
              <button
                type="button"
                className={`button big ${check.every === 'day' ? '' : 'main'}`}
                onClick={() => doing({ kind: 'check', check })}
              >
                {words.startCheck}
                <span className="sr"> {say(check.title)}</span>
              </button>
            </li>
          ))}
          {checks
            .filter((check) => kept.has(check.plan))
            .map((check) => (
              <li key={check.plan} className="here-line">
                <span className="grow">{say(check.title)}</span>
                <State kind="due-soon" word={words.outboxState.waiting} />
              </li>
            ))}
          {other.map((check) => (
            <li key={check.plan} className="here-line">
              <span className="stack tight grow">
                <span>{say(check.title)}</span>
                <State
                  kind={check.doneAt ? 'done' : 'waiting'}
                  word={check.doneAt ? words.doneAt(dateTime(check.doneAt)) : words.notDue}
                />
              </span>
              {check.doneAt && (
                <button type="button" className="button" onClick={() => doing({ kind: 'check', check })}>
                  {words.checkAgain}
                  <span className="sr"> {say(check.title)}</span>
                </button>
              )}
            </li>
          ))}
        </ul>
      </section>
      {openings.length > 0 && (
        <section className="panel no-print" aria-labelledby="field-open">
          <header>
            <h2 id="field-open">{found ? words.nextSteps : words.more}</h2>
          </header>
          <div className="body field-openings">
            {openings.map(({ name, act }) => (
              <button
                key={act.id}
                type="button"
                className="button big"
                onClick={() => doing({ kind: 'open', act: found ? withFound(act, found) : act })}
              >
                {say(name)}
              </button>
            ))}
          </div>
        </section>
      )}
    </>
  );
}

/** What the check found goes on into what is opened because of it: the words into its first open text, and the photos. */
function withFound(act: Act, found: Answers): Act {
  if (act.form === null) return act;
  const { declaration, prefill } = act.form;
  const text = Object.values(found).find((value) => typeof value === 'string' && !/^Binary\//.test(value));
  const open = declaration.items.find(
    (item) => (item.type === 'text' || item.type === 'long-text') && item.required && !(item.id in prefill),
  );
  const photos = declaration.items.some((item) => item.id === 'photos') ? found['photos'] : undefined;
  return {
    ...act,
    form: {
      ...act.form,
      prefill: {
        ...prefill,
        ...(open && text !== undefined ? { [open.id]: text } : {}),
        ...(photos === undefined || photos === null ? {} : { photos }),
      },
    },
  };
}

/** What became of the work: with the server, still on this device; refused work is told by what waits. */
function Finished({ title, job }: { readonly title: string; readonly job: string }) {
  const words = useFieldWords();
  const { t } = useTranslation();
  const { jobs } = useOutbox();
  const box = useRef<HTMLDivElement>(null);
  const kept = jobs.find((each) => each.id === job);
  useEffect(() => {
    box.current?.focus();
  }, []);
  if (kept?.state === 'refused') return null;
  return (
    <div ref={box} className="note done" role="status" tabIndex={-1}>
      <Icon name="check" size={18} />
      <div>
        <strong>{t('case.done', { act: title })}</strong>
        <p>{kept ? words.finishedWaiting : words.finishedSent}</p>
      </div>
    </div>
  );
}

function Facts({ object }: { readonly object: FieldObject }) {
  const words = useFieldWords();
  const say = useSay();
  const wide = typeof matchMedia === 'function' && matchMedia('(min-width: 1024px)').matches;
  return (
    <details className="panel field-facts" open={wide}>
      <summary className="summary">{words.facts}</summary>
      <dl className="facts body">
        {object.facts.map((fact) => (
          <div key={fact.label.zh} style={{ display: 'contents' }}>
            <dt>{say(fact.label)}</dt>
            <dd>{say(fact.value)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
