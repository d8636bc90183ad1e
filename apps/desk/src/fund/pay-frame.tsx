// The head of the pages of pay and operations: the title, the other pages as tabs; the small form that opens in a row.
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useSession } from '../app/session.tsx';
import './fund.css';
import { usePayWords } from './pay-words.ts';

const KEEPERS = ['finance-clerk', 'script'];
const MANAGERS = [
  ...KEEPERS,
  'insurer-clerk',
  'consortium-president',
  'consortium-office',
  'bureau-director',
  'township-director',
];

interface PayFrameProps {
  readonly title: string;
  readonly text: string;
  readonly tools?: ReactNode;
  readonly children: ReactNode;
}

export function PayFrame({ title, text, tools, children }: PayFrameProps) {
  const words = usePayWords();
  const role = useSession().role?.role ?? '';
  const tabs = [
    { to: '/pay', word: words.tabs.mine, shown: true },
    { to: '/pay/pools', word: words.tabs.pools, shown: KEEPERS.includes(role) },
    { to: '/pay/prices', word: words.tabs.prices, shown: true },
    { to: '/pay/procurement', word: words.tabs.procurement, shown: MANAGERS.includes(role) },
    { to: '/pay/operations', word: words.tabs.operations, shown: MANAGERS.includes(role) },
  ] as const;
  return (
    <div className="page fund">
      <header className="page-head">
        <div>
          <h1>{title}</h1>
          <p className="no-print">{text}</p>
        </div>
        {tools && <div className="row wrap no-print">{tools}</div>}
      </header>
      <nav className="tabs no-print" aria-label={words.pay}>
        {tabs
          .filter(({ shown }) => shown)
          .map(({ to, word }) => (
            <Link
              key={to}
              to={to}
              activeOptions={{ exact: to === '/pay', includeSearch: false }}
              activeProps={{ 'aria-current': 'page' }}
            >
              {word}
            </Link>
          ))}
      </nav>
      {children}
    </div>
  );
}

interface ReasonFormProps {
  readonly label: string;
  readonly acts: readonly {
    readonly word: string;
    readonly main?: boolean;
    readonly run: (reason: string) => void;
  }[];
  readonly busy: boolean;
  readonly fault: string | null;
}

/** One text and what can be done with it. */
export function ReasonForm({ label, acts, busy, fault }: ReasonFormProps) {
  const [reason, setReason] = useState('');
  return (
    <div className="stack tight">
      <label className="stack tight">
        <span className="muted small">{label}</span>
        <input className="input" value={reason} onChange={(event) => setReason(event.target.value)} />
      </label>
      {fault !== null && (
        <p className="field-error" role="alert">
          {fault}
        </p>
      )}
      <span className="row wrap">
        {acts.map(({ word, main, run }) => (
          <button
            key={word}
            type="button"
            className={main ? 'button main' : 'button'}
            disabled={busy || reason.trim() === ''}
            onClick={() => run(reason.trim())}
          >
            {word}
          </button>
        ))}
      </span>
    </div>
  );
}

/** Four places for names on the printed sheet. */
export function PrintedSigns() {
  const words = usePayWords();
  return (
    <div className="statement-signs">
      {words.signs.map((sign) => (
        <span key={sign}>{sign}：</span>
      ))}
    </div>
  );
}
