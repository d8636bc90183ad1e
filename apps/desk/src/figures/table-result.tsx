// The result of a table: lines down, columns across, each cell opens the records behind it.
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { post } from '../api/client.ts';
import { useSay } from '../app/preferences.tsx';
import { ScrollBox } from '../design/scroll-box.tsx';
import type { FigureCase, FreeTableAnswer, TableViews } from './contract.ts';
import { clockText, dayText } from './format.ts';
import { useTableWords } from './table-words.ts';
import { useWords } from './words.ts';

interface ResultProps {
  readonly answer: FreeTableAnswer;
  readonly codes: TableViews['codes'];
  readonly table: object;
}

type Cell = FreeTableAnswer['cells'][number];

export function Result({ answer, codes, table }: ResultProps) {
  const words = useTableWords();
  const figures = useWords();
  const say = useSay();
  const behind = useMutation({
    mutationFn: (cell: Cell['at']) =>
      post<{ cases: readonly FigureCase[] }>('/desk/tables/cases', { table, cell }),
  });
  const { rows } = answer;
  const text = (value: string | null | undefined): string =>
    value === null || value === undefined
      ? words.empty
      : (answer.names[value] ?? (codes[value] ? say(codes[value]) : value));
  const across = [
    ...new Map(answer.cells.map(({ at }) => [JSON.stringify(at.slice(rows)), at.slice(rows)])).values(),
  ];
  const lines = new Map<string, { head: Cell['at']; cells: Map<string, Cell> }>();
  for (const cell of answer.cells) {
    const head = cell.at.slice(0, rows);
    const line = lines.get(JSON.stringify(head)) ?? { head, cells: new Map<string, Cell>() };
    line.cells.set(JSON.stringify(cell.at.slice(rows)), cell);
    lines.set(JSON.stringify(head), line);
  }
  return (
    <section className="panel" aria-labelledby="table-result">
      <header>
        <h2 id="table-result">{answer.period ?? words.value}</h2>
        <span className="muted small">
          {answer.madeAt && `${words.made(`${dayText(answer.madeAt)} ${clockText(answer.madeAt)}`)} · `}
          {answer.dataAt && `${figures.asOf} ${clockText(answer.dataAt)}`}
          {answer.hidden > 0 && ` · ${words.hidden(answer.hidden)}`}
        </span>
      </header>
      {answer.cells.length === 0 ? (
        <p className="figure-none muted">{words.noCells}</p>
      ) : (
        <ScrollBox label={words.title}>
          <table className="table">
            <thead>
              <tr>
                {answer.heads.slice(0, rows).map((head) => (
                  <th key={head.en}>{say(head)}</th>
                ))}
                {across.map((at) => (
                  <th key={at.join('|')} className="number">
                    {at.length === 0 ? words.value : at.map(text).join(' · ')}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {[...lines.values()].map(({ head, cells }) => (
                <tr key={head.join('|')}>
                  {head.map((each, index) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: the place among the lines is what it is
                    <td key={index}>{text(each)}</td>
                  ))}
                  {across.map((at) => {
                    const cell = cells.get(JSON.stringify(at));
                    return (
                      <td key={at.join('|')} className="number">
                        {!cell ? (
                          ''
                        ) : cell.masked ? (
                          <span className="muted">{words.masked}</span>
                        ) : (
                          <button
                            type="button"
                            className="link-button"
                            onClick={() => behind.mutate(cell.at)}
                          >
                            {cell.value === null
                              ? figures.missing
                              : cell.value.toLocaleString('en-US', { maximumFractionDigits: 2 })}
                          </button>
                        )}
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
      )}
      {behind.data && <Behind cases={behind.data.cases} close={() => behind.reset()} />}
    </section>
  );
}

export function Behind({
  cases,
  close,
}: {
  readonly cases: readonly FigureCase[];
  readonly close: () => void;
}) {
  const words = useTableWords();
  const say = useSay();
  return (
    <div className="table-behind">
      <div className="between">
        <h3>{words.behind}</h3>
        <button type="button" className="button quiet" onClick={close}>
          {words.close}
        </button>
      </div>
      {cases.length === 0 ? (
        <p className="muted">{words.behindNone}</p>
      ) : (
        <ul>
          {cases.map((each) => (
            <li key={`${each.type}/${each.id}`}>
              <span className="muted nowrap">{say(each.kind)}</span>
              <span className="grow truncate">
                {each.link?.kind === 'case' ? (
                  <Link to="/cases/$caseId" params={{ caseId: each.link.id }}>
                    {each.title}
                  </Link>
                ) : each.link ? (
                  <Link to="/residents/$residentId" params={{ residentId: each.link.id }}>
                    {each.person?.name || each.title}
                  </Link>
                ) : (
                  each.title
                )}
              </span>
              <span className="muted small nowrap">{each.org}</span>
              <span className="muted small nowrap">{each.at ? dayText(each.at) : ''}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
