// Finds a resident by characters, pinyin, initials or ID; the text travels in the body of the request, never in an address.
import { useDeferredValue } from 'react';
import { useTranslation } from 'react-i18next';
import { post } from '../api/client.ts';
import type { Page, ResidentRow } from '../contract.ts';
import { Blank, Loaded } from '../design/loaded.tsx';
import { LongFoot, LongRows, rowCount } from '../design/long-rows.tsx';
import { useNow } from '../design/now.ts';
import { ScrollBox } from '../design/scroll-box.tsx';
import { ageOf } from '../design/time.ts';
import { useKept, useLongList } from '../design/use-long-list.ts';

interface ResidentFinderProps {
  /** Where it stands: what was looked for there is there again on return. */
  readonly name: string;
  readonly choose: (resident: ResidentRow) => void;
}

const PAGE = 50;

export function ResidentFinder({ name, choose }: ResidentFinderProps) {
  const { t } = useTranslation();
  const [text, setText] = useKept(`residents.${name}`, '');
  const asked = useDeferredValue(text.trim());
  const list = useLongList<Page<ResidentRow>>(['residents', asked], (cursor, signal) =>
    post('/desk/residents', { text: asked, count: PAGE, ...(cursor ? { cursor } : {}) }, signal),
  );
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
          onChange={(event) => setText(event.target.value)}
        />
        <span className="help">{t('resident.start')}</span>
      </div>
      <Loaded query={list}>
        {(page) => (
          <>
            <Found page={page} isAll={asked === ''} choose={choose} />
            <LongFoot list={list} />
          </>
        )}
      </Loaded>
    </div>
  );
}

function Found({
  page,
  isAll,
  choose,
}: {
  readonly page: Page<ResidentRow>;
  /** Nothing was searched for: these are all that the role reaches. */
  readonly isAll: boolean;
  readonly choose: (resident: ResidentRow) => void;
}) {
  const { t } = useTranslation();
  const now = useNow();
  if (page.items.length === 0) {
    return (
      <Blank title={t(isAll ? 'resident.noneTitle' : 'resident.emptyTitle')}>
        <p>{t(isAll ? 'resident.noneText' : 'resident.emptyText')}</p>
      </Blank>
    );
  }
  return (
    <ScrollBox label={t('resident.title')}>
      <table className="table" aria-label={t('resident.title')} aria-rowcount={rowCount(page)}>
        <thead>
          <tr>
            <th>{t('resident.name')}</th>
            <th>{t('resident.sex')}</th>
            <th>{t('resident.age')}</th>
            <th className="only-wide">{t('case.maskedId')}</th>
            <th>{t('case.village')}</th>
          </tr>
        </thead>
        <LongRows rows={page.items} columns={5} name="residents">
          {(row, index) => (
            <tr
              key={row.id}
              className="open"
              data-row={index}
              aria-rowindex={index + 2}
              onClick={() => choose(row)}
            >
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
          )}
        </LongRows>
      </table>
    </ScrollBox>
  );
}
