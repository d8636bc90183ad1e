// Chronic packages and the dual package: what was settled of them, and the way to settle or correct.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { command } from '../api/client.ts';
import { useToast } from '../app/toast.tsx';
import { useErrorWords } from '../design/loaded.tsx';
import { ScrollBox } from '../design/scroll-box.tsx';
import type { FundPackage, FundResults } from './contract.ts';
import { Money, MoneyCell, Tile } from './money.tsx';
import { useSettlementWords } from './settlement-words.ts';
import { useDiseaseName } from './use-disease-name.ts';

export function Packages({ data }: { readonly data: FundResults }) {
  const words = useSettlementWords();
  if (data.packages.length === 0) return null;
  return (
    <section className="panel">
      <header>
        <h2>{words.packages}</h2>
        <span className="muted small only-wide">{words.packagesText}</span>
      </header>
      <ScrollBox label={words.packages}>
        <table className="table" aria-label={words.packages}>
          <thead>
            <tr>
              <th>{words.disease}</th>
              <th>{words.complications}</th>
              <th className="number">{words.price}</th>
              <th className="number">{words.given}</th>
              <th className="number">{words.charged}</th>
              <th className="number">{words.balance}</th>
              <th className="number">{words.rate}</th>
              <th>{words.sources}</th>
              <th>
                <span className="sr">{words.settle}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {data.packages.map((one) => (
              <Package key={one.id} one={one} data={data} />
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </section>
  );
}

function Package({ one, data }: { readonly one: FundPackage; readonly data: FundResults }) {
  const words = useSettlementWords();
  const nameOf = useDiseaseName();
  const toast = useToast();
  const errorWords = useErrorWords();
  const queries = useQueryClient();
  const { settled } = one;
  const settle = useMutation({
    mutationFn: () =>
      command({
        type: 'package.settle',
        payload: { year: data.year, package: one.id, ...(settled === null ? {} : { correction: true }) },
      }),
    onSuccess: () => {
      toast(words.settled);
      return queries.invalidateQueries({ queryKey: ['fund'] });
    },
    onError: (error) => toast(errorWords(error), { tone: 'late' }),
  });
  return (
    <tr>
      <td>{nameOf(one.disease)}</td>
      <td>{one.complications.join('、')}</td>
      <MoneyCell value={one.price} />
      <td className="number">{settled === null ? '—' : <Money value={settled.budget} />}</td>
      <td className="number">{settled === null ? '—' : <Money value={settled.charged} />}</td>
      <td className="number">{settled === null ? '—' : <Money value={settled.balance} signed />}</td>
      <td className="number">{settled === null ? '—' : `${settled.complicationRate}%`}</td>
      <td>
        {settled?.bySource
          .map(({ source, amount }) => `${words.sourceNames[source] ?? source} ${amount}`)
          .join('、') ?? '—'}
      </td>
      <td className="number">
        {data.may.settle && (
          <button
            type="button"
            className="button"
            disabled={settle.isPending}
            aria-busy={settle.isPending}
            onClick={() => settle.mutate()}
          >
            {settled === null ? words.settle : words.settleAgain}
            <span className="sr">{nameOf(one.disease)}</span>
          </button>
        )}
      </td>
    </tr>
  );
}

export function Dual({ data }: { readonly data: FundResults }) {
  const words = useSettlementWords();
  const { dual } = data;
  if (data.opening === null || (dual === null && !data.may.settle)) return null;
  return (
    <section className="panel">
      <header>
        <h2>{words.dual}</h2>
      </header>
      <div className="body stack">
        <p className="muted">{words.dualText}</p>
        {dual !== null && (
          <div className="fund-tiles">
            <Tile name={words.capitation}>
              <Money value={dual.capitation} />
            </Tile>
            <Tile name={words.drgPaid}>
              <Money value={dual.drg} />
            </Tile>
            <Tile name={words.inpatient}>
              <Money value={dual.inpatient} />
            </Tile>
            <Tile name={words.balance}>
              <Money value={dual.balance} signed />
            </Tile>
            <Tile name={words.pool}>
              <Money value={dual.pool} />
            </Tile>
          </div>
        )}
        {data.may.settle && <DualForm data={data} />}
      </div>
    </section>
  );
}

function DualForm({ data }: { readonly data: FundResults }) {
  const words = useSettlementWords();
  const toast = useToast();
  const errorWords = useErrorWords();
  const queries = useQueryClient();
  const [months, setMonths] = useState('');
  const [head, setHead] = useState('');
  const [cost, setCost] = useState('');
  const settle = useMutation({
    mutationFn: () =>
      command({
        type: 'dual-package.settle',
        payload: {
          year: data.year,
          memberMonths: Number(months.replaceAll(',', '') || Number.NaN),
          perHead: head,
          outpatientCost: cost,
          ...(data.dual === null ? {} : { correction: true }),
        },
      }),
    onSuccess: () => {
      toast(words.settled);
      return queries.invalidateQueries({ queryKey: ['fund'] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    settle.mutate();
  };
  const field = (id: string, label: string, value: string, set: (value: string) => void) => (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="input number"
        inputMode="decimal"
        value={value}
        onChange={(event) => set(event.target.value)}
      />
    </div>
  );
  return (
    <form className="stack" onSubmit={submit}>
      <div className="fund-filters">
        {field('dual-months', words.memberMonths, months, setMonths)}
        {field('dual-head', words.perHead, head, setHead)}
        {field('dual-cost', words.outpatientCost, cost, setCost)}
      </div>
      {settle.isError && (
        <p className="field-error" role="alert">
          {errorWords(settle.error)}
        </p>
      )}
      <div className="row">
        <button
          type="submit"
          className="button"
          disabled={months === '' || head === '' || cost === '' || settle.isPending}
        >
          {data.dual === null ? words.settle : words.settleAgain}
        </button>
      </div>
    </form>
  );
}
