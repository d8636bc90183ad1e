// Starts the desk: tokens into the page, then preferences, queries, session, router.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Refused } from './api/client.ts';
import { Gate } from './app/gate.tsx';
import { setLanguage } from './app/language.ts';
import { PreferencesProvider, readPreferences } from './app/preferences.tsx';
import { router } from './app/router.tsx';
import { SessionProvider } from './app/session.tsx';
import { ToastProvider } from './app/toast.tsx';
import './design/base.css';
import { tokenSheet } from './design/tokens.ts';
import { dropOldDrafts } from './form/draft.ts';

const sheet = document.createElement('style');
sheet.textContent = tokenSheet();
document.head.prepend(sheet);

const FRESH_MS = 10_000;
const TRIES = 2;

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      networkMode: 'always',
      // A refusal stays a refusal; only weather is tried again.
      retry: (count, error) => !(error instanceof Refused) && count < TRIES,
      retryDelay: (attempt) => 400 * 2 ** attempt,
    },
    mutations: { networkMode: 'always' },
  },
});

dropOldDrafts(Date.now());
await setLanguage(readPreferences().language);

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <PreferencesProvider>
        <ToastProvider>
          <SessionProvider>
            <Gate>
              <RouterProvider router={router} />
            </Gate>
          </SessionProvider>
        </ToastProvider>
      </PreferencesProvider>
    </QueryClientProvider>
  </StrictMode>,
);
