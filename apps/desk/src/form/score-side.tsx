// Beside the form: how much is filled in, the score so far, its tier, and what forced the tier.
import type { Form, ScoreResult } from '@yimai/forms';
import { useTranslation } from 'react-i18next';
import { useSay } from '../app/preferences.tsx';
import { flatText } from './words.ts';

interface ScoreSideProps {
  readonly form: Form;
  readonly result: ScoreResult | null;
  readonly done: number;
  readonly of: number;
}

export function ScoreSide({ form, result, done, of }: ScoreSideProps) {
  const { t } = useTranslation();
  const say = useSay();
  const tier = form.scoring?.declaration.tiers.find((each) => each.tier === result?.tier);
  const title = flatText(form.items);
  return (
    <aside className="form-side" aria-live="polite">
      <p className="muted small">{t('form.filled', { n: done, of })}</p>
      <div className="bar">
        <i style={{ width: `${of === 0 ? 0 : (100 * done) / of}%` }} />
      </div>
      {result && (
        <>
          <p className="muted small">{t('form.score')}</p>
          <p className="form-score">
            {result.score ?? '–'}
            {result.full !== null && <span className="muted"> / {result.full}</span>}
          </p>
          {tier && <p className={`tier ${result.colour ?? ''}`}>{say(tier.title)}</p>}
          {result.vetoes.map((item) => (
            <p key={item} className="field-error">
              ▲ {say(title(item))}
            </p>
          ))}
        </>
      )}
    </aside>
  );
}
