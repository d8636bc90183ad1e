// Finds a resident by characters, pinyin, initials or ID; the text travels in the body of the request, never in an address.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { post } from '../api/client.ts';
import type { Page, ResidentRow } from '../contract.ts';
import { Icon } from '../design/icon.tsx';
import { Blank, Loaded } from '../design/loaded.tsx';
import { useNow } from '../design/now.ts';
import { ScrollBox } from '../design/scroll-box.tsx';
import { ageOf } from '../design/time.ts';

interface ResidentFinderProps {
  readonly choose: (resident: ResidentRow) => void;
}

const PAGE = 50;

export function ResidentFinder({ choose }: ResidentFinderProps) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [trail, setTrail] = useState<readonly string[]>([]);
  const asked = useDeferredValue(text.trim());
  const cursor = trail.at(-1);
  const query = useQuery({
    queryKey: ['residents', asked, cursor],
    queryFn: ({ signal }) =>
      post<Page<ResidentRow>>(
        '/desk/residents',
        { text: asked, count: PAGE, ...(cursor ? { cursor } : {}) },
        signal,
      ),
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
  return (
    <div className="stack">
      <div className="field">
        <label className="sr" htmlFor="resident-search">
          {t('resident.search')}
        </label>
        <input
          id="resident-search"
          className="input"
          style={{ maxWidth: 480 }}
          type="search"
          autoComplete="off"
          placeholder={t('resident.search')}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setTrail([]);
          }}
        />
        <span className="help">{t('resident.start')}</span>
      </div>
      <Loaded query={query}>
        {(page) => (
          <>
            <Found page={page} choose={choose} />
            <footer className="between">
              <span className="muted small">
                {page.total.more ? t('more999') : t('exact', { n: page.total.count })}
              </span>
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
                  disabled={page.next === null}
                  onClick={() => page.next && setTrail([...trail, page.next])}
                >
                  {t('act.next')}
                  <Icon name="right" size={16} />
                </button>
              </span>
            </footer>
          </>
        )}
      </Loaded>
    </div>
  );
}

function Found({
  page,
  choose,
}: {
  readonly page: Page<ResidentRow>;
  readonly choose: (resident: ResidentRow) => void;
}) {
  const { t } = useTranslation();
  const now = useNow();
  if (page.items.length === 0) {
    return (
      <Blank title={t('resident.emptyTitle')}>
        <p>{t('resident.emptyText')}</p>
      </Blank>
    );
  }
  return (
    <ScrollBox label={t('resident.title')}>
      <table className="table" aria-label={t('resident.title')}>
        <thead>
          <tr>
            <th>{t('resident.name')}</th>
            <th>{t('resident.sex')}</th>
            <th>{t('resident.age')}</th>
            <th className="only-wide">{t('case.maskedId')}</th>
            <th>{t('case.village')}</th>
          </tr>
        </thead>
        <tbody>
          {page.items.map((row) => (
            <tr key={row.id} className="open" onClick={() => choose(row)}>
              <td>
                <button type="button" className="link-button" onClick={() => choose(row)}>
                  {row.name || t('unknown')}
                </button>
              </td>
              <td className="nowrap">{t(`sex.${row.sex}`)}</td>
              <td className="nowrap">{row.birthDate ? ageOf(row.birthDate, now, t) : ''}</td>
              <td className="only-wide">{row.maskedId}</td>
              <td>{row.village}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}
