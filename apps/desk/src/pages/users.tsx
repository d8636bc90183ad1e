// Users and roles: who may sign in, where, as what; blocking ends their sessions at once and can be undone.
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { command, post } from '../api/client.ts';
import { useSay } from '../app/preferences.tsx';
import { useToast } from '../app/toast.tsx';
import type { Page, UserRow } from '../contract.ts';
import { Blank, Loaded, useErrorWords } from '../design/loaded.tsx';
import { ScrollBox } from '../design/scroll-box.tsx';
import { State } from '../design/state.tsx';
import { dateTime } from '../design/time.ts';

export function UsersPage() {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const asked = useDeferredValue(text.trim());
  const query = useQuery({
    queryKey: ['users', asked],
    queryFn: ({ signal }) => post<Page<UserRow>>('/desk/users', { text: asked }, signal),
    placeholderData: keepPreviousData,
  });
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>{t('user.title')}</h1>
          <p>{t('user.intro')}</p>
        </div>
        <input
          className="input"
          style={{ maxWidth: 280 }}
          type="search"
          aria-label={t('user.search')}
          placeholder={t('user.search')}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </header>
      <section className="panel">
        <Loaded query={query}>
          {(page) =>
            page.items.length === 0 ? <Blank title={t('user.empty')} /> : <UserTable users={page.items} />
          }
        </Loaded>
      </section>
    </div>
  );
}

function UserTable({ users }: { readonly users: readonly UserRow[] }) {
  const { t } = useTranslation();
  const say = useSay();
  const setActive = useSetActive();
  return (
    <ScrollBox label={t('user.title')}>
      <table className="table" aria-label={t('user.title')}>
        <thead>
          <tr>
            <th>{t('user.name')}</th>
            <th>{t('user.login')}</th>
            <th>{t('user.roles')}</th>
            <th>{t('user.lastSignIn')}</th>
            <th>{t('user.status')}</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {users.map((user) => (
            <tr key={user.id}>
              <td>
                <strong>{user.name}</strong>
              </td>
              <td>
                <code>{user.login}</code>
              </td>
              <td>
                {user.roles.map((role) => `${say(role.roleName)} · ${role.orgName}`).join(t('listComma'))}
              </td>
              <td className="nowrap muted">
                {user.lastSignInAt ? dateTime(user.lastSignInAt) : t('user.never')}
              </td>
              <td>
                <State
                  kind={user.active ? 'done' : 'closed'}
                  word={user.active ? t('user.active') : t('user.inactive')}
                />
              </td>
              <td className="number">
                <button type="button" className="button" onClick={() => void setActive(user, !user.active)}>
                  {user.active ? t('user.block') : t('user.unblock')}
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}

function useSetActive(): (user: UserRow, active: boolean) => Promise<void> {
  const { t } = useTranslation();
  const toast = useToast();
  const words = useErrorWords();
  const queries = useQueryClient();
  const set = async (user: UserRow, active: boolean): Promise<void> => {
    try {
      await command({ type: 'user.set-active', payload: { user: user.id, active } });
      const said = active ? t('user.unblocked', { name: user.name }) : t('user.blocked', { name: user.name });
      toast(said, { undo: () => void set(user, !active) });
      await queries.invalidateQueries({ queryKey: ['users'] });
    } catch (error) {
      toast(words(error), { tone: 'late' });
    }
  };
  return set;
}
