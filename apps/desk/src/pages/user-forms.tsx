// A user added with a first role, and a role given to one who is there.
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { command } from '../api/client.ts';
import { useSay } from '../app/preferences.tsx';
import { useToast } from '../app/toast.tsx';
import type { Organisation, UserPage, UserRow } from '../contract.ts';
import { useErrorWords } from '../design/loaded.tsx';
import { useHouseWords } from './house-words.ts';

interface Choices {
  readonly roles: UserPage['roles'];
  readonly organisations: readonly Organisation[];
  readonly close: () => void;
}

/** Sends what a form asks, in order; a refusal stays in the form. */
function useSubmit(close: () => void) {
  const toast = useToast();
  const errorWords = useErrorWords();
  const queries = useQueryClient();
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = (work: () => Promise<string>) => async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      toast(await work());
      close();
    } catch (cause) {
      setError(errorWords(cause));
    }
    setBusy(false);
    for (const key of ['users', 'first-day']) void queries.invalidateQueries({ queryKey: [key] });
  };
  return { submit, error, busy };
}

interface RoleFieldsProps extends Omit<Choices, 'close'> {
  readonly role: string;
  readonly org: string;
  readonly set: (some: { role?: string; org?: string }) => void;
}

function RoleFields({ roles, organisations, role, org, set }: RoleFieldsProps) {
  const say = useSay();
  const words = useHouseWords();
  const id = useId();
  return (
    <>
      <div className="field">
        <label htmlFor={`${id}-role`}>{words.role}</label>
        <select
          id={`${id}-role`}
          className="input"
          required
          value={role}
          onChange={(event) => set({ role: event.target.value })}
        >
          <option value="" />
          {roles.map((each) => (
            <option key={each.code} value={each.code}>
              {say(each.name)}
            </option>
          ))}
        </select>
      </div>
      <div className="field">
        <label htmlFor={`${id}-org`}>{words.atOrganisation}</label>
        <select
          id={`${id}-org`}
          className="input"
          required
          value={org}
          onChange={(event) => set({ org: event.target.value })}
        >
          <option value="" />
          {organisations.map((each) => (
            <option key={each.id} value={each.id}>
              {each.name}
            </option>
          ))}
        </select>
      </div>
    </>
  );
}

function Buttons({ busy, word, close }: { busy: boolean; word: string; close: () => void }) {
  const words = useHouseWords();
  return (
    <span className="row">
      <button type="submit" className="button main" disabled={busy}>
        {word}
      </button>
      <button type="button" className="button" onClick={close}>
        {words.cancel}
      </button>
    </span>
  );
}

export function AddUser({ roles, organisations, close }: Choices) {
  const words = useHouseWords();
  const id = useId();
  const [user, setUser] = useState({ name: '', login: '', practitioner: '', role: '', org: '' });
  const set = (some: Partial<typeof user>) => setUser((old) => ({ ...old, ...some }));
  const { submit, error, busy } = useSubmit(close);
  const save = submit(async () => {
    const { name, login, practitioner, role, org } = user;
    const made = await command({
      type: 'user.create',
      payload: { name, login, ...(practitioner === '' ? {} : { practitioner }) },
    });
    const { user: key } = made.result as { user: string };
    await command({ type: 'user.assign-role', payload: { user: key, role, org } });
    return words.userMade(name);
  });
  const field = (key: 'name' | 'login' | 'practitioner', label: string, required: boolean) => (
    <div className="field">
      <label htmlFor={`${id}-${key}`}>{label}</label>
      <input
        id={`${id}-${key}`}
        className="input"
        autoComplete="off"
        required={required}
        maxLength={64}
        value={user[key]}
        onChange={(event) => set({ [key]: event.target.value.trim() })}
      />
    </div>
  );
  return (
    <section className="panel" aria-labelledby={`${id}-title`}>
      <header>
        <h2 id={`${id}-title`}>{words.addUser}</h2>
      </header>
      <form className="body stack user-form" onSubmit={(event) => void save(event)}>
        {field('name', words.name, true)}
        {field('login', words.login, true)}
        {field('practitioner', words.practitioner, false)}
        <RoleFields roles={roles} organisations={organisations} role={user.role} org={user.org} set={set} />
        {error && (
          <p className="field-error" role="alert">
            {error}
          </p>
        )}
        <Buttons busy={busy} word={words.save} close={close} />
      </form>
    </section>
  );
}

export function GiveRole({ user, roles, organisations, close }: Choices & { readonly user: UserRow }) {
  const words = useHouseWords();
  const [chosen, setChosen] = useState({ role: '', org: user.roles[0]?.org ?? '' });
  const { submit, error, busy } = useSubmit(close);
  const save = submit(async () => {
    await command({ type: 'user.assign-role', payload: { user: user.id, ...chosen } });
    return words.roleGiven(user.name);
  });
  return (
    <form className="stack user-form" onSubmit={(event) => void save(event)}>
      <RoleFields
        roles={roles}
        organisations={organisations}
        {...chosen}
        set={(some) => setChosen((old) => ({ ...old, ...some }))}
      />
      {error && (
        <p className="field-error" role="alert">
          {error}
        </p>
      )}
      <Buttons busy={busy} word={words.giveRole} close={close} />
    </form>
  );
}
