// The cases behind a number, as far as this reader may see them; each leads to the record of the person or the case.
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { download, get } from '../api/client.ts';
import { usePreferences, useSay } from '../app/preferences.tsx';
import { Bones, Failed } from '../design/loaded.tsx';
import { ScrollBox } from '../design/scroll-box.tsx';
import type { FigureCase, FigureCases, FigureDetail } from './contract.ts';
import { clockText, count, dayText } from './format.ts';
import { query } from './use-figures.ts';
import { useWords } from './words.ts';

type Part = FigureCases['part'];

interface CasesProps {
  readonly data: FigureDetail;
  /** One organisation below, instead of all of the figure's scope. */
  readonly within: string | null;
  readonly leave: () => void;
}

export function Cases({ data, within, leave }: CasesProps) {
  const words = useWords();
  const [part, choose] = useState<Part>('numerator');
  const shown = data.parts.includes(part) ? part : 'numerator';
  return (
    <section className="panel" aria-labelledby="figure-cases">
      <header>
        <h2 id="figure-cases">{words.cases}</h2>
        <span className="muted small only-wide">{words.casesIntro}</span>
      </header>
      {data.parts.length > 1 && (
        <div className="tabs figure-parts no-print" role="tablist">
          {data.parts.map((each) => (
            <button
              key={each}
              type="button"
              role="tab"
              aria-selected={each === shown}
              onClick={() => choose(each)}
            >
              {words.heads[each]}
            </button>
          ))}
        </div>
      )}
      {within !== null && (
        <p className="figure-counts row wrap">
          <span>
            {words.casesOf}
            <strong>{data.rows.find(({ scope }) => scope.id === within)?.scope.name}</strong>
          </span>
          <button type="button" className="link-button" onClick={leave}>
            {words.allOf}
          </button>
        </p>
      )}
      <List data={data} part={shown} scope={within ?? data.scope.id} />
    </section>
  );
}

interface ListProps {
  readonly data: FigureDetail;
  readonly part: Part;
  readonly scope: string;
}

function List({ data, part, scope }: ListProps) {
  const words = useWords();
  const say = useSay();
  const { t } = useTranslation();
  const { language } = usePreferences().preferences;
  const search = { period: data.period.name, scope, part };
  const cases = useInfiniteQuery({
    queryKey: ['figures', 'cases', data.tile.id, search],
    queryFn: ({ signal, pageParam }) =>
      get<FigureCases>(
        `/desk/figures/${encodeURIComponent(data.tile.id)}/cases?${query({ ...search, after: pageParam })}`,
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next ?? undefined,
  });
  if (cases.isError) return <Failed error={cases.error} retry={() => void cases.refetch()} />;
  if (!cases.data) return <Bones rows={4} />;
  const { pages } = cases.data;
  const found = pages.flatMap((page) => page.cases);
  const unseen = pages.reduce((sum, page) => sum + page.unseen, 0);
  const [first] = pages;
  return (
    <>
      <p className="figure-counts">
        {first?.masked ? (
          words.maskedText
        ) : (
          <>
            {first?.count !== null && first?.count !== undefined && (
              <strong>{words.casesCount(count(first.count))}</strong>
            )}
            {unseen > 0 && <span className="muted"> {words.casesUnseen(count(unseen))}</span>}
            {found.length > 0 && ' '}
            {found.length > 0 && (
              <button
                type="button"
                className="link-button no-print"
                onClick={() =>
                  void download(
                    `/desk/figures/${encodeURIComponent(data.tile.id)}/cases/export?${query({ ...search, language })}`,
                    {},
                    `${say(data.tile.name)}-${words.cases}-${data.period.name}.xlsx`,
                  )
                }
              >
                {t('act.exportXlsx')}
              </button>
            )}
          </>
        )}
      </p>
      {found.length > 0 ? (
        <ScrollBox label={words.cases}>
          <table className="table figure-cases">
            <thead>
              <tr>
                <th>{words.heads.case}</th>
                <th>{words.heads.person}</th>
                <th>{words.heads.org}</th>
                <th>{words.heads.at}</th>
              </tr>
            </thead>
            <tbody>
              {found.map((each) => (
                <Row key={`${each.type}/${each.id}`} one={each} />
              ))}
            </tbody>
          </table>
        </ScrollBox>
      ) : (
        !first?.masked && <p className="figure-none muted">{words.casesNone}</p>
      )}
      {cases.hasNextPage && (
        <footer className="no-print">
          <button
            type="button"
            className="button"
            disabled={cases.isFetchingNextPage}
            onClick={() => void cases.fetchNextPage()}
          >
            {words.casesMore}
          </button>
        </footer>
      )}
    </>
  );
}

/** In China time: a moment written in UTC may lie on the next day and in the next month. */
const momentText = (at: string): string =>
  at.includes('T') ? `${dayText(at)} ${clockText(at).slice(0, 5)}` : at;

function Row({ one }: { readonly one: FigureCase }) {
  const say = useSay();
  return (
    <tr>
      <td>
        {one.link?.kind === 'case' ? (
          <Link to="/cases/$caseId" params={{ caseId: one.link.id }}>
            {one.title}
          </Link>
        ) : (
          one.title
        )}
        <span className="muted small"> {say(one.kind)}</span>
      </td>
      <td>
        {one.person && (
          <Link to="/residents/$residentId" params={{ residentId: one.person.id }}>
            {one.person.name || one.person.id}
          </Link>
        )}
      </td>
      <td>{one.org}</td>
      <td className="nowrap">{one.at && momentText(one.at)}</td>
    </tr>
  );
}
