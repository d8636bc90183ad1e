// The foot of a list in pages: how many there are, and the way back and on where there is more than one page.
import { useTranslation } from 'react-i18next';
import type { Page } from '../contract.ts';
import { Icon } from './icon.tsx';

interface PagerProps {
  readonly page: Pick<Page<unknown>, 'items' | 'next'> & Partial<Pick<Page<unknown>, 'total'>>;
  /** Cursors of the pages gone through; empty on the first one. */
  readonly trail: readonly string[];
  readonly setTrail: (trail: readonly string[]) => void;
}

export function Pager({ page, trail, setTrail }: PagerProps) {
  const { t } = useTranslation();
  const { next, total } = page;
  if (page.items.length === 0 && trail.length === 0) return null;
  return (
    <footer className="between no-print">
      <span className="muted small">
        {total && (total.more ? t('more999') : t('exact', { n: total.count }))}
      </span>
      {(trail.length > 0 || next !== null) && (
        <span className="row">
          <button
            type="button"
            className="button"
            disabled={trail.length === 0}
            onClick={() => setTrail(trail.slice(0, -1))}
          >
            <Icon name="left" size={16} />
            {t('act.previous')}
          </button>
          <button
            type="button"
            className="button"
            disabled={next === null}
            onClick={() => next !== null && setTrail([...trail, next])}
          >
            {t('act.next')}
            <Icon name="right" size={16} />
          </button>
        </span>
      )}
    </footer>
  );
}
