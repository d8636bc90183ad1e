// The first start of a house: the code from the terminal and a password make the administrator's sign-in.
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { post } from '../api/client.ts';
import { useSession } from '../app/session.tsx';
import { useErrorWords } from '../design/loaded.tsx';
import { useHouseWords } from './house-words.ts';

export function FirstStart() {
  const words = useHouseWords();
  const errorWords = useErrorWords();
  const { signIn } = useSession();
  const queries = useQueryClient();
  const id = useId();
  const [given, setGiven] = useState({ code: '', password: '', again: '' });
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (given.password !== given.again) return setError(words.firstDiffer);
    setBusy(true);
    setError(null);
    try {
      const { code, password } = given;
      const { login } = await post<{ login: string }>('/auth/first-password', { code, password });
      await signIn(login, password);
      await queries.invalidateQueries({ queryKey: ['system'] });
    } catch (cause) {
      setError(errorWords(cause));
      setBusy(false);
    }
  };
  const field = (key: keyof typeof given, label: string, type: 'text' | 'password') => (
    <div className="field">
      <label htmlFor={`${id}-${key}`}>{label}</label>
      <input
        id={`${id}-${key}`}
        className="input"
        type={type}
        required
        autoComplete={type === 'password' ? 'new-password' : 'one-time-code'}
        value={given[key]}
        onChange={(event) => setGiven((old) => ({ ...old, [key]: event.target.value }))}
      />
    </div>
  );
  return (
    <form className="stack" onSubmit={(event) => void submit(event)}>
      <h2>{words.firstTitle}</h2>
      <p className="muted">{words.firstText}</p>
      {field('code', words.firstCode, 'text')}
      {field('password', words.firstPassword, 'password')}
      {field('again', words.firstAgain, 'password')}
      {error && (
        <p className="field-error" role="alert">
          {error}
        </p>
      )}
      <button type="submit" className="button main big" disabled={busy}>
        {words.firstSubmit}
      </button>
    </form>
  );
}
