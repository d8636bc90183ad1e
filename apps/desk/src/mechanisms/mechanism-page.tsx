// One page for each kind of mechanism, drawn from what its programme declares.
import { useParams } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { PageMissing } from '../app/page-missing.tsx';
import { AgreementPage, AgreementsPage } from './agreements-page.tsx';
import { AlertPage } from './alert-page.tsx';
import type { Mechanism } from './contract.ts';
import { DrawPage } from './draw-page.tsx';
import { LibraryPage } from './library-page.tsx';
import { DatedListPage } from './list-page.tsx';
import { PoolPage } from './pool-page.tsx';
import { RecurringPage } from './recurring-page.tsx';
import { ReportPage } from './report-page.tsx';
import { StockPage } from './stock-page.tsx';
import { SurveyPage } from './survey-page.tsx';

const PAGES: Readonly<Record<Mechanism, ComponentType<{ readonly id: string }>>> = {
  recurring: RecurringPage,
  agreements: AgreementsPage,
  stocks: StockPage,
  alerts: AlertPage,
  draws: DrawPage,
  lists: DatedListPage,
  surveys: SurveyPage,
  pools: PoolPage,
  libraries: LibraryPage,
  reports: ReportPage,
};

export function MechanismPage() {
  const { kind = '', id = '', item } = useParams({ strict: false });
  if (!Object.hasOwn(PAGES, kind)) return <PageMissing />;
  if (kind === 'agreements' && item !== undefined) return <AgreementPage key={item} kind={id} id={item} />;
  const Page = PAGES[kind as Mechanism];
  return <Page key={`${kind}|${id}`} id={id} />;
}
