// The places of the desk; each page is a chunk of its own, fetched when first opened or pointed at.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { figureSearch } from '../figures/figure-search.ts';
import { fundSearch } from '../fund/fund-search.ts';
import { PageFault } from './page-fault.tsx';
import { PageMissing } from './page-missing.tsx';
import { Shell } from './shell.tsx';

const root = createRootRoute({ component: Shell, notFoundComponent: PageMissing });

const routes = [
  createRoute({
    getParentRoute: () => root,
    path: '/',
    component: lazyRouteComponent(() => import('../pages/home.tsx'), 'HomePage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/work',
    validateSearch: (search: Record<string, unknown>) => ({
      ...(typeof search['tab'] === 'string' ? { tab: search['tab'] } : {}),
      ...(typeof search['loop'] === 'string' ? { loop: search['loop'] } : {}),
    }),
    component: lazyRouteComponent(() => import('../pages/work.tsx'), 'WorkPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/cases/$caseId',
    component: lazyRouteComponent(() => import('../pages/case.tsx'), 'CasePage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/start/$domain/$programme/$loop',
    component: lazyRouteComponent(() => import('../pages/start.tsx'), 'StartPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/residents',
    component: lazyRouteComponent(() => import('../pages/residents.tsx'), 'ResidentsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/residents/$residentId',
    component: lazyRouteComponent(() => import('../pages/resident.tsx'), 'ResidentPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/registers',
    component: lazyRouteComponent(() => import('../pages/registers.tsx'), 'RegistersPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/registers/$registerId',
    component: lazyRouteComponent(() => import('../pages/register.tsx'), 'RegisterPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/registers/$registerId/import',
    component: lazyRouteComponent(() => import('../pages/register-import.tsx'), 'RegisterImportPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/registers/$registerId/objects/$key',
    component: lazyRouteComponent(() => import('../pages/object-file.tsx'), 'ObjectFilePage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/programmes',
    component: lazyRouteComponent(() => import('../pages/programmes.tsx'), 'ProgrammesPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/programmes/$domain/$programme',
    component: lazyRouteComponent(() => import('../pages/programme.tsx'), 'ProgrammePage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/trees/$treeId',
    component: lazyRouteComponent(() => import('../pages/tree.tsx'), 'TreePage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/matches/$matchId',
    component: lazyRouteComponent(() => import('../pages/match.tsx'), 'MatchPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/figures',
    validateSearch: figureSearch,
    component: lazyRouteComponent(() => import('../figures/figures-page.tsx'), 'FiguresPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/figures/$figureId',
    validateSearch: figureSearch,
    component: lazyRouteComponent(() => import('../figures/figure-page.tsx'), 'FigurePage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/tables',
    component: lazyRouteComponent(() => import('../figures/tables-page.tsx'), 'TablesPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/data-quality',
    component: lazyRouteComponent(() => import('../figures/findings-page.tsx'), 'FindingsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/centre',
    component: lazyRouteComponent(() => import('../figures/centre-page.tsx'), 'CentrePage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/wall',
    component: lazyRouteComponent(() => import('../figures/centre-page.tsx'), 'WallPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/fund',
    validateSearch: fundSearch,
    component: lazyRouteComponent(() => import('../fund/board-page.tsx'), 'FundBoardPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/fund/cases',
    validateSearch: fundSearch,
    component: lazyRouteComponent(() => import('../fund/cases-page.tsx'), 'FundCasesPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/fund/cases/$caseId',
    component: lazyRouteComponent(() => import('../fund/case-page.tsx'), 'FundCasePage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/fund/statements',
    validateSearch: fundSearch,
    component: lazyRouteComponent(() => import('../fund/statements-page.tsx'), 'FundStatementsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/fund/lists',
    component: lazyRouteComponent(() => import('../fund/lists-page.tsx'), 'FundListsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/fund/clearing',
    validateSearch: fundSearch,
    component: lazyRouteComponent(() => import('../fund/clearing-page.tsx'), 'FundClearingPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/fund/reviews',
    validateSearch: fundSearch,
    component: lazyRouteComponent(() => import('../fund/reviews-page.tsx'), 'FundReviewsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/fund/results',
    validateSearch: fundSearch,
    component: lazyRouteComponent(() => import('../fund/results-page.tsx'), 'FundResultsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/fund/notice',
    validateSearch: fundSearch,
    component: lazyRouteComponent(() => import('../fund/notice-page.tsx'), 'FundNoticePage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/fund/ledger',
    component: lazyRouteComponent(() => import('../fund/ledger-page.tsx'), 'FundLedgerPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/fund/rules',
    component: lazyRouteComponent(() => import('../fund/rules-page.tsx'), 'FundRulesPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/field',
    component: lazyRouteComponent(() => import('../field/route-page.tsx'), 'FieldRoutePage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/field/map',
    validateSearch: (search: Record<string, unknown>) =>
      typeof search['grid'] === 'string' ? { grid: search['grid'] } : {},
    component: lazyRouteComponent(() => import('../field/map-page.tsx'), 'FieldMapPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/field/$registerId/$key',
    component: lazyRouteComponent(() => import('../field/object-page.tsx'), 'FieldObjectPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/fund/warnings',
    validateSearch: fundSearch,
    component: lazyRouteComponent(() => import('../fund/warnings-page.tsx'), 'FundWarningsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/pay',
    component: lazyRouteComponent(() => import('../fund/my-pay-page.tsx'), 'MyPayPage'),
  }),
  // Staff have no fund but read its notice: beside their pay.
  createRoute({
    getParentRoute: () => root,
    path: '/pay/notice',
    validateSearch: fundSearch,
    component: lazyRouteComponent(() => import('../fund/notice-page.tsx'), 'FundNoticePage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/pay/in-stay',
    component: lazyRouteComponent(() => import('../fund/in-stay-page.tsx'), 'InStayPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/pay/pools',
    validateSearch: fundSearch,
    component: lazyRouteComponent(() => import('../fund/pay-pools-page.tsx'), 'PayPoolsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/mechanisms',
    component: lazyRouteComponent(() => import('../mechanisms/mechanisms-page.tsx'), 'MechanismsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/mechanisms/$kind/$id',
    component: lazyRouteComponent(() => import('../mechanisms/mechanism-page.tsx'), 'MechanismPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/mechanisms/$kind/$id/$item',
    component: lazyRouteComponent(() => import('../mechanisms/mechanism-page.tsx'), 'MechanismPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/pay/prices',
    component: lazyRouteComponent(() => import('../fund/prices-page.tsx'), 'PricesPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/pay/procurement',
    component: lazyRouteComponent(() => import('../fund/procurement-page.tsx'), 'ProcurementPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/pay/budget',
    validateSearch: fundSearch,
    component: lazyRouteComponent(() => import('../fund/operating-budget-page.tsx'), 'OperatingBudgetPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/pay/operations',
    validateSearch: fundSearch,
    component: lazyRouteComponent(() => import('../fund/operations-page.tsx'), 'OperationsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/organisations',
    component: lazyRouteComponent(() => import('../pages/organisations.tsx'), 'OrganisationsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/password',
    component: lazyRouteComponent(() => import('../pages/own-password.tsx'), 'OwnPasswordPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/organisations/import',
    component: lazyRouteComponent(() => import('../pages/organisation-import.tsx'), 'OrganisationImportPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/users/import',
    component: lazyRouteComponent(() => import('../pages/staff-import.tsx'), 'StaffImportPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/users',
    component: lazyRouteComponent(() => import('../pages/users.tsx'), 'UsersPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/audit',
    component: lazyRouteComponent(() => import('../pages/audit.tsx'), 'AuditPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/notices',
    component: lazyRouteComponent(() => import('../pages/notices.tsx'), 'NoticesPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/more',
    component: lazyRouteComponent(() => import('../pages/more.tsx'), 'MorePage'),
  }),
] as const;

export const router = createRouter({
  routeTree: root.addChildren([...routes]),
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultPendingMs: 100,
  defaultErrorComponent: PageFault,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
