// Who is signed in and in which role they act; a session that ends keeps the page and asks to sign in again over it.
import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { actAs, get, onSessionOver, post, Refused, Unreachable } from '../api/client.ts';
import type { ActingRole, RoleAt, Session } from '../contract.ts';
import { clear } from '../form/device-store.ts';
import { useToast } from './toast.tsx';

export type SessionState = 'asking' | 'none' | 'over' | 'open' | 'unreachable';

interface SessionValue {
  readonly state: SessionState;
  readonly session: Session | null;
  readonly role: ActingRole | null;
  readonly signIn: (login: string, password: string, totp?: string) => Promise<void>;
  readonly signOut: () => Promise<void>;
  readonly switchRole: (role: ActingRole) => void;
  readonly askAgain: () => void;
}

const SessionContext = createContext<SessionValue | null>(null);
const ROLE_KEY = 'yimai.role';
const SESSION_KEY = 'yimai.session';

export function SessionProvider({ children }: { readonly children: ReactNode }) {
  const queries = useQueryClient();
  const toast = useToast();
  const { t } = useTranslation();
  const [state, setState] = useState<SessionState>('asking');
  const [session, setSession] = useState<Session | null>(null);
  const [role, setRole] = useState<ActingRole | null>(null);

  const enter = useCallback((opened: Session) => {
    const last = localStorage.getItem(ROLE_KEY);
    const chosen = opened.roles.find((each) => roleKey(each) === last) ?? opened.roles[0] ?? null;
    actAs(chosen);
    setRole(chosen);
    setSession(opened);
    keepSession(opened);
    setState('open');
  }, []);

  const ask = useCallback(async () => {
    setState('asking');
    try {
      enter(await get<Session>('/auth/me'));
    } catch (error) {
      const last = error instanceof Refused ? null : keptSession();
      if (last) enter(last);
      else setState(error instanceof Refused ? 'none' : 'unreachable');
    }
  }, [enter]);

  useEffect(() => {
    void ask();
  }, [ask]);
  useEffect(() => onSessionOver(() => setState((now) => (now === 'open' ? 'over' : now))), []);

  const value = useMemo<SessionValue>(
    () => ({
      state,
      session,
      role,
      askAgain: () => void ask(),
      signIn: async (login, password, totp) => {
        const before = session?.user.id;
        const body = { login, password, ...(totp ? { totp } : {}) };
        const opened = await post<Session>('/auth/sign-in', body);
        if (before !== opened.user.id) queries.clear();
        enter(opened);
        void queries.invalidateQueries();
      },
      signOut: async () => {
        await post('/auth/sign-out', {}).catch((cause: unknown) => {
          if (cause instanceof Unreachable) toast(t('shell.signOutUnsent'), { tone: 'late' });
        });
        queries.clear();
        // What was kept to be read without network leaves the device with its reader; unsent work stays theirs.
        await clear('kept').catch(() => toast(t('shell.keptStays'), { tone: 'late' }));
        localStorage.removeItem(SESSION_KEY);
        actAs(null);
        setSession(null);
        setState('none');
      },
      switchRole: (next) => {
        localStorage.setItem(ROLE_KEY, roleKey(next));
        actAs(next);
        setRole(next);
        queries.clear();
      },
    }),
    [state, session, role, queries, enter, ask, toast, t],
  );
  return <SessionContext value={value}>{children}</SessionContext>;
}

/** Who was here last, so that the desk opens without network; it holds no token and ends when the session does. */
function keepSession({ user, roles, expiresAt }: Session): void {
  const last = keptSession();
  const until = expiresAt ?? (last?.user.id === user.id ? last.expiresAt : undefined);
  if (until === undefined) localStorage.removeItem(SESSION_KEY);
  else localStorage.setItem(SESSION_KEY, JSON.stringify({ user, roles, expiresAt: until }));
}

function keptSession(): Session | null {
  try {
    const found = JSON.parse(localStorage.getItem(SESSION_KEY) ?? 'null') as Session | null;
    if (found?.expiresAt === undefined || Date.parse(found.expiresAt) <= Date.now()) return null;
    // One kept by an earlier version of the desk does not say which places its roles have.
    return found.roles.every((each) => Array.isArray(each.places)) ? found : null;
  } catch {
    return null;
  }
}

export function useSession(): SessionValue {
  const value = useContext(SessionContext);
  if (!value) throw new Error('fault: useSession outside its provider');
  return value;
}

export const roleKey = (role: RoleAt): string => `${role.org};${role.role}`;
