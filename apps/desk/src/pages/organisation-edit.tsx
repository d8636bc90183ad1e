// One organisation entered or amended: number, name, level, kind, who stands above, and the duties that it holds.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, post } from '../api/client.ts';
import { useSay } from '../app/preferences.tsx';
import { useToast } from '../app/toast.tsx';
import type { Office, Organisation, OrganisationEntry, OrganisationKind } from '../contract.ts';
import { useErrorWords } from '../design/loaded.tsx';
import { useHouseWords } from './house-words.ts';

const LEVELS = ['city', 'county', 'township', 'village', 'department'] as const;

export function useOffices() {
  return useQuery({
    queryKey: ['offices'],
    queryFn: ({ signal }) => get<readonly Office[]>('/desk/offices', signal),
  });
}

/** Saves, and shows everywhere what was saved. */
export function useSaveOrganisation(done?: (id: string) => void) {
  const words = useHouseWords();
  const toast = useToast();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (entry: OrganisationEntry) => post<{ id: string }>('/desk/organisations/save', entry),
    onSuccess: ({ id }, entry) => {
      toast(words.saved(entry.name));
      for (const key of ['organisations', 'offices', 'first-day'])
        void queries.invalidateQueries({ queryKey: [key] });
      done?.(id);
    },
  });
}

interface OrganisationEditProps {
  readonly organisation: Organisation | null;
  readonly all: readonly Organisation[];
  readonly close: (id: string | null) => void;
}

export function OrganisationEdit({ organisation, all, close }: OrganisationEditProps) {
  const { t } = useTranslation();
  const say = useSay();
  const words = useHouseWords();
  const errorWords = useErrorWords();
  const id = useId();
  const kinds = useQuery({
    queryKey: ['organisation-kinds'],
    queryFn: ({ signal }) => get<readonly OrganisationKind[]>('/desk/organisations/kinds', signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const offices = useOffices();
  const save = useSaveOrganisation(close);
  const [entry, setEntry] = useState<OrganisationEntry>(() => ({
    id: organisation?.id ?? '',
    name: organisation?.name ?? '',
    level: organisation?.level ?? 'county',
    kind: organisation?.kindCode ?? null,
    parent: organisation ? organisation.parent : (all.find((each) => each.parent === null)?.id ?? null),
    offices: organisation?.offices ?? [],
    isNew: organisation === null,
  }));
  const set = (some: Partial<OrganisationEntry>) => setEntry((old) => ({ ...old, ...some }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(entry);
  };
  return (
    <form className="body stack" onSubmit={submit}>
      <h2>{organisation ? organisation.name : words.add}</h2>
      {organisation === null && (
        <div className="field">
          <label htmlFor={`${id}-id`}>{words.number}</label>
          <input
            id={`${id}-id`}
            className="input"
            required
            maxLength={50}
            value={entry.id}
            onChange={(event) => set({ id: event.target.value.trim() })}
          />
          <span className="help">{words.numberHelp}</span>
        </div>
      )}
      <div className="field">
        <label htmlFor={`${id}-name`}>{words.name}</label>
        <input
          id={`${id}-name`}
          className="input"
          required
          maxLength={60}
          value={entry.name}
          onChange={(event) => set({ name: event.target.value })}
        />
      </div>
      <div className="field">
        <label htmlFor={`${id}-level`}>{words.level}</label>
        <select
          id={`${id}-level`}
          className="input"
          value={entry.level}
          onChange={(event) => set({ level: event.target.value as OrganisationEntry['level'] })}
        >
          {LEVELS.map((level) => (
            <option key={level} value={level}>
              {t(`organisation.levels.${level}`)}
            </option>
          ))}
        </select>
      </div>
      <div className="field">
        <label htmlFor={`${id}-kind`}>{words.kind}</label>
        <select
          id={`${id}-kind`}
          className="input"
          value={entry.kind ?? ''}
          onChange={(event) => set({ kind: event.target.value || null })}
        >
          <option value="">{words.noKind}</option>
          {kinds.data?.map((kind) => (
            <option key={kind.code} value={kind.code}>
              {say(kind.name)}
            </option>
          ))}
        </select>
      </div>
      <div className="field">
        <label htmlFor={`${id}-parent`}>{words.above}</label>
        <select
          id={`${id}-parent`}
          className="input"
          value={entry.parent ?? ''}
          onChange={(event) => set({ parent: event.target.value || null })}
        >
          <option value="">{words.top}</option>
          {all
            .filter((each) => each.id !== entry.id && each.level !== 'village')
            .map((each) => (
              <option key={each.id} value={each.id}>
                {each.name}
              </option>
            ))}
        </select>
      </div>
      <fieldset className="choice">
        <legend>{words.duties}</legend>
        <p className="help">{words.dutiesHelp}</p>
        {offices.data?.map((office) => {
          const other = office.holder && office.holder.id !== entry.id ? office.holder.name : null;
          return (
            <label key={office.id} className="check">
              <input
                type="checkbox"
                disabled={other !== null}
                checked={entry.offices.includes(office.id)}
                onChange={(event) =>
                  set({
                    offices: event.target.checked
                      ? [...entry.offices, office.id]
                      : entry.offices.filter((each) => each !== office.id),
                  })
                }
              />
              <span>
                {say(office.name)}
                {other && <span className="muted small"> {words.dutyHeld(other)}</span>}
              </span>
            </label>
          );
        })}
      </fieldset>
      {save.isError && (
        <p className="field-error" role="alert">
          {errorWords(save.error)}
        </p>
      )}
      <div className="row">
        <button type="submit" className="button main" disabled={save.isPending}>
          {words.save}
        </button>
        <button type="button" className="button" onClick={() => close(null)}>
          {words.cancel}
        </button>
      </div>
    </form>
  );
}

/** Every duty with its holder; an open one is given to an organisation here. */
export function Duties({
  all,
  mayEdit,
}: {
  readonly all: readonly Organisation[];
  readonly mayEdit: boolean;
}) {
  const say = useSay();
  const words = useHouseWords();
  const errorWords = useErrorWords();
  const { data } = useOffices();
  const save = useSaveOrganisation();
  if (!data || data.length === 0) return null;
  const give = (office: Office, id: string) => {
    const to = all.find((each) => each.id === id);
    if (!to) return;
    const { name, level, kindCode, parent, offices } = to;
    save.mutate({ id, name, level, kind: kindCode, parent, offices: [...offices, office.id], isNew: false });
  };
  return (
    <section className="panel" aria-labelledby="duties">
      <header>
        <div>
          <h2 id="duties">{words.dutiesTitle}</h2>
          <p className="muted small">{words.dutiesText}</p>
        </div>
      </header>
      <ul className="body stack tight">
        {data.map((office) => (
          <li key={office.id} className="between duty">
            <span>
              <strong>{say(office.name)}</strong>{' '}
              <span
                className="muted small"
                title={office.programmes.map((each) => say(each.name)).join('、')}
              >
                {words.dutyUsedBy(office.programmes.length)}
              </span>
            </span>
            {office.holder ? (
              <span>{office.holder.name}</span>
            ) : mayEdit ? (
              <select
                className="input"
                style={{ maxWidth: 260 }}
                aria-label={`${words.choose} ${say(office.name)}`}
                value=""
                disabled={save.isPending}
                onChange={(event) => give(office, event.target.value)}
              >
                <option value="">
                  {words.dutyOpen} · {words.choose}
                </option>
                {all
                  .filter((each) => each.level !== 'village' && each.level !== 'township')
                  .map((each) => (
                    <option key={each.id} value={each.id}>
                      {each.name}
                    </option>
                  ))}
              </select>
            ) : (
              <span className="tag late">{words.dutyOpen}</span>
            )}
          </li>
        ))}
      </ul>
      {save.isError && (
        <p className="field-error body" role="alert">
          {errorWords(save.error)}
        </p>
      )}
    </section>
  );
}
