// Cases as rows: number, title, state with shape and word, deadline clock, age, who filed it, who has it. On a phone: cards.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useSay } from '../app/preferences.tsx';
import type { Text, WorkItem } from '../contract.ts';
import { Clock } from './clock.tsx';
import { LongRows } from './long-rows.tsx';
import { useNow } from './now.ts';
import { ScrollBox } from './scroll-box.tsx';
import { State } from './state.tsx';
import { since } from './time.ts';
import './work-table.css';

interface WorkTableProps {
  readonly items: readonly WorkItem[];
  readonly label: string;
  /** Index of the row that j and k move. */
  readonly here?: number;
  readonly selected?: ReadonlySet<string>;
  readonly onSelect?: (id: string) => void;
  readonly onSelectAll?: () => void;
  readonly slim?: boolean;
  /** Rows of the whole list (-1: not known), where these are only the first of them. */
  readonly rowCount?: number;
}

export function WorkTable(props: WorkTableProps) {
  const { items, label, selected, onSelect, onSelectAll, slim = false, rowCount } = props;
  const { t } = useTranslation();
  const all = items.length > 0 && selected !== undefined && items.every((item) => selected.has(item.id));
  return (
    <ScrollBox label={label}>
      <table
        className={`table cards work-table ${slim ? 'slim' : ''}`}
        aria-label={label}
        aria-rowcount={rowCount}
      >
        <thead>
          <tr>
            {onSelect && (
              <th className="work-check">
                <input
                  type="checkbox"
                  aria-label={t('work.selectAll')}
                  checked={all}
                  onChange={onSelectAll}
                />
              </th>
            )}
            <th>{t('work.columns.title')}</th>
            <th>{t('work.columns.state')}</th>
            <th>{t('work.columns.deadline')}</th>
            {!slim && <th>{t('work.columns.age')}</th>}
            <th>{t('work.columns.org')}</th>
            {!slim && <th>{t('work.columns.owner')}</th>}
          </tr>
        </thead>
        <LongRows rows={items} columns={(onSelect ? 1 : 0) + (slim ? 4 : 6)} name={label}>
          {(item, index) => <Row key={item.id} {...props} item={item} index={index} />}
        </LongRows>
      </table>
    </ScrollBox>
  );
}

function Row({
  item,
  index,
  here,
  selected,
  onSelect,
  slim,
  rowCount,
}: WorkTableProps & { readonly item: WorkItem; readonly index: number }) {
  const { t } = useTranslation();
  const say = useSay();
  const now = useNow();
  return (
    <tr
      className={`open ${index === here ? 'here' : ''}`}
      data-row={index}
      aria-rowindex={rowCount === undefined ? undefined : index + 2}
      aria-selected={selected?.has(item.id)}
    >
      {onSelect && (
        <td className="work-check">
          <input
            type="checkbox"
            aria-label={item.number}
            checked={selected?.has(item.id) ?? false}
            onChange={() => onSelect(item.id)}
          />
        </td>
      )}
      <td className="work-title">
        <Link to="/cases/$caseId" params={{ caseId: item.id }} className="work-link">
          {say(item.title)}
        </Link>
        <span className="muted small">{beneath(item, say)}</span>
      </td>
      <td className="work-state">
        <State kind={item.state.kind} word={say(item.state.name)} />
      </td>
      <td>
        <Clock deadline={item.deadline} />
      </td>
      {!slim && (
        <td className="nowrap muted work-age" data-label={t('work.columns.age')}>
          {since(item.enteredAt, now, t)}
        </td>
      )}
      <td className="work-org">
        {item.org?.name}
        {slim && item.claim?.me && <span className="tag accent">{t('work.claimedByMe')}</span>}
      </td>
      {!slim && (
        <td className="work-owner">
          <OwnerOf item={item} />
        </td>
      )}
    </tr>
  );
}

/** What the title does not say already: loop and number, else the programme. */
export function beneath(item: WorkItem, say: (text: Text | string) => string): string {
  const called = `${say(item.loop.name)} ${item.number}`;
  if (say(item.title) !== called) return called;
  return item.programme.name.zh === item.loop.name.zh ? '' : say(item.programme.name);
}

export function OwnerOf({ item }: { readonly item: WorkItem }) {
  const { t } = useTranslation();
  const say = useSay();
  if (item.state.kind === 'done' || item.state.kind === 'closed') return null;
  if (item.claim) {
    return item.claim.me ? (
      <span className="tag accent">{t('work.claimedByMe')}</span>
    ) : (
      <span>{item.claim.name}</span>
    );
  }
  if (item.owner.person) return <span>{item.owner.person}</span>;
  const org = item.owner.org?.name ?? '';
  const role = item.owner.role ? say(item.owner.role) : '';
  // An office that is called by its house's own name is said once.
  const parts = [org, org.endsWith(role) ? '' : role].filter(Boolean);
  return <span className="muted">{parts.length > 0 ? parts.join(' ') : t('work.unowned')}</span>;
}
