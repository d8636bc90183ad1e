// Saved filters as tabs, kept on the server for the person who is signed in.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDeskSettings } from '../app/desk-settings.ts';
import type { SavedFilter, WorkQuery } from '../contract.ts';
import { Icon } from '../design/icon.tsx';
import { Popup } from '../design/popup.tsx';

interface SavedFiltersProps {
  readonly current: WorkQuery;
  readonly choose: (query: Partial<WorkQuery>) => void;
}

export function SavedFilters({ current, choose }: SavedFiltersProps) {
  const { t } = useTranslation();
  const { settings, change } = useDeskSettings();
  const saved = settings.filters ?? [];
  const [name, setName] = useState('');
  const keep = (filters: readonly SavedFilter[]) => change({ filters });
  return (
    <>
      {saved.map((each) => (
        <span key={each.name} className="saved-filter">
          <button type="button" onClick={() => choose({ loop: '', text: '', late: false, ...each.query })}>
            {each.name}
          </button>
          <button
            type="button"
            className="icon"
            title={t('work.removeFilter', { name: each.name })}
            onClick={() => keep(saved.filter((other) => other.name !== each.name))}
          >
            <Icon name="close" size={12} />
            <span className="sr">{t('work.removeFilter', { name: each.name })}</span>
          </button>
        </span>
      ))}
      <span className="grow" />
      <Popup title={t('work.saveFilter')} label={<span className="small">{t('work.saveFilter')}</span>}>
        {(close) => (
          <form
            className="stack"
            style={{ padding: 8 }}
            onSubmit={(event) => {
              event.preventDefault();
              if (!name.trim()) return;
              keep([
                ...saved.filter((each) => each.name !== name.trim()),
                { name: name.trim(), query: current },
              ]);
              setName('');
              close();
            }}
          >
            <div className="field">
              <label htmlFor="filter-name">{t('work.filterName')}</label>
              <input
                id="filter-name"
                className="input"
                maxLength={12}
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
            </div>
            <button type="submit" className="button main">
              {t('act.save')}
            </button>
          </form>
        )}
      </Popup>
    </>
  );
}
