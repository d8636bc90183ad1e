// Notices: what fell due, arrived, came back or was said; each opens its case.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { get } from '../api/client.ts';
import { addressOf } from '../app/link-to.ts';
import { useSay } from '../app/preferences.tsx';
import { useReadMark } from '../app/read-marks.ts';
import type { Notice, StateKind } from '../contract.ts';
import { Blank, Loaded } from '../design/loaded.tsx';
import { useNow } from '../design/now.ts';
import { ScrollBox } from '../design/scroll-box.tsx';
import { State } from '../design/state.tsx';
import { when } from '../design/time.ts';
import './notices.css';

const KIND_STATES: Record<Notice['kind'], StateKind> = {
  due: 'due-soon',
  late: 'late',
  arrived: 'waiting',
  returned: 'waiting',
  critical: 'critical',
  message: 'running',
  info: 'running',
};

export function NoticesPage() {
  const { t } = useTranslation();
  const say = useSay();
  const now = useNow();
  const { readUpTo, markRead } = useReadMark();
  const query = useQuery({
    queryKey: ['notices'],
    queryFn: ({ signal }) => get<{ items: readonly Notice[] }>('/desk/notices', signal),
  });
  return (
    <div className="page">
      <header className="page-head">
        <h1>{t('notice.title')}</h1>
        {query.data?.items.some((notice) => notice.at > readUpTo) && (
          <button type="button" className="button" onClick={() => markRead(query.data?.items[0]?.at ?? '')}>
            {t('notice.allRead')}
          </button>
        )}
      </header>
      <section className="panel">
        <Loaded query={query}>
          {({ items }) =>
            items.length === 0 ? (
              <Blank title={t('notice.empty')}>
                <p>{t('notice.emptyText')}</p>
              </Blank>
            ) : (
              <ScrollBox label={t('notice.title')}>
                <table className="table cards notices" aria-label={t('notice.title')}>
                  <tbody>
                    {items.map((notice) => (
                      <tr key={notice.id}>
                        <td className="nowrap">
                          <State kind={KIND_STATES[notice.kind]} word={t(`notice.kinds.${notice.kind}`)} />
                        </td>
                        <td style={{ fontWeight: notice.at <= readUpTo ? 400 : 600 }}>
                          {notice.link ? (
                            <Link to={addressOf(notice.link)}>{say(notice.title)}</Link>
                          ) : (
                            say(notice.title)
                          )}
                          {notice.about && (
                            <span className="muted small notice-about">{say(notice.about)}</span>
                          )}
                          {notice.at > readUpTo && <span className="sr"> {t('notice.unread')}</span>}
                        </td>
                        <td className="muted nowrap number">{when(notice.at, now, t)}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </ScrollBox>
            )
          }
        </Loaded>
      </section>
    </div>
  );
}
