// The own password changed; all sessions of the old one end, so that the person signs in anew.
import { type FormEvent, useId, useState } from 'react';
import { command } from '../api/client.ts';
import { useSession } from '../app/session.tsx';
import { useToast } from '../app/toast.tsx';
import { useErrorWords } from '../design/loaded.tsx';
import { useHouseWords } from './house-words.ts';

export function OwnPasswordPage() {
  const words = useHouseWords();
  const errorWords = useErrorWords();
  const toast = useToast();
  const { session, signOut } = useSession();
  const id = useId();
  const [given, setGiven] = useState({ password: '', again: '' });
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (given.password !== given.again) return setError(words.firstDiffer);
    setBusy(true);
    setError(null);
    try {
      await command({ type: 'user.set-password', payload: { password: given.password } });
      toast(words.ownChanged);
      await signOut();
    } catch (cause) {
      setError(errorWords(cause));
      setBusy(false);
    }
  };
  const field = (key: keyof typeof given, label: string) => (
    <div className="field">
      <label htmlFor={`${id}-${key}`}>{label}</label>
      <input
        id={`${id}-${key}`}
        className="input"
        type="password"
        required
        autoComplete="new-password"
        value={given[key]}
        onChange={(event) => setGiven((old) => ({ ...old, [key]: event.target.value }))}
      />
    </div>
  );
  return (
    <div className="page">
      <header className="page-head">
        <h1>{words.ownPassword}</h1>
      </header>
      <section className="panel">
        <form className="body stack" style={{ maxWidth: 420 }} onSubmit={(event) => void submit(event)}>
          <input type="hidden" name="username" autoComplete="username" value={session?.user.login ?? ''} />
          {field('password', words.firstPassword)}
          {field('again', words.firstAgain)}
          {error && (
            <p className="field-error" role="alert">
              {error}
            </p>
          )}
          <span>
            <button type="submit" className="button main" disabled={busy}>
              {words.save}
            </button>
          </span>
        </form>
      </section>
    </div>
  );
}
