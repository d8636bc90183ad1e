// Of many cases acted on at once, those that were refused: each with its reason, to be opened one by one.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useSay } from '../app/preferences.tsx';
import type { CommandAnswer, Text, WorkItem } from '../contract.ts';
import { Icon } from '../design/icon.tsx';

interface RefusedItem {
  readonly item: WorkItem;
  readonly why: Text | string;
}

/** The refused among the answers, each answer beside its case. */
export const refusedOf = (
  items: readonly WorkItem[],
  answers: readonly (CommandAnswer | undefined)[],
): RefusedItem[] =>
  items.flatMap((item, index) => {
    const answer = answers[index];
    if (answer?.outcome === 'applied') return [];
    return [{ item, why: answer?.refusal?.detail ?? answer?.refusal?.code ?? answer?.outcome ?? '' }];
  });

/** How many of one bulk act were done, and which were not. */
export interface BulkEnd {
  readonly done: number;
  readonly refused: readonly RefusedItem[];
}

interface WorkRefusedProps extends BulkEnd {
  readonly close: () => void;
}

export function WorkRefused({ done, refused, close }: WorkRefusedProps) {
  const { t } = useTranslation();
  const say = useSay();
  if (refused.length === 0) return null;
  return (
    <section className="note late work-refused" role="alert">
      <Icon name="alert" size={16} />
      <div className="stack tight grow">
        <strong>{t('work.doneSome', { done, no: refused.length })}</strong>
        <ul>
          {refused.map(({ item, why }) => (
            <li key={item.id}>
              <Link to="/cases/$caseId" params={{ caseId: item.id }}>
                {say(item.title)} · {item.number}
              </Link>
              <p>{say(why)}</p>
            </li>
          ))}
        </ul>
      </div>
      <button type="button" className="button quiet" onClick={close}>
        {t('act.close')}
      </button>
    </section>
  );
}
