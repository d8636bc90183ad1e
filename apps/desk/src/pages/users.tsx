// Users and roles: who may sign in, where, as what; people and roles added, passwords handed out, sign-ins blocked.
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { command, get, post } from '../api/client.ts';
import { useSay } from '../app/preferences.tsx';
import { useToast } from '../app/toast.tsx';
import type { HeldRole, Organisation, UserPage, UserRow } from '../contract.ts';
import { Icon } from '../design/icon.tsx';
import { Blank, Loaded, useErrorWords } from '../design/loaded.tsx';
import { Pager } from '../design/pager.tsx';
import { ScrollBox } from '../design/scroll-box.tsx';
import { State } from '../design/state.tsx';
import { dateTime } from '../design/time.ts';
import { useHouseWords } from './house-words.ts';
import { AddUser, GiveRole } from './user-forms.tsx';
import { HandOut, NewPassword } from './user-passwords.tsx';
import './organisations.css';

export function UsersPage() {
  const { t } = useTranslation();
  const words = useHouseWords();
  const [text, setText] = useState('');
  const [withoutPassword, setWithoutPassword] = useState(false);
  const [trail, setTrail] = useState<readonly string[]>([]);
  const [adding, setAdding] = useState(false);
  const asked = useDeferredValue(text.trim());
  const cursor = trail.at(-1);
  const body = { text: asked, withoutPassword, ...(cursor ? { cursor } : {}) };
  const query = useQuery({
    queryKey: ['users', body],
    queryFn: ({ signal }) => post<UserPage>('/desk/users', body, signal),
    placeholderData: keepPreviousData,
  });
  const organisations = useQuery({
    queryKey: ['organisations'],
    queryFn: ({ signal }) => get<readonly Organisation[]>('/desk/organisations', signal),
  });
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>{t('user.title')}</h1>
          <p>{t('user.intro')}</p>
        </div>
        <div className="row wrap">
          <button type="button" className="button" onClick={() => setAdding(true)}>
            <Icon name="plus" size={16} />
            {words.addUser}
          </button>
          <Link to="/users/import" className="button main">
            <Icon name="upload" size={16} />
            {words.importStaff}
          </Link>
        </div>
      </header>
      {adding && query.data && (
        <AddUser
          roles={query.data.roles}
          organisations={organisations.data ?? []}
          close={() => setAdding(false)}
        />
      )}
      {query.data && query.data.withoutPassword > 0 && <HandOut waiting={query.data.withoutPassword} />}
      <div className="row wrap">
        <input
          className="input"
          style={{ maxWidth: 320 }}
          type="search"
          aria-label={t('user.search')}
          placeholder={t('user.search')}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setTrail([]);
          }}
        />
        <label className="check">
          <input
            type="checkbox"
            checked={withoutPassword}
            onChange={(event) => {
              setWithoutPassword(event.target.checked);
              setTrail([]);
            }}
          />
          {words.onlyWithout}
        </label>
      </div>
      <section className="panel">
        <Loaded query={query}>
          {(page) =>
            page.items.length === 0 ? (
              <Blank title={t('user.empty')} />
            ) : (
              <>
                <UserTable page={page} organisations={organisations.data ?? []} />
                <Pager page={page} trail={trail} setTrail={setTrail} />
              </>
            )
          }
        </Loaded>
      </section>
    </div>
  );
}

interface UserTableProps {
  readonly page: UserPage;
  readonly organisations: readonly Organisation[];
}

function UserTable({ page, organisations }: UserTableProps) {
  const { t } = useTranslation();
  const words = useHouseWords();
  const setActive = useSetActive();
  const [form, setForm] = useState<{ readonly user: string; readonly what: 'role' | 'password' } | null>(
    null,
  );
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
          {page.items.map((user) => (
            <tr key={user.id}>
              <td>
                <strong>{user.name}</strong>
              </td>
              <td>
                <code>{user.login}</code>
              </td>
              <td>
                <Roles user={user} />
                {form?.user === user.id && form.what === 'role' && (
                  <GiveRole
                    user={user}
                    roles={page.roles}
                    organisations={organisations}
                    close={() => setForm(null)}
                  />
                )}
                {form?.user === user.id && form.what === 'password' && (
                  <NewPassword user={user} close={() => setForm(null)} />
                )}
              </td>
              <td className="nowrap muted">
                {user.lastSignInAt ? dateTime(user.lastSignInAt) : t('user.never')}
              </td>
              <td className="nowrap">
                <State
                  kind={user.active ? (user.hasPassword ? 'done' : 'waiting') : 'closed'}
                  word={
                    user.active
                      ? user.hasPassword
                        ? t('user.active')
                        : words.noPassword
                      : t('user.inactive')
                  }
                />
              </td>
              <td>
                <span className="row user-acts">
                  <button
                    type="button"
                    className="button"
                    onClick={() => setForm({ user: user.id, what: 'role' })}
                  >
                    {words.giveRole}
                  </button>
                  <button
                    type="button"
                    className="button"
                    onClick={() => setForm({ user: user.id, what: 'password' })}
                  >
                    {words.newPassword}
                  </button>
                  <button type="button" className="button" onClick={() => void setActive(user, !user.active)}>
                    {user.active ? t('user.block') : t('user.unblock')}
                  </button>
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}

function Roles({ user }: { readonly user: UserRow }) {
  const say = useSay();
  const words = useHouseWords();
  const toast = useToast();
  const errorWords = useErrorWords();
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: ['users'] });
  const give = async (role: HeldRole) => {
    await command({ type: 'user.assign-role', payload: { user: user.id, role: role.role, org: role.org } });
    await refresh();
  };
  const end = async (role: HeldRole) => {
    try {
      await command({ type: 'user.end-role', payload: { assignment: role.assignment } });
      toast(words.roleEnded(say(role.roleName)), { undo: () => void give(role) });
      await refresh();
    } catch (error) {
      toast(errorWords(error), { tone: 'late' });
    }
  };
  return (
    <ul className="stack tight">
      {user.roles.map((role) => (
        <li key={role.assignment} className="row">
          <span>
            {say(role.roleName)} · <span className="muted">{role.orgName}</span>
          </span>
          <button
            type="button"
            className="button quiet icon"
            title={words.endRole(say(role.roleName))}
            onClick={() => void end(role)}
          >
            <Icon name="close" size={12} />
            <span className="sr">{words.endRole(say(role.roleName))}</span>
          </button>
        </li>
      ))}
    </ul>
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
