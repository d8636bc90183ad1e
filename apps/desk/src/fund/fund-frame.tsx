// The pages of the fund as tabs, as far as the acting role has them.
import { useSession } from '../app/session.tsx';
import { isConcerned, PayFrame } from './pay-frame.tsx';
import { useSettlementWords } from './settlement-words.ts';
import { type PageHead, TabbedFrame } from './tabbed-frame.tsx';
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

export function FundFrame(page: PageHead) {
  const words = useWords();
  const more = useSettlementWords();
  const { role, isHead } = useSession().role ?? { role: '', isHead: false };
  // The finance office at the head of the tree sees what those see who lead the consortium.
  const supervises = SUPERVISORS.includes(role) || (role === 'finance-clerk' && isHead === true);
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
  ];
  // Of the fund's pages staff have the notice alone; it stands beside their pay.
  if (isConcerned(role)) return <PayFrame {...page} />;
  return <TabbedFrame {...page} name={words.fund} tabs={tabs} />;
}
