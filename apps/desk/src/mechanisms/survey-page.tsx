// A survey: the rate and its baseline, month by month, low answers with the case that follows each of them up.
import { Link } from '@tanstack/react-router';
import { useSay } from '../app/preferences.tsx';
import type { SurveyPage as Answer } from '../contract.ts';
import { Blank, Loaded } from '../design/loaded.tsx';
import { ScrollBox } from '../design/scroll-box.tsx';
import { State } from '../design/state.tsx';
import { dateTime } from '../design/time.ts';
import { AsOf, Figures, MechanismHead, Panel, pathOf, useMechanism } from './frame.tsx';
import { useMechanismWords } from './words.ts';

export function SurveyPage({ id }: { readonly id: string }) {
  const query = useMechanism<Answer>(pathOf('surveys', id));
  return (
    <div className="page">
      <Loaded query={query}>{(page) => <View page={page} />}</Loaded>
    </div>
  );
}

const percent = (rate: number | null): string => (rate === null ? '–' : `${rate.toFixed(2)}%`);

function View({ page }: { readonly page: Answer }) {
  const words = useMechanismWords();
  const say = useSay();
  const { rate } = page;
  return (
    <>
      <MechanismHead kind="surveys" page={page} note={<span>{say(page.form)}</span>} acts={[page.answers]} />
      <section className="panel" aria-label={words.surveys.rate}>
        <Figures
          figures={[
            [words.surveys.rate, percent(rate.rate)],
            ...(rate.points === null
              ? []
              : ([
                  [words.surveys.baseline, `${page.baseline ?? ''}% · ${words.surveys.points(rate.points)}`],
                ] as const)),
            [words.surveys.valid, `${rate.valid} / ${rate.answers}`],
            [words.surveys.satisfied, String(rate.satisfied)],
            [words.surveys.followUps, String(rate.followUps)],
          ]}
        />
        {!rate.publishable && rate.answers > 0 && (
          <p className="stock-note small">◔ {words.surveys.least(page.least)}</p>
        )}
      </section>
      {rate.answers === 0 ? (
        <section className="panel">
          <Blank title={words.surveys.emptyTitle}>
            <p>{words.surveys.emptyText}</p>
          </Blank>
        </section>
      ) : (
        <div className="mechanism-grid">
          <Low page={page} />
          <Months page={page} />
        </div>
      )}
      <AsOf at={page.asOf} />
    </>
  );
}

function Months({ page }: { readonly page: Answer }) {
  const words = useMechanismWords();
  return (
    <Panel id="survey-months" title={words.surveys.months}>
      <ScrollBox label={words.surveys.months}>
        <table className="table" aria-label={words.surveys.months}>
          <thead>
            <tr>
              <th>{words.surveys.month}</th>
              <th className="number">{words.surveys.valid}</th>
              <th className="number">{words.surveys.rate}</th>
              <th className="number">{words.surveys.followUps}</th>
            </tr>
          </thead>
          <tbody>
            {[...page.months].reverse().map((one) => (
              <tr key={one.month}>
                <td>{one.month}</td>
                <td className="number">{one.valid}</td>
                <td className="number">
                  <span className="row period-rate">
                    <span className="bar" aria-hidden="true">
                      <i style={{ width: `${one.rate ?? 0}%` }} />
                    </span>
                    {percent(one.rate)}
                  </span>
                </td>
                <td className="number">{one.followUps}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </Panel>
  );
}

function Low({ page }: { readonly page: Answer }) {
  const words = useMechanismWords();
  const say = useSay();
  return (
    <Panel id="survey-low" title={words.surveys.low}>
      {page.low.length === 0 ? (
        <p className="body muted">{words.surveys.noLow}</p>
      ) : (
        <ul className="mechanism-rows">
          {page.low.map((one) => (
            <li key={`${one.at}${one.item?.id ?? ''}`}>
              <span className="stack tight grow">
                {one.item ? (
                  <Link to="/cases/$caseId" params={{ caseId: one.item.id }}>
                    {say(one.item.title)}
                  </Link>
                ) : (
                  one.about
                )}
                <span className="muted small">
                  {dateTime(one.at)} {one.about ?? ''}
                </span>
              </span>
              {one.item && <State kind={one.item.state.kind} word={say(one.item.state.name)} />}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
