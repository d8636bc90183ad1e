// What the pages of all mechanisms share: the way back to the programme, acts with their forms, one look for each state.
import { type UseQueryResult, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '../api/client.ts';
import { addressOf } from '../app/link-to.ts';
import { useSay } from '../app/preferences.tsx';
import { useSession } from '../app/session.tsx';
import { useToast } from '../app/toast.tsx';
import type { Act, CommandAnswer, Text } from '../contract.ts';
import { Icon } from '../design/icon.tsx';
import { grouped } from '../design/number.ts';
import { dateTime } from '../design/time.ts';
import { ActForm } from '../form/act-form.tsx';
import '../pages/case.css';
import './mechanisms.css';
import { useMechanismWords } from './words.ts';
import type { MechanismWords } from './words-zh.ts';

export function useMechanism<T>(path: string): UseQueryResult<T> {
  return useQuery({ queryKey: ['mechanism', path], queryFn: ({ signal }) => get<T>(path, signal) });
}

export const pathOf = (kind: string, id: string, more = ''): string =>
  `/desk/mechanisms/${kind}/${encodeURIComponent(id)}${more}`;

interface HeadProps {
  readonly kind: keyof MechanismWords['kinds'];
  readonly page: {
    readonly id: string;
    readonly name: Text;
    readonly programme: { readonly id: string; readonly name: Text };
    readonly asOf: string;
  };
  readonly title?: string;
  readonly note?: ReactNode;
  readonly acts?: readonly (Act | null)[];
}

export function MechanismHead({ kind, page, title, note, acts = [] }: HeadProps) {
  const words = useMechanismWords();
  const say = useSay();
  return (
    <>
      <header className="page-head">
        <div>
          <p>
            <Link to="/mechanisms">{words.kinds[kind]}</Link>
            {' · '}
            <Link to={addressOf({ kind: 'programme', id: page.programme.id })}>
              {say(page.programme.name)}
            </Link>
          </p>
          <h1>{title ?? say(page.name)}</h1>
          {note !== undefined && <div className="row wrap muted">{note}</div>}
        </div>
        <button type="button" className="button no-print only-wide" onClick={() => print()}>
          <Icon name="print" size={16} />
          {words.print}
        </button>
      </header>
      <Acts acts={acts.filter((act) => act !== null)} place={`${kind}.${page.id}`} />
    </>
  );
}

interface ActsProps {
  readonly acts: readonly Act[];
  /** Makes the drafts of this place its own. */
  readonly place: string;
  readonly onDone?: (answer: CommandAnswer) => void;
  /** Begins with the form of the only act in sight. */
  readonly opened?: boolean;
}

/** Buttons, and the form of the chosen one below them; what asks nothing is done at once, what is final asks once. */
export function Acts({ acts, place, onDone, opened = false }: ActsProps) {
  const { t } = useTranslation();
  const say = useSay();
  const toast = useToast();
  const queries = useQueryClient();
  const { session } = useSession();
  const [chosen, setChosen] = useState<string | null>(opened ? (acts[0]?.id ?? null) : null);
  const act = acts.find((one) => one.id === chosen);
  if (acts.length === 0) return null;
  return (
    <div className="stack no-print">
      <div className="row wrap" hidden={opened}>
        {acts.map((one) => (
          <button
            key={one.id}
            type="button"
            className={`button ${one.id === chosen ? 'chosen' : one.tone === 'main' ? 'main' : one.tone === 'danger' ? 'danger' : ''}`}
            aria-expanded={one.id === chosen}
            onClick={() => setChosen(one.id === chosen ? null : one.id)}
          >
            {say(one.name)}
          </button>
        ))}
      </div>
      {act && (
        <section className="panel" aria-label={say(act.name)}>
          <div className="body">
            <ActForm
              key={act.id}
              act={act}
              draftKey={`${session?.user.id ?? ''}.mechanism.${place}.${act.id}`}
              {...(opened ? {} : { onCancel: () => setChosen(null) })}
              onDone={(answer) => {
                setChosen(null);
                toast(t('case.done', { act: say(act.name) }));
                for (const name of ['mechanism', 'mechanisms', 'home', 'field'])
                  void queries.invalidateQueries({ queryKey: [name] });
                onDone?.(answer);
              }}
            />
          </div>
        </section>
      )}
    </div>
  );
}

export function AsOf({ at }: { readonly at: string }) {
  const words = useMechanismWords();
  return <p className="muted small">{words.asOf(dateTime(at))}</p>;
}

interface FiguresProps {
  readonly figures: readonly (readonly [name: string, value: string, tone?: 'late' | 'soon' | null])[];
}

export function Figures({ figures }: FiguresProps) {
  return (
    <dl className="mechanism-figures">
      {figures.map(([name, value, tone]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className={tone ?? ''}>
            {tone === 'late' ? '▲ ' : tone === 'soon' ? '◔ ' : ''}
            {grouped(value)}
          </dd>
        </div>
      ))}
    </dl>
  );
}

interface PanelProps {
  readonly id: string;
  readonly title: ReactNode;
  readonly side?: ReactNode;
  readonly children: ReactNode;
}

export function Panel({ id, title, side, children }: PanelProps) {
  return (
    <section className="panel" aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {side}
      </header>
      {children}
    </section>
  );
}
