// An alert rule: what stands out of its limit now with the case it opened, how alerts were handled, the latest of them.
import { Link } from '@tanstack/react-router';
import { useSay } from '../app/preferences.tsx';
import type { AlertPage as Answer } from '../contract.ts';
import { Blank, Loaded } from '../design/loaded.tsx';
import { ScrollBox } from '../design/scroll-box.tsx';
import { State } from '../design/state.tsx';
import { dateTime } from '../design/time.ts';
import { WorkTable } from '../design/work-table.tsx';
import { AsOf, Figures, MechanismHead, Panel, pathOf, useMechanism } from './frame.tsx';
import { useMechanismWords } from './words.ts';

export function AlertPage({ id }: { readonly id: string }) {
  const query = useMechanism<Answer>(pathOf('alerts', id));
  return (
    <div className="page">
      <Loaded query={query}>{(page) => <View page={page} />}</Loaded>
    </div>
  );
}

function View({ page }: { readonly page: Answer }) {
  const words = useMechanismWords();
  const say = useSay();
  const { statistics } = page;
  return (
    <>
      <MechanismHead
        kind="alerts"
        page={page}
        note={
          <>
            <span>{say(page.class)}</span>
            <span>
              {words.alerts.rule} {say(page.rule)}
            </span>
            {page.silentAfter && <span>{words.alerts.silent(page.silentAfter)}</span>}
            <span>
              {words.alerts.opens}{' '}
              <Link to="/work" search={{ tab: 'office', loop: page.opens.loop }}>
                {say(page.opens.name)}
              </Link>
            </span>
          </>
        }
        acts={[page.reading]}
      />
      <section className="panel" aria-label={words.alerts.opened}>
        <Figures
          figures={[
            [words.alerts.standing, String(page.standing.length), page.standing.length > 0 ? 'late' : null],
            [words.alerts.opened, String(statistics.opened)],
            [words.alerts.handled, String(statistics.handled)],
            [words.alerts.late, String(statistics.late), statistics.late > 0 ? 'late' : null],
            [
              words.alerts.median,
              statistics.medianMinutes === null ? '–' : words.alerts.minutes(statistics.medianMinutes),
            ],
          ]}
        />
      </section>
      <Panel id="alert-standing" title={words.alerts.standing}>
        {page.standing.length === 0 ? (
          <Blank title={words.alerts.noneTitle}>
            <p>{words.alerts.noneText}</p>
          </Blank>
        ) : (
          <ScrollBox label={words.alerts.standing}>
            <table className="table" aria-label={words.alerts.standing}>
              <thead>
                <tr>
                  <th>{words.alerts.object}</th>
                  <th>{words.alerts.state}</th>
                  <th>{words.alerts.since}</th>
                  <th>{words.alerts.last}</th>
                  <th className="number">{words.alerts.readings}</th>
                </tr>
              </thead>
              <tbody>
                {page.standing.map((one) => (
                  <tr key={`${one.object}${one.silent}`}>
                    <td>
                      {say(one.name)}{' '}
                      <State
                        kind={one.silent ? 'due-soon' : 'late'}
                        word={one.silent ? words.alerts.isSilent : words.alerts.over}
                      />
                    </td>
                    <td>
                      {one.item ? (
                        <Link to="/cases/$caseId" params={{ caseId: one.item.id }}>
                          <State kind={one.item.state.kind} word={say(one.item.state.name)} />
                        </Link>
                      ) : (
                        words.alerts.noCase
                      )}
                    </td>
                    <td className="nowrap">{dateTime(one.since)}</td>
                    <td className="nowrap">{dateTime(one.lastAt)}</td>
                    <td className="number">{one.readings}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </ScrollBox>
        )}
      </Panel>
      {page.recent.length > 0 && (
        <Panel id="alert-recent" title={words.alerts.recent}>
          <WorkTable items={page.recent} label={words.alerts.recent} slim />
        </Panel>
      )}
      <AsOf at={page.asOf} />
    </>
  );
}
