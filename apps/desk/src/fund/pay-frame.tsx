// The pages of pay and operations as tabs; the places for names on their printed sheets.
import { useSession } from '../app/session.tsx';
import { NOTICE_ROLES } from './notice-contract.ts';
import { usePayWords } from './pay-words.ts';
import { useSettlementWords } from './settlement-words.ts';
import { type PageHead, TabbedFrame } from './tabbed-frame.tsx';

const KEEPERS = ['finance-clerk', 'script'];
/** Has no fund, but a share of what is distributed. */
export const isConcerned = (role: string): boolean => NOTICE_ROLES.includes(role);
const DOCTORS = ['hospital-doctor', 'township-doctor'];
/** Who drafts, approves or watches the houses' own budgets. */
const BUDGETERS = [
  ...KEEPERS,
  'township-director',
  'consortium-president',
  'consortium-office',
  'bureau-director',
];
const MANAGERS = [
  ...KEEPERS,
  'insurer-clerk',
  'consortium-president',
  'consortium-office',
  'bureau-director',
  'township-director',
];

export function PayFrame(page: PageHead) {
  const words = usePayWords();
  const more = useSettlementWords();
  const role = useSession().role?.role ?? '';
  const tabs = [
    { to: '/pay', word: words.tabs.mine, shown: true },
    { to: '/pay/notice', word: more.notice, shown: isConcerned(role) },
    { to: '/pay/in-stay', word: words.tabs.inStay, shown: DOCTORS.includes(role) },
    { to: '/pay/pools', word: words.tabs.pools, shown: KEEPERS.includes(role) },
    { to: '/pay/budget', word: words.tabs.budget, shown: BUDGETERS.includes(role) },
    { to: '/pay/prices', word: words.tabs.prices, shown: true },
    { to: '/pay/procurement', word: words.tabs.procurement, shown: MANAGERS.includes(role) },
    { to: '/pay/operations', word: words.tabs.operations, shown: MANAGERS.includes(role) },
  ];
  return <TabbedFrame {...page} name={words.pay} tabs={tabs} />;
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
