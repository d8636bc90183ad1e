// One act with its form, its reason where one is due, and one question before what cannot be taken back.

import { useMutation } from '@tanstack/react-query';
import type { Answers } from '@yimai/forms';
import { useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type CommandRequest, command, Unreachable } from '../api/client.ts';
import { uuidv7 } from '../api/uuid.ts';
import { useSay } from '../app/preferences.tsx';
import type { Act, CommandAnswer, FormOfAct } from '../contract.ts';
import { Icon } from '../design/icon.tsx';
import { useErrorWords } from '../design/loaded.tsx';
import { dropDraft } from './draft.ts';
import { FileDoor } from './file-door.tsx';
import { FormView } from './form-view.tsx';
import { filesIn, sendKept } from './kept-files.ts';
import { reasonKey, useKeptText } from './use-kept-text.ts';

interface ActFormProps {
  readonly act: Act;
  readonly subject?: string;
  readonly version?: number;
  readonly draftKey: string;
  readonly more?: Readonly<Record<string, unknown>>;
  readonly fixed?: Answers;
  readonly onDone: (answer: CommandAnswer) => void;
  readonly onCancel?: () => void;
  /** The server said no: what is on screen may be older than what it knows. */
  readonly onRefused?: (error: unknown) => void;
  /** Photos wait on the device for their work. */
  readonly later?: boolean;
  /** What becomes of the act where there is no way to the server; absent: it is an error that may be tried again. */
  readonly onAway?: (request: SentAct) => Promise<void>;
}

/** An act as it would have been sent. */
export interface SentAct {
  readonly command: CommandRequest & { readonly id: string };
  readonly answers: Answers;
}

const NO_FORM: FormOfAct = {
  declaration: { id: 'no-form', version: '1', title: { zh: '', en: '' }, items: [] },
  pickers: {},
  prefill: {},
  last: {},
};

/** Answers by their names in the payload, or one level deeper where the act says so. */
export function placed(act: Act, answers: Answers): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const [item, value] of Object.entries(answers)) {
    const under = act.nest?.[item];
    if (under === undefined) found[item] = value;
    else found[under] = { ...(found[under] ?? (act.command.payload[under] as object)), [item]: value };
  }
  return found;
}

export function ActForm(props: ActFormProps) {
  const {
    act,
    subject,
    version,
    draftKey,
    more,
    fixed,
    onDone,
    onCancel,
    later = false,
    onAway,
    onRefused,
  } = props;
  const { t } = useTranslation();
  const say = useSay();
  const words = useErrorWords();
  const reasonId = useId();
  const [reason, setReason, forgetReason] = useKeptText(reasonKey(draftKey), say(act.name));
  const [noReason, setNoReason] = useState(false);
  const [asking, setAsking] = useState<Answers | null>(null);
  // The same id goes with every try of one filling-in, so that a lost answer never makes the act happen twice.
  const commandId = useRef<{ id: string; body: string } | null>(null);

  const send = useMutation({
    mutationFn: async (answers: Answers): Promise<CommandAnswer | null> => {
      const payload = {
        ...act.command.payload,
        ...more,
        ...(act.answersAs === 'payload' ? placed(act, answers) : { [act.answersAs]: answers }),
        ...(act.needsReason ? { reason: reason.trim() } : {}),
      };
      const body = JSON.stringify(payload);
      if (commandId.current?.body !== body) commandId.current = { id: uuidv7(), body };
      const request = {
        id: commandId.current.id,
        type: act.command.type,
        payload,
        ...(subject ? { subject } : {}),
        ...(version === undefined ? {} : { ifVersion: version }),
      };
      try {
        await sendKept(filesIn(answers));
        return await command(request);
      } catch (error) {
        if (!onAway || !(error instanceof Unreachable)) throw error;
        await onAway({ command: request, answers });
        return null;
      }
    },
    onSuccess: (answer) => {
      dropDraft(draftKey);
      forgetReason();
      if (answer) onDone(answer);
    },
    onError: (error) => onRefused?.(error),
    onSettled: () => setAsking(null),
  });

  const submit = (answers: Answers) => {
    if (act.needsReason && reason.trim() === '') {
      setNoReason(true);
      document.getElementById(reasonId)?.focus();
      return;
    }
    if (act.final && asking === null) setAsking(answers);
    else send.mutate(answers);
  };

  const caseId = act.command.payload['case'];
  return (
    <FileDoor value={{ about: typeof caseId === 'string' ? `Task/${caseId}` : null, later }}>
      <FormView
        form={act.form ?? NO_FORM}
        {...(fixed ? { fixed } : {})}
        draftKey={draftKey}
        submitWord={say(act.name)}
        danger={act.tone === 'danger'}
        busy={send.isPending}
        onSubmit={submit}
        {...(onCancel ? { onCancel } : {})}
        onDiscard={forgetReason}
        error={
          <>
            {send.isError && (
              <p className="note late" role="alert">
                <Icon name="alert" size={16} />
                <span>{words(send.error)}</span>
              </p>
            )}
            {asking && (
              <div className="note soon" role="alertdialog" aria-label={t('case.confirm')}>
                <span className="grow">{t('case.confirm')}</span>
                <button type="button" className="button main" onClick={() => send.mutate(asking)}>
                  {t('act.confirm')}
                </button>
                <button type="button" className="button" onClick={() => setAsking(null)}>
                  {t('act.cancel')}
                </button>
              </div>
            )}
          </>
        }
      >
        {act.needsReason && (
          <div className="field" data-item="reason">
            <label htmlFor={reasonId}>
              {t('audit.reason')} <span className="required">{t('form.required')}</span>
            </label>
            <textarea
              id={reasonId}
              className="input"
              rows={2}
              value={reason}
              aria-invalid={noReason && reason.trim() === ''}
              onChange={(event) => setReason(event.target.value)}
            />
            {noReason && reason.trim() === '' && <p className="field-error">{t('form.missing')}</p>}
          </div>
        )}
      </FormView>
    </FileDoor>
  );
}
