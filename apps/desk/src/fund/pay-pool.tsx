// One pool: the preview or the frozen result, by person, department, post group and team; freezing, and a new version.
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { command, post, Refused } from '../api/client.ts';
import { useSay } from '../app/preferences.tsx';
import { useToast } from '../app/toast.tsx';
import { Icon } from '../design/icon.tsx';
import { Loaded, useErrorWords } from '../design/loaded.tsx';
import { State } from '../design/state.tsx';
import { dateTime } from '../design/time.ts';
import { FundPanel, FundTable, moneyColumn } from './fund-table.tsx';
import { Money, Tile } from './money.tsx';
import type { PayResult, PayShare } from './pay-contract.ts';
import { PrintedSigns } from './pay-frame.tsx';
import { PaySlip, type SlipAsked } from './pay-slip.tsx';
import { usePayWords } from './pay-words.ts';
import { SheetTools } from './sheet-tools.tsx';
import { sourceText } from './source-text.ts';

interface PayPoolProps {
  readonly asked: SlipAsked;
  /** The granted appeal that opens a new version. */
  readonly appeal: string | null;
}

export function PayPool({ asked, appeal }: PayPoolProps) {
  const words = usePayWords();
  const [pool, setPool] = useState('');
  const [scores, setScores] = useState<Readonly<Record<string, string>>>({});
  const [slip, setSlip] = useState<SlipAsked | null>(null);
  const body = {
    ...asked,
    ...(pool.trim() ? { pool: pool.trim().replaceAll(',', '') } : {}),
    ...(asked.kind === 'merit' ? { scores } : {}),
    ...(appeal === null ? {} : { draft: true }),
  };
  const query = useQuery({
    queryKey: ['pay', 'preview', body],
    queryFn: ({ signal }) => post<PayResult>('/desk/pay/preview', body, signal),
    placeholderData: keepPreviousData,
    retry: false,
  });
  const isOpen = query.data === undefined || query.data.isDraft;
  return (
    <>
      {isOpen && (
        <label className="fund-select no-print">
          <span className="muted small">{words.poolWritten}</span>
          <input
            className="input"
            inputMode="decimal"
            value={pool}
            placeholder={words.poolHelp}
            onChange={(event) => setPool(event.target.value)}
          />
        </label>
      )}
      {asked.kind === 'merit' && isOpen && (
        <Scores asked={asked} pool={pool} scores={scores} set={setScores} />
      )}
      {isPoolMissing(query.error) ? (
        <p className="note soon" role="status">
          <Icon name="alert" size={16} />
          {words.poolMissing}
        </p>
      ) : (
        <Loaded query={query}>
          {(result) => (
            <>
              <Heads result={result} body={body} appeal={appeal} isStale={query.isPlaceholderData} />
              <Groups result={result} />
              <People result={result} open={(person) => setSlip({ ...asked, person })} />
              {slip && <PaySlip asked={slip} close={() => setSlip(null)} />}
              <PrintedSigns />
            </>
          )}
        </Loaded>
      )}
    </>
  );
}

/** Nothing went wrong: no income was reported for the month, so the pool has to be written. */
const isPoolMissing = (error: unknown): boolean => error instanceof Refused && error.at === 'pool';

interface ScoresProps {
  readonly asked: SlipAsked;
  readonly pool: string;
  readonly scores: Readonly<Record<string, string>>;
  readonly set: (scores: Readonly<Record<string, string>>) => void;
}

/** Who has work records in the month, each with a field for the appraisal score. */
function Scores({ asked, pool, scores, set }: ScoresProps) {
  const words = usePayWords();
  const body = { ...asked, kind: 'rbrvs', pool: pool.trim() || '1', draft: true };
  const query = useQuery({
    queryKey: ['pay', 'people', body],
    queryFn: ({ signal }) => post<PayResult>('/desk/pay/preview', body, signal),
    retry: false,
  });
  return (
    <FundPanel title={words.scores} tools={<span className="muted small">{words.scoresText}</span>}>
      <Loaded query={query}>
        {({ people }) => (
          <FundTable
            label={words.scores}
            rows={people}
            keyOf={({ person }) => person}
            columns={[
              { head: words.staff, cell: ({ name }) => name, kind: 'nowrap' },
              { head: words.points, cell: ({ points }) => points, kind: 'number' },
              {
                head: words.score,
                kind: 'number',
                cell: ({ person, name }) => (
                  <input
                    className="input score"
                    inputMode="decimal"
                    aria-label={`${words.score} ${name}`}
                    value={scores[person] ?? ''}
                    onChange={(event) => set(withScore(scores, person, event.target.value))}
                  />
                ),
              },
            ]}
          />
        )}
      </Loaded>
    </FundPanel>
  );
}

function withScore(scores: Readonly<Record<string, string>>, person: string, value: string) {
  const { [person]: _old, ...rest } = scores;
  return /^\d{1,3}(\.\d{0,4})?$/.test(value) ? { ...rest, [person]: value } : rest;
}

interface HeadsProps {
  readonly result: PayResult;
  readonly body: object;
  readonly appeal: string | null;
  /** What is shown was computed for what was asked before. */
  readonly isStale: boolean;
}

function Heads({ result, body, appeal, isStale }: HeadsProps) {
  const words = usePayWords();
  const say = useSay();
  const { suggestion, frozen } = result;
  return (
    <>
      <div className="row wrap between">
        <span className="row wrap">
          {result.isDraft ? (
            <State kind="waiting" word={words.draft} />
          ) : (
            <State
              kind="done"
              word={`${words.frozen} · ${words.version} ${frozen?.version} · ${dateTime(frozen?.at ?? '')}`}
            />
          )}
          {result.sum === result.pool && <State kind="done" word={words.sumHolds} />}
        </span>
        <span className="row wrap no-print">
          <SheetTools
            words={words}
            path="/desk/pay/export"
            asked={body}
            name={`${result.month} ${result.house.name} ${words.tabs.pools}`}
          />
          <Freeze result={result} body={body} appeal={appeal} isStale={isStale} />
        </span>
      </div>
      <div className="fund-tiles">
        <Tile name={words.kind} note={result.house.name}>
          {words.kinds[result.kind]} {result.month}
        </Tile>
        <Tile
          name={words.pool}
          note={
            suggestion
              ? `${words.suggestion(suggestion.income, suggestion.share)} · ${say(sourceText(suggestion.source))}`
              : undefined
          }
        >
          <Money value={result.pool} />
        </Tile>
        <Tile name={words.people}>{result.people.length}</Tile>
      </div>
      {(result.isEqualShare || result.leftOut.length > 0) && (
        <div className="note soon">
          <Icon name="alert" size={16} />
          <ul>
            {result.isEqualShare && <li>{words.equalShare}</li>}
            {result.leftOut.map(({ reason, count }) => (
              <li key={reason}>
                {count} {words.leftOut[reason] ?? reason}
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}

/** Frozen is what is shown, so it waits until what is shown is what was asked. */
function Freeze({ result, body, appeal, isStale }: HeadsProps) {
  const words = usePayWords();
  const toast = useToast();
  const errorWords = useErrorWords();
  const queries = useQueryClient();
  const freeze = useMutation({
    mutationFn: () => {
      const { draft: _draft, ...ask } = body as { draft?: boolean };
      const payload = {
        ...ask,
        pool: result.pool.replaceAll(',', ''),
        ...(appeal === null ? {} : { appeal }),
      };
      return command({ type: 'pay.freeze', payload });
    },
    onSuccess: () => {
      toast(words.frozenDone);
      return queries.invalidateQueries({ queryKey: ['pay'] });
    },
  });
  if (!result.isDraft) return null;
  return (
    <>
      <button
        type="button"
        className="button main"
        disabled={freeze.isPending || isStale}
        onClick={() => freeze.mutate()}
      >
        {appeal === null ? words.freeze : words.freezeAgain}
      </button>
      {freeze.isError && (
        <span className="field-error" role="alert">
          {errorWords(freeze.error)}
        </span>
      )}
    </>
  );
}

function Groups({ result }: { readonly result: PayResult }) {
  const words = usePayWords();
  const say = useSay();
  return (
    <>
      {result.groups.length > 0 && (
        <FundPanel title={words.byGroup}>
          <FundTable<PayResult['groups'][number]>
            label={words.byGroup}
            rows={result.groups}
            keyOf={({ group }) => group.zh}
            columns={[
              { head: words.byGroup, cell: ({ group }) => say(group), kind: 'name' },
              { head: words.people, cell: ({ heads }) => heads, kind: 'number' },
              moneyColumn(words.share, ({ pay }) => pay),
              moneyColumn(words.perHead, ({ perHead }) => perHead),
              { head: words.ratio, cell: ({ ratio }) => ratio, kind: 'number' },
              { head: words.target, cell: ({ target }) => target, kind: 'number' },
              { head: words.distance, cell: ({ distance }) => distance, kind: 'number' },
            ]}
          />
        </FundPanel>
      )}
      {result.teams.length > 0 && (
        <FundPanel title={words.byTeam}>
          <FundTable<PayResult['teams'][number]>
            label={words.byTeam}
            rows={result.teams}
            keyOf={({ team }) => team}
            columns={[
              { head: words.byTeam, cell: ({ team }) => team, kind: 'name' },
              { head: words.stays, cell: ({ stays }) => stays, kind: 'number' },
              { head: words.caseMix, cell: ({ caseMix }) => caseMix, kind: 'number' },
              moneyColumn(words.share, ({ pay }) => pay, { foot: result.pool }),
            ]}
          />
        </FundPanel>
      )}
      {result.departments.length > 1 && (
        <FundPanel title={words.byDepartment}>
          <FundTable<PayResult['departments'][number]>
            label={words.byDepartment}
            rows={result.departments}
            keyOf={({ name }) => name}
            columns={[
              { head: words.department, cell: ({ name }) => name, kind: 'name', foot: words.total },
              {
                head: words.people,
                cell: ({ people }) => people,
                kind: 'number',
                foot: result.people.length,
              },
              { head: words.points, cell: ({ points }) => points, kind: 'number' },
              moneyColumn(words.share, ({ pay }) => pay, { foot: result.sum }),
            ]}
          />
        </FundPanel>
      )}
    </>
  );
}

interface PeopleProps {
  readonly result: PayResult;
  readonly open: (person: string) => void;
}

function People({ result, open }: PeopleProps) {
  const words = usePayWords();
  return (
    <FundPanel title={words.byPerson}>
      <FundTable<PayShare>
        label={words.byPerson}
        rows={result.people}
        keyOf={({ person }) => person}
        columns={[
          { head: words.staff, cell: ({ name }) => name, kind: 'nowrap', foot: words.total },
          { head: words.department, cell: ({ department }) => department, kind: 'name' },
          { head: words.points, cell: ({ points }) => points, kind: 'number' },
          moneyColumn(words.share, ({ share }) => share, { foot: result.sum }),
          {
            head: words.records,
            kind: 'number',
            cell: ({ person, name, records }) =>
              result.isDraft ? (
                records
              ) : (
                <button type="button" className="link-button" onClick={() => open(person)}>
                  {records}
                  <span className="sr"> {name}</span>
                </button>
              ),
          },
        ]}
      />
    </FundPanel>
  );
}
