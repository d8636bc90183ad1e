// Global search: `/` puts the cursor in; arrows and Enter choose. What is typed never becomes part of an address.
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent as ReactKey, useDeferredValue, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { post } from '../api/client.ts';
import type { SearchAnswer, SearchHit } from '../contract.ts';
import { Icon } from '../design/icon.tsx';
import { useErrorWords } from '../design/loaded.tsx';
import { addressOf } from './link-to.ts';
import { useSay } from './preferences.tsx';
import { isTyping } from './shell.tsx';

const LEAST = 2;

export function SearchBox() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const box = useRef<HTMLElement>(null);
  const [text, setText] = useState('');
  const [open, setOpen] = useState(false);
  const [here, setHere] = useState(0);
  const asked = useDeferredValue(text.trim());
  const query = useQuery({
    queryKey: ['search', asked],
    queryFn: ({ signal }) => post<SearchAnswer>('/desk/search', { text: asked }, signal),
    enabled: open && asked.length >= LEAST,
    gcTime: 0,
    placeholderData: (before) => before,
  });
  const hits = query.data?.groups.flatMap((group) => group.hits) ?? [];

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== '/' || isTyping(event)) return;
      event.preventDefault();
      input.current?.focus();
    };
    const outside = (event: Event) => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    addEventListener('keydown', onKey);
    document.addEventListener('pointerdown', outside);
    return () => {
      removeEventListener('keydown', onKey);
      document.removeEventListener('pointerdown', outside);
    };
  }, []);

  const go = (hit: SearchHit) => {
    setOpen(false);
    setText('');
    input.current?.blur();
    void navigate({ to: addressOf(hit.link) });
  };
  const onKey = (event: ReactKey) => {
    if (event.key === 'ArrowDown') setHere(Math.min(here + 1, hits.length - 1));
    else if (event.key === 'ArrowUp') setHere(Math.max(here - 1, 0));
    else if (event.key === 'Enter' && hits[here]) go(hits[here]);
    else if (event.key === 'Escape') {
      setOpen(false);
      input.current?.blur();
    } else return;
    event.preventDefault();
  };

  return (
    <search className="search" ref={box}>
      <Icon name="search" size={18} />
      <input
        ref={input}
        type="text"
        role="combobox"
        aria-expanded={open && asked.length >= LEAST}
        aria-controls={id}
        aria-activedescendant={open && hits[here] ? `${id}-${here}` : undefined}
        aria-label={t('shell.search')}
        placeholder={t('shell.search')}
        autoComplete="off"
        value={text}
        onFocus={() => setOpen(true)}
        onChange={(event) => {
          setText(event.target.value);
          setHere(0);
          setOpen(true);
        }}
        onKeyDown={onKey}
      />
      <kbd className="only-wide">/</kbd>
      {open && (
        <div className="search-panel" id={id} role="listbox" aria-label={t('search.title')}>
          {asked.length < LEAST ? (
            <p className="muted search-note">{t('shell.searchHint')}</p>
          ) : (
            <Hits id={id} text={asked} query={query} here={here} go={go} />
          )}
        </div>
      )}
    </search>
  );
}

interface HitsProps {
  readonly id: string;
  readonly text: string;
  readonly query: {
    readonly data: SearchAnswer | undefined;
    readonly error: unknown;
    readonly isPending: boolean;
  };
  readonly here: number;
  readonly go: (hit: SearchHit) => void;
}

function Hits({ id, text, query, here, go }: HitsProps) {
  const { t } = useTranslation();
  const say = useSay();
  const words = useErrorWords();
  if (query.error) return <p className="search-note field-error">{words(query.error)}</p>;
  if (query.isPending || !query.data) return <p className="muted search-note">{t('loading')}</p>;
  const groups = query.data.groups.filter((group) => group.hits.length > 0);
  if (groups.length === 0) {
    return (
      <div className="search-note">
        <p>{t('search.empty', { text })}</p>
        <p className="muted">{t('search.emptyHelp')}</p>
      </div>
    );
  }
  let index = -1;
  return groups.map((group) => (
    // biome-ignore lint/a11y/useSemanticElements: a group inside a listbox has no element of its own
    <div key={group.kind} role="group" aria-label={t(`search.groups.${group.kind}`)}>
      <p className="search-group">{t(`search.groups.${group.kind}`)}</p>
      {group.hits.map((hit) => {
        index += 1;
        return (
          <div
            key={`${hit.link.kind}/${hit.link.id}`}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === here}
            className="search-hit"
            onPointerDown={(event) => {
              event.preventDefault();
              go(hit);
            }}
          >
            <span className="truncate">{say(hit.title)}</span>
            <span className="muted small truncate">{hit.detail && say(hit.detail)}</span>
          </div>
        );
      })}
    </div>
  ));
}
