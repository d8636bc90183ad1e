// What waits on this device to be sent, in words; refused work is mended or given up, never lost by itself.
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useSay } from '../app/preferences.tsx';
import { Icon } from '../design/icon.tsx';
import { Shape } from '../design/state.tsx';
import { dateTime } from '../design/time.ts';
import { writeDraft } from '../form/draft.ts';
import { keepText, reasonKey } from '../form/use-kept-text.ts';
import './field.css';
import { dropJob, flush, type Job, takeBack } from './outbox.ts';
import { useOutbox } from './use-field.ts';
import { type FieldWords, useFieldWords } from './words.ts';

/** One line: how many wait, are being sent, were refused. Silent when there is nothing to say. */
export function OutboxLine({ savedAt }: { readonly savedAt: string | null }) {
  const words = useFieldWords();
  const { jobs, sending } = useOutbox();
  const refused = jobs.filter((job) => job.state === 'refused').length;
  const waiting = jobs.length - refused;
  return (
    <div className="field-state" role="status">
      {savedAt !== null && (
        <p className="state due-soon">
          <Icon name="offline" size={16} />
          <span>{words.network.kept(dateTime(savedAt))}</span>
        </p>
      )}
      {refused > 0 && (
        <p className="state late">
          <Shape kind="late" />
          <span>{words.network.refused(refused)}</span>
        </p>
      )}
      {waiting > 0 && (
        <p className="state due-soon">
          <Shape kind="due-soon" />
          <span>{sending ? words.network.sending(waiting) : words.network.waiting(waiting)}</span>
        </p>
      )}
    </div>
  );
}

/** `when`: shown only while something was refused, or only while nothing was; what was refused stands first on its page. */
export function OutboxPanel({ when }: { readonly when?: 'refused' | 'waiting' }) {
  const words = useFieldWords();
  const { jobs, sending } = useOutbox();
  const refused = jobs.some((job) => job.state === 'refused');
  if (jobs.length === 0 || (when !== undefined && refused !== (when === 'refused'))) return null;
  return (
    <section className="panel" aria-labelledby="field-outbox">
      <header>
        <h2 id="field-outbox">{words.outbox}</h2>
        <button type="button" className="button" disabled={sending} onClick={() => void flush()}>
          <Icon name="upload" size={16} />
          {words.sendNow}
        </button>
      </header>
      <ul className="field-jobs">
        {jobs.map((job) => (
          <JobLine key={job.id} job={job} sending={sending} words={words} />
        ))}
      </ul>
    </section>
  );
}

interface JobLineProps {
  readonly job: Job;
  readonly sending: boolean;
  readonly words: FieldWords;
}

function JobLine({ job, sending, words }: JobLineProps) {
  const say = useSay();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const refused = job.state === 'refused';
  const back = async () => {
    if (job.draft) {
      writeDraft(job.draft.key, { at: new Date().toISOString(), answers: job.draft.answers as never });
      keepText(reasonKey(job.draft.key), reasonOf(job));
    }
    await takeBack(job);
    if ('case' in job.place) await navigate({ to: '/cases/$caseId', params: { caseId: job.place.case } });
    else
      await navigate({
        to: '/field/$registerId/$key',
        params: { registerId: job.place.register, key: job.place.key },
      });
  };
  return (
    <li>
      <div className="between">
        <strong>
          {say(job.title)} · {job.place.name}
        </strong>
        <span className={`state ${refused ? 'late' : 'due-soon'}`}>
          <Shape kind={refused ? 'late' : 'due-soon'} />
          {words.outboxState[refused ? 'refused' : sending ? 'sending' : 'waiting']}
        </span>
      </div>
      <p className="muted small">{dateTime(job.at)}</p>
      {job.why && <p className="field-error">{say(job.why)}</p>}
      {refused && (
        <div className="row wrap">
          {job.draft && (
            <button type="button" className="button" onClick={() => void back()}>
              {words.backToForm}
            </button>
          )}
          {!asking && (
            <button type="button" className="button danger" onClick={() => setAsking(true)}>
              {words.dropJob}
            </button>
          )}
        </div>
      )}
      {asking && (
        <div className="note soon" role="alertdialog" aria-label={words.dropJob}>
          <span className="grow">{words.dropSure}</span>
          <button type="button" className="button danger" onClick={() => void dropJob(job)}>
            {words.dropYes}
          </button>
        </div>
      )}
    </li>
  );
}

function reasonOf({ commands }: Job): string {
  const reasons = commands.map(({ payload }) => (payload as { readonly reason?: unknown }).reason);
  return reasons.find((reason) => typeof reason === 'string') ?? '';
}
