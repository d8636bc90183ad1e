// The head of every fund page: its title, the other pages of the fund as tabs.
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useSession } from '../app/session.tsx';
import './fund.css';
import { useSettlementWords } from './settlement-words.ts';
import { useWords } from './words.ts';

const SETTLERS = ['insurer-clerk', 'finance-clerk', 'coder', 'script'];
const SUPERVISORS = [
  'insurer-clerk',
  'consortium-president',
  'consortium-office',
  'bureau-director',
  'script',
];
const IMPORTERS = ['insurer-clerk', 'finance-clerk', 'coder'];

interface FundFrameProps {
  readonly title: string;
  readonly text: string;
  readonly tools?: ReactNode;
  readonly children: ReactNode;
}

export function FundFrame({ title, text, tools, children }: FundFrameProps) {
  const words = useWords();
  const more = useSettlementWords();
  const { role, org } = useSession().role ?? { role: '', org: '' };
  // The consortium's own finance office sees what those see who lead it.
  const supervises = SUPERVISORS.includes(role) || (role === 'finance-clerk' && org === 'consortium');
  const tabs = [
    { to: '/fund', word: words.tabs.board, shown: true },
    { to: '/fund/cases', word: words.tabs.cases, shown: SETTLERS.includes(role) },
    { to: '/fund/statements', word: words.tabs.statements, shown: true },
    { to: '/fund/lists', word: words.tabs.lists, shown: IMPORTERS.includes(role) },
    { to: '/fund/reviews', word: more.reviews, shown: SETTLERS.includes(role) },
    { to: '/fund/results', word: more.results, shown: supervises },
    { to: '/fund/clearing', word: words.tabs.clearing, shown: supervises },
    { to: '/fund/notice', word: more.notice, shown: true },
    { to: '/fund/ledger', word: words.tabs.ledger, shown: supervises },
    { to: '/fund/warnings', word: words.tabs.warnings, shown: SETTLERS.includes(role) },
    { to: '/fund/rules', word: words.tabs.rules, shown: true },
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
      <nav className="tabs no-print" aria-label={words.fund}>
        {tabs
          .filter(({ shown }) => shown)
          .map(({ to, word }) => (
            <Link
              key={to}
              to={to}
              activeOptions={{ exact: to === '/fund', includeSearch: false }}
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

interface SelectProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly word: string }[];
  readonly change: (value: string) => void;
}

export function Select({ label, value, options, change }: SelectProps) {
  return (
    <label className="fund-select">
      <span className="muted small">{label}</span>
      <select className="input" value={value} onChange={(event) => change(event.target.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.word}
          </option>
        ))}
      </select>
    </label>
  );
}
