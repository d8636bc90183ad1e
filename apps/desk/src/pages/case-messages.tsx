// A message to everyone in the case; it becomes part of the time line.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { command } from '../api/client.ts';
import { useSession } from '../app/session.tsx';
import { useToast } from '../app/toast.tsx';
import { useErrorWords } from '../design/loaded.tsx';
import { useKeptText } from '../form/use-kept-text.ts';

export function Messages({ caseId }: { readonly caseId: string }) {
  const { t } = useTranslation();
  const id = useId();
  const toast = useToast();
  const words = useErrorWords();
  const queries = useQueryClient();
  const { session } = useSession();
  const [text, setText, forget] = useKeptText(`${session?.user.id ?? ''}.message.${caseId}`);
  const send = useMutation({
    mutationFn: () =>
      command({
        type: 'case.message',
        subject: `Task/${caseId}`,
        payload: { case: caseId, text: text.trim() },
      }),
    onSuccess: () => {
      forget();
      toast(t('case.sent'));
      void queries.invalidateQueries({ queryKey: ['case', caseId] });
    },
  });
  return (
    <form
      className="panel no-print"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim()) send.mutate();
      }}
    >
      <header>
        <h2>
          <label htmlFor={id}>{t('case.messages')}</label>
        </h2>
      </header>
      <div className="body stack">
        <textarea
          id={id}
          className="input"
          rows={2}
          placeholder={t('case.messagePlaceholder')}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        {send.isError && <p className="field-error">{words(send.error)}</p>}
        <div>
          <button type="submit" className="button" disabled={send.isPending || text.trim() === ''}>
            {t('case.send')}
          </button>
        </div>
      </div>
    </form>
  );
}
