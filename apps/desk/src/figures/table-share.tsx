// Who may open a saved table: organisations, roles and persons, chosen by name and taken off again.
import { useQuery } from '@tanstack/react-query';
import Select from 'antd/es/select';
import { useDeferredValue, useState } from 'react';
import { post } from '../api/client.ts';
import { useSay } from '../app/preferences.tsx';
import type { PickAnswer } from '../contract.ts';
import { ComponentTheme } from '../design/component-theme.tsx';
import type { SavedTableEntry, TableViews } from './contract.ts';
import { useTableWords } from './table-words.ts';

export type Share = SavedTableEntry['shares'][number];

interface SharingProps {
  readonly roles: TableViews['roles'];
  readonly shares: readonly Share[];
  readonly change: (shares: readonly Share[]) => void;
}

export function Sharing({ roles, shares, change }: SharingProps) {
  const words = useTableWords();
  const say = useSay();
  const [kind, choose] = useState<Share['kind']>('person');
  const [text, setText] = useState('');
  const asked = useDeferredValue(text.trim());
  const picked = useQuery({
    queryKey: ['pick', kind, asked],
    queryFn: ({ signal }) => post<PickAnswer>('/desk/pick', { kind, text: asked }, signal),
    enabled: kind !== 'role',
    placeholderData: (before) => before,
  });
  const possible: readonly (Share & { readonly detail: string | null })[] =
    kind === 'role'
      ? roles.map(({ code, name }) => ({ kind, id: code, name, detail: null }))
      : (picked.data?.items ?? []).map(({ reference, name, detail }) => ({
          kind,
          id: kind === 'organisation' ? reference.replace(/^Organization\//, '') : reference,
          name: { zh: name, en: name },
          detail,
        }));
  return (
    <fieldset className="field">
      <legend>{words.share}</legend>
      {shares.length > 0 && (
        <ul className="table-shares">
          {shares.map((share) => (
            <li key={`${share.kind} ${share.id}`}>
              <span className="muted small">{words.shareKinds[share.kind]}</span> {say(share.name)}
              <button
                type="button"
                className="link-button"
                aria-label={`${words.remove} ${say(share.name)}`}
                onClick={() => change(shares.filter((each) => each !== share))}
              >
                {words.remove}
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className="row">
        <select
          className="input"
          aria-label={words.share}
          value={kind}
          onChange={(event) => choose(event.target.value as Share['kind'])}
        >
          {(Object.keys(words.shareKinds) as Share['kind'][]).map((each) => (
            <option key={each} value={each}>
              {words.shareKinds[each]}
            </option>
          ))}
        </select>
        <ComponentTheme>
          <Select
            className="grow"
            aria-label={words.shareHint}
            placeholder={words.shareHint}
            showSearch={{
              onSearch: setText,
              filterOption: kind === 'role' ? (typed, option) => `${option?.label}`.includes(typed) : false,
            }}
            loading={picked.isFetching}
            value={null}
            options={possible.map((each) => ({
              value: each.id,
              label: say(each.name),
              detail: each.detail,
            }))}
            optionRender={(option) => (
              <span className="row">
                <span>{option.label}</span>
                <span className="muted small">{(option.data as { detail?: string | null }).detail}</span>
              </span>
            )}
            onSelect={(id: string | null) => {
              const found = possible.find((each) => each.id === id);
              setText('');
              if (found && !shares.some((share) => share.kind === kind && share.id === id))
                change([...shares, { kind: found.kind, id: found.id, name: found.name }]);
            }}
          />
        </ComponentTheme>
      </div>
    </fieldset>
  );
}
