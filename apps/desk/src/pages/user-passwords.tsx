// Passwords handed out: made on this device, set by command, shown or downloaded once and kept nowhere.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { command, commands, post } from '../api/client.ts';
import { useSay } from '../app/preferences.tsx';
import { useToast } from '../app/toast.tsx';
import type { UserPage, UserRow } from '../contract.ts';
import { Icon } from '../design/icon.tsx';
import { useErrorWords } from '../design/loaded.tsx';
import { useHouseWords } from './house-words.ts';

/** Without letters and digits that look alike on paper. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';
const LENGTH = 12;
const AT_ONCE = 10;

/** A short login may stand in a password by chance, which the house refuses: then another is made. */
function newPassword(login: string): string {
  const made = randomPassword();
  return made.includes(login.toLowerCase()) ? newPassword(login) : made;
}

function randomPassword(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(LENGTH * 4));
  const usable = [...bytes].filter((byte) => byte < 248).slice(0, LENGTH);
  const text = usable.map((byte) => LETTERS[byte % LETTERS.length]).join('');
  return [text.slice(0, 4), text.slice(4, 8), text.slice(8)].join('-');
}

export function NewPassword({ user, close }: { readonly user: UserRow; readonly close: () => void }) {
  const words = useHouseWords();
  const toast = useToast();
  const errorWords = useErrorWords();
  const queries = useQueryClient();
  const [password, setPassword] = useState<string | null>(null);
  const begun = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: one password for one press of the button
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    const made = newPassword(user.login);
    command({ type: 'user.set-password', payload: { user: user.id, password: made } })
      .then(() => setPassword(made))
      .catch((error: unknown) => {
        toast(errorWords(error), { tone: 'late' });
        close();
      })
      .finally(() => {
        for (const key of ['users', 'first-day']) void queries.invalidateQueries({ queryKey: [key] });
      });
  }, []);
  if (password === null) return null;
  return (
    <div className="note soon user-form" role="status">
      <div className="stack tight grow">
        <strong>{words.passwordFor(user.name)}</strong>
        <code className="user-password">{password}</code>
        <span className="small">{words.passwordOnce}</span>
      </div>
      <span className="row">
        <button
          type="button"
          className="button"
          onClick={() => void navigator.clipboard?.writeText(password).then(() => toast(words.copied))}
        >
          {words.copy}
        </button>
        <button type="button" className="button quiet icon" title={words.cancel} onClick={close}>
          <Icon name="close" size={14} />
          <span className="sr">{words.cancel}</span>
        </button>
      </span>
    </div>
  );
}

/** Passwords for all of the staff who have none yet, and one sheet of them. */
export function HandOut({ waiting }: { readonly waiting: number }) {
  const say = useSay();
  const words = useHouseWords();
  const toast = useToast();
  const errorWords = useErrorWords();
  const queries = useQueryClient();
  const [done, setDone] = useState<number | null>(null);
  const run = async () => {
    const lines: string[][] = [];
    setDone(0);
    try {
      const all = await everybody();
      for (let at = 0; at < all.length; at += AT_ONCE) {
        const some = all.slice(at, at + AT_ONCE).map((user) => ({ user, password: newPassword(user.login) }));
        const answers = await commands(
          some.map(({ user, password }) => ({
            type: 'user.set-password',
            payload: { user: user.id, password },
          })),
        );
        for (const [index, { user, password }] of some.entries()) {
          if (answers[index]?.outcome !== 'applied') continue;
          const where = user.roles.map((role) => `${role.orgName} ${say(role.roleName)}`).join('；');
          lines.push([user.name, user.login, password, where]);
        }
        setDone(lines.length);
      }
    } catch (error) {
      toast(errorWords(error), { tone: 'late' });
    }
    // What was set is never lost, also when the rest failed.
    if (lines.length > 0) {
      save([words.listHeads, ...lines], `${words.listName}.csv`);
      toast(words.handedOut(lines.length));
    }
    setDone(null);
    for (const key of ['users', 'first-day']) void queries.invalidateQueries({ queryKey: [key] });
  };
  return (
    <div className="note soon" role="status">
      <span className="grow">
        {done === null ? words.waitingForPassword(waiting) : words.handingOut(done, waiting)}
      </span>
      <button type="button" className="button main" disabled={done !== null} onClick={() => void run()}>
        {words.handOut}
      </button>
    </div>
  );
}

async function everybody(): Promise<UserRow[]> {
  const all: UserRow[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: UserPage = await post('/desk/users', { withoutPassword: true, cursor });
    all.push(...page.items);
    cursor = page.next;
  }
  return all;
}

function save(lines: readonly (readonly string[])[], name: string): void {
  const text = lines
    .map((line) => line.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(','))
    .join('\r\n');
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([`\uFEFF${text}\r\n`], { type: 'text/csv' }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
