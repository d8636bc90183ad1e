// A stay with other codes: change, move, add or take one away, and see the group and the pay move. The list is not touched.
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { post } from '../api/client.ts';
import { Icon } from '../design/icon.tsx';
import { useErrorWords } from '../design/loaded.tsx';
import { ScrollBox } from '../design/scroll-box.tsx';
import type { CodeName, FundAnswer, FundCase } from './case-contract.ts';
import { Money } from './money.tsx';
import { Trail } from './trail.tsx';
import { useWords } from './words.ts';

export function WhatIf({ one }: { readonly one: FundCase }) {
  const words = useWords();
  const errorWords = useErrorWords();
  const [dx, setDx] = useState<readonly CodeName[]>(one.diagnoses);
  const [proc, setProc] = useState<readonly CodeName[]>(one.procedures);
  const ask = useMutation({
    mutationFn: () =>
      post<FundAnswer>(`/desk/fund/cases/${encodeURIComponent(one.id)}/what-if`, {
        dx: dx.map(({ code }) => code),
        proc: proc.map(({ code }) => code),
      }),
  });
  const reset = () => {
    setDx(one.diagnoses);
    setProc(one.procedures);
    ask.reset();
  };
  return (
    <section className="panel" aria-labelledby="what-if">
      <header>
        <h2 id="what-if">{words.whatIf}</h2>
        <button type="button" className="button quiet" onClick={reset}>
          {words.reset}
        </button>
      </header>
      <div className="body stack">
        <p className="muted">{words.whatIfText}</p>
        <CodeList kind="diagnosis" title={words.diagnoses} codes={dx} change={setDx} />
        <CodeList kind="procedure" title={words.procedures} codes={proc} change={setProc} />
        <div className="row">
          <button type="button" className="button main" disabled={ask.isPending} onClick={() => ask.mutate()}>
            {words.calculate}
          </button>
        </div>
        {ask.isError && (
          <p className="field-error" role="alert">
            {errorWords(ask.error)}
          </p>
        )}
        {ask.data && <Compared now={one.answer} changed={ask.data} />}
      </div>
    </section>
  );
}

interface CodeListProps {
  readonly kind: 'diagnosis' | 'procedure';
  readonly title: string;
  readonly codes: readonly CodeName[];
  readonly change: (codes: readonly CodeName[]) => void;
}

function CodeList({ kind, title, codes, change }: CodeListProps) {
  const words = useWords();
  const name = async (index: number, code: string) => {
    const [found] = await post<readonly CodeName[]>('/desk/fund/codes', { kind, text: code.trim() });
    change(codes.map((one, at) => (at === index ? { code: code.trim(), name: found?.name ?? '' } : one)));
  };
  return (
    <fieldset className="choice">
      <legend>{title}</legend>
      <ol className="fund-codes">
        {codes.map((one, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: codes are known by their place in the list
          <li key={index}>
            <input
              className="input fund-code"
              aria-label={`${title} ${index + 1}`}
              value={one.code}
              onChange={(event) =>
                change(codes.map((each, at) => (at === index ? { ...each, code: event.target.value } : each)))
              }
              onBlur={(event) => void name(index, event.target.value)}
            />
            <span className="truncate small">
              {one.name || (one.code === '' ? '' : <span className="muted">{words.codeUnknown}</span>)}
            </span>
            <span className="row">
              {index > 0 && (
                <button
                  type="button"
                  className="button quiet"
                  onClick={() => change(moved(codes, index))}
                  aria-label={`${words.up} ${one.code}`}
                >
                  ↑
                </button>
              )}
              <button
                type="button"
                className="button quiet"
                aria-label={`${words.remove} ${one.code}`}
                onClick={() => change(codes.filter((_, at) => at !== index))}
              >
                <Icon name="close" size={14} />
              </button>
            </span>
          </li>
        ))}
      </ol>
      <button
        type="button"
        className="button quiet"
        onClick={() => change([...codes, { code: '', name: '' }])}
      >
        <Icon name="plus" size={14} />
        {words.add}
      </button>
    </fieldset>
  );
}

function moved(codes: readonly CodeName[], index: number): CodeName[] {
  const next = [...codes];
  const [one] = next.splice(index, 1);
  next.splice(index - 1, 0, one!);
  return next;
}

function Compared({ now, changed }: { readonly now: FundAnswer; readonly changed: FundAnswer }) {
  const words = useWords();
  const rows = [
    [words.group, now.drg || now.status, changed.drg || changed.status],
    [words.kind, words.kinds[now.kind] ?? now.kind, words.kinds[changed.kind] ?? changed.kind],
    [words.weight, now.weight, changed.weight],
  ] as const;
  const amounts = [
    [words.standard, now.standard, changed.standard],
    [words.pay, now.pay, changed.pay],
    [words.fundDue, now.fund, changed.fund],
    [words.result, now.result, changed.result],
  ] as const;
  return (
    <div className="stack" aria-live="polite">
      <ScrollBox label={words.whatIf}>
        <table className="table" aria-label={words.whatIf}>
          <thead>
            <tr>
              <th />
              <th className="number">{words.now}</th>
              <th className="number">{words.changed}</th>
              <th className="number">{words.difference}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([name, was, is]) => (
              <tr key={name} className={was === is ? '' : 'here'}>
                <td>{name}</td>
                <td className="number">{was}</td>
                <td className="number">{is}</td>
                <td />
              </tr>
            ))}
            {amounts.map(([name, was, is]) => (
              <tr key={name}>
                <td>{name}</td>
                <td className="number">
                  <Money value={was} />
                </td>
                <td className="number">
                  <Money value={is} />
                </td>
                <td className="number">
                  <Money value={difference(was, is)} signed />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
      <details>
        <summary>{words.trail}</summary>
        <Trail steps={changed.trail} />
      </details>
    </div>
  );
}

/** Of two amounts in yuan, in whole fen. */
function difference(was: string, is: string): string {
  const fen = (text: string): bigint => BigInt(text.replaceAll(/[,.]/g, ''));
  const moved = fen(is) - fen(was);
  const sign = moved < 0n ? '-' : '';
  const digits = (moved < 0n ? -moved : moved).toString().padStart(3, '0');
  const whole = digits.slice(0, -2).replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return `${sign}${whole}.${digits.slice(-2)}`;
}
