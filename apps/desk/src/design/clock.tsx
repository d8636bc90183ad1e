// A deadline as a small clock with the working time that is left; red and in words when it has passed.
import { useTranslation } from 'react-i18next';
import type { Deadline } from '../contract.ts';
import { useNow } from './now.ts';
import { dateTime, workingTime } from './time.ts';

const SOON_SHARE = 0.25;

export function Clock({
  deadline,
  long = false,
}: {
  readonly deadline: Deadline | null;
  readonly long?: boolean;
}) {
  const { t } = useTranslation();
  const now = useNow();
  if (!deadline) return <span className="muted">{t('clock.none')}</span>;
  const { workingMinutesLeft: left, workingMinutesWhole: whole } = deadline;
  const share = whole > 0 ? Math.max(0, Math.min(1, left / whole)) : 0;
  const tone = left < 0 ? 'late' : share <= SOON_SHARE ? 'soon' : '';
  const words =
    left >= 0
      ? t('clock.left', { time: workingTime(left, t) })
      : restedSince(deadline, now)
        ? t('state.late')
        : t('clock.over', { time: workingTime(left, t) });
  const until = t('clock.until', { at: dateTime(deadline.at) });
  const basis = deadline.provisional ? t('clock.provisional') : null;
  return (
    <span className={`clock ${tone}`} title={[until, basis].filter(Boolean).join(' · ')}>
      <Pie share={share} />
      <span>{words}</span>
      {long && <span className="muted small">{until}</span>}
      {long && basis && <span className="muted small">{basis}</span>}
    </span>
  );
}

const HOUR_MIN = 60;

/** Late for less than a working hour that passed over a night or a weekend: minutes would read as if it were just now. */
const restedSince = ({ at, workingMinutesLeft }: Deadline, now: number): boolean =>
  -workingMinutesLeft < HOUR_MIN && now - Date.parse(at) > 2 * HOUR_MIN * 60_000;

function Pie({ share }: { readonly share: number }) {
  const angle = share * 2 * Math.PI;
  const [x, y] = [7 + 5 * Math.sin(angle), 7 - 5 * Math.cos(angle)];
  return (
    <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
      <circle cx="7" cy="7" r="6" fill="none" stroke="currentColor" strokeWidth="1.5" />
      {share >= 0.999 ? (
        <circle cx="7" cy="7" r="4" fill="currentColor" />
      ) : share > 0 ? (
        <path
          d={`M7 7V2A5 5 0 ${share > 0.5 ? 1 : 0} 1 ${x.toFixed(2)} ${y.toFixed(2)}z`}
          fill="currentColor"
        />
      ) : (
        <path d="M7 4v3.500M7 9.600v.1" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" />
      )}
    </svg>
  );
}
