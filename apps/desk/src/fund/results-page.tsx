// Payments on result: the prepaid fund with RED and MES apart, each result with its agreement and evidence, agreements in force.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { command, post } from '../api/client.ts';
import { useSay } from '../app/preferences.tsx';
import { useToast } from '../app/toast.tsx';
import { Blank, Loaded, useErrorWords } from '../design/loaded.tsx';
import { ScrollBox } from '../design/scroll-box.tsx';
import { State } from '../design/state.tsx';
import type { FundResult, FundResults } from './contract.ts';
import { FundFrame, Select } from './fund-frame.tsx';
import { Money, Tile } from './money.tsx';
import { Dual, Packages } from './packages.tsx';
import { useSettlementWords } from './settlement-words.ts';
import { useDiseaseName } from './use-disease-name.ts';
import { useWords } from './words.ts';

const route = getRouteApi('/fund/results');

export function FundResultsPage() {
  const words = useSettlementWords();
  const common = useWords();
  const { year } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery({
    queryKey: ['fund', 'results', year ?? ''],
    queryFn: ({ signal }) => post<FundResults>('/desk/fund/results', year ? { year } : {}, signal),
  });
  return (
    <FundFrame
      title={words.results}
      text={words.resultsText}
      tools={
        query.data && (
          <Select
            label={common.year}
            value={query.data.year}
            options={query.data.years.map((one) => ({ value: one, word: one }))}
            change={(next) => void navigate({ search: { year: next } })}
          />
        )
      }
    >
      <Loaded query={query}>
        {(data) => (
          <>
            <Prepaid data={data} />
            <Results data={data} />
            <Agreements data={data} />
            <Packages data={data} />
            <Dual data={data} />
          </>
        )}
      </Loaded>
    </FundFrame>
  );
}

function Prepaid({ data }: { readonly data: FundResults }) {
  const words = useSettlementWords();
  if (data.fund === null) return <OpenFund data={data} />;
  const { house, on, opening, red, mes, balance } = data.fund;
  return (
    <div className="fund-tiles">
      <Tile name={words.opening} note={`${house.name} · ${on}`}>
        <Money value={opening} />
      </Tile>
      <Tile name={words.red}>
        <Money value={red} />
      </Tile>
      <Tile name={words.mes}>
        <Money value={mes} />
      </Tile>
      <Tile name={words.balance}>
        <Money value={balance} />
      </Tile>
    </div>
  );
}

function OpenFund({ data }: { readonly data: FundResults }) {
  const words = useSettlementWords();
  const toast = useToast();
  const errorWords = useErrorWords();
  const queries = useQueryClient();
  const [org, setOrg] = useState(data.houses[0]?.id ?? '');
  const open = useMutation({
    mutationFn: () => command({ type: 'prepaid-fund.open', payload: { year: data.year, org } }),
    onSuccess: () => {
      toast(words.opened);
      return queries.invalidateQueries({ queryKey: ['fund'] });
    },
  });
  if (data.opening === null || !data.may.settle) return null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    open.mutate();
  };
  return (
    <section className="panel">
      <header>
        <h2>{words.prepaid}</h2>
        <Money value={data.opening} />
      </header>
      <form className="body stack" onSubmit={submit}>
        <Select
          label={words.payee}
          value={org}
          options={data.houses.map(({ id, name }) => ({ value: id, word: name }))}
          change={setOrg}
        />
        {open.isError && (
          <p className="field-error" role="alert">
            {errorWords(open.error)}
          </p>
        )}
        <div className="row">
          <button type="submit" className="button main" disabled={org === '' || open.isPending}>
            {words.openFund}
          </button>
        </div>
      </form>
    </section>
  );
}

function Results({ data }: { readonly data: FundResults }) {
  const words = useSettlementWords();
  const common = useWords();
  if (data.results.length === 0)
    return (
      <Blank title={words.noClaims}>
        <p>{words.noClaimsText}</p>
      </Blank>
    );
  return (
    <section className="panel">
      <header>
        <h2>{words.claims}</h2>
      </header>
      <ScrollBox label={words.claims}>
        <table className="table" aria-label={words.claims}>
          <thead>
            <tr>
              <th>{words.number}</th>
              <th>{words.disease}</th>
              <th>{words.item}</th>
              <th>{common.house}</th>
              <th>{words.agreement}</th>
              <th>{words.evidence}</th>
              <th className="number">{words.amount}</th>
              <th>{words.state}</th>
            </tr>
          </thead>
          <tbody>
            {data.results.map((one) => (
              <Result key={one.key} one={one} year={data.year} may={data.may.settle} />
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </section>
  );
}

interface ResultProps {
  readonly one: FundResult;
  readonly year: string;
  readonly may: boolean;
}

function Result({ one, year, may }: ResultProps) {
  const words = useSettlementWords();
  const common = useWords();
  const nameOf = useDiseaseName();
  const signed = words.signatures(one.signatures);
  const word = (text: string): string =>
    /^[A-Z]\w+\//.test(text) ? words.followUp : (words.evidences[text] ?? common.values[text] ?? text);
  return (
    <tr>
      <td className="nowrap">
        <Link to="/cases/$caseId" params={{ caseId: one.case }}>
          {one.number}
        </Link>
      </td>
      <td>{nameOf(one.disease)}</td>
      <td>
        {one.kind.toUpperCase()} <code className="small">{one.row}</code>
      </td>
      <td className="fund-name">{one.house.name}</td>
      <td>{one.breached ? `${signed} · ${words.breached}` : signed}</td>
      <td>{one.evidence.map(word).join('、') || '—'}</td>
      <td className="number">{one.amount === null ? '—' : <Money value={one.amount} />}</td>
      <td>
        <ResultState one={one} year={year} may={may} />
      </td>
    </tr>
  );
}

function ResultState({ one, year, may }: ResultProps) {
  const words = useSettlementWords();
  const say = useSay();
  const toast = useToast();
  const errorWords = useErrorWords();
  const queries = useQueryClient();
  const pay = useMutation({
    mutationFn: () => command({ type: 'result.pay', payload: { year, claim: one.key } }),
    onSuccess: () => {
      toast(words.payDone);
      return queries.invalidateQueries({ queryKey: ['fund'] });
    },
    onError: (error) => toast(errorWords(error), { tone: 'late' }),
  });
  if (one.paidOn !== null) return <State kind="done" word={`${words.paid} ${one.paidOn}`} />;
  if (one.bar !== null) return <State kind="waiting" word={say(one.bar)} />;
  if (!may) return <State kind="running" word={words.payable} />;
  return (
    <button
      type="button"
      className="button"
      disabled={pay.isPending}
      aria-busy={pay.isPending}
      onClick={() => pay.mutate()}
    >
      {words.payIt}
      <span className="sr">{one.number}</span>
    </button>
  );
}

function Agreements({ data }: { readonly data: FundResults }) {
  const words = useSettlementWords();
  const nameOf = useDiseaseName();
  if (data.agreements.length === 0) return null;
  return (
    <section className="panel">
      <header>
        <h2>{words.agreements}</h2>
      </header>
      <ScrollBox label={words.agreements}>
        <table className="table" aria-label={words.agreements}>
          <thead>
            <tr>
              <th>{words.disease}</th>
              <th className="number">{words.active}</th>
              <th className="number">{words.drafts}</th>
            </tr>
          </thead>
          <tbody>
            {data.agreements.map(({ disease, active, others }) => (
              <tr key={disease}>
                <td>{nameOf(disease)}</td>
                <td className="number">{active}</td>
                <td className="number">{others}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </section>
  );
}
