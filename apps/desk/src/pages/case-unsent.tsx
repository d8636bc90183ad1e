// What stands in forms that a case does not offer any more, in words: it can be read and put away, and is not lost.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../app/session.tsx';
import type { Case } from '../contract.ts';
import { Icon } from '../design/icon.tsx';
import { draftsOf, dropDraft } from '../form/draft.ts';
import { REASON, reasonKey, textOf } from '../form/use-kept-text.ts';

/** Where the draft of an act of this case is kept, for the person at the desk. */
export function useDraftKey(caseId: string): (act: string) => string {
  const { session } = useSession();
  return (act) => `${session?.user.id ?? ''}.${caseId}.${act}`;
}

export function UnsentDrafts({ kase }: { readonly kase: Case }) {
  const { t } = useTranslation();
  const draftKey = useDraftKey(kase.item.id);
  const [, drawAgain] = useState(0);
  const kept = new Map(draftsOf(draftKey('')).map(({ rest, draft }) => [rest, draft]));
  const acts = new Set([...kept.keys()].map((key) => key.replace(REASON, '')));
  return [...acts].map((act) => {
    const [form, reason] = [kept.get(act), kept.get(act + REASON)];
    const why = textOf(reason);
    const lines = [...(form?.said ?? []), ...(why === '' ? [] : [[t('audit.reason'), why] as const])];
    if (lines.length === 0 || kase.acts.some((each) => each.id === act)) return null;
    const title = t('case.unsent', { act: form?.act ?? reason?.act });
    const putAway = () => {
      dropDraft(draftKey(act));
      dropDraft(reasonKey(draftKey(act)));
      drawAgain((times) => times + 1);
    };
    return (
      <section key={act} className="note soon" aria-label={title}>
        <Icon name="alert" size={16} />
        <div className="stack tight grow">
          <strong role="status">{title}</strong>
          <dl className="facts">
            {lines.map(([question, answer]) => (
              <div key={question} style={{ display: 'contents' }}>
                <dt>{question}</dt>
                <dd>{answer}</dd>
              </div>
            ))}
          </dl>
          <span>
            <button type="button" className="button" onClick={putAway}>
              {t('form.discardDraft')}
            </button>
          </span>
        </div>
      </section>
    );
  });
}
