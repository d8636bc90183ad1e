// Payments on result: the prepaid fund with RED and MES apart, each result with its agreement and evidence, agreements in force.
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useSay } from '../app/preferences.tsx';
import { Blank } from '../design/loaded.tsx';
import { State } from '../design/state.tsx';
import { caseNumber } from './case-number.ts';
import { Fault, NumberField, ReasonForm, RowButton, SmallForm } from './form-parts.tsx';
import { FundPanel, FundTable, moneyColumn } from './fund-table.tsx';
import { FundYearPage } from './fund-year-page.tsx';
import { Money, Tile } from './money.tsx';
import { Dual, Packages } from './packages.tsx';
import type { FundResult, FundResults } from './result-contract.ts';
import { Select } from './select.tsx';
import { useSettlementWords } from './settlement-words.ts';
import { useDiseaseName } from './use-disease-name.ts';
import { useFundCommand } from './use-fund-command.ts';
import { useWords } from './words.ts';

export function FundResultsPage() {
  const words = useSettlementWords();
  return (
    <FundYearPage<FundResults> title={words.results} text={words.resultsText} ask="results">
      {(data) => (
        <>
          <Prepaid data={data} />
          <Results key={data.year} data={data} />
          <Agreements data={data} />
          <Packages data={data} />
          <Dual data={data} />
        </>
      )}
    </FundYearPage>
  );
}

function Prepaid({ data }: { readonly data: FundResults }) {
  const words = useSettlementWords();
  if (data.fund === null) return <OpenFund data={data} />;
  const { house, on, opening, red, mes, refunds, balance, closed } = data.fund;
  return (
    <>
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
        {refunds !== '0.00' && (
          <Tile name={words.refunds}>
            <Money value={refunds} />
          </Tile>
        )}
        <Tile name={words.balance}>
          <Money value={balance} />
        </Tile>
      </div>
      {closed === null ? (
        data.may.settle && <CloseFund year={data.year} />
      ) : (
        <State kind="done" word={words.closed(closed.carried, closed.returned)} />
      )}
    </>
  );
}

/** At the year's end: the rest goes on with the same house, or back to the insurer. */
function CloseFund({ year }: { readonly year: string }) {
  const words = useSettlementWords();
  const { send, busy, fault } = useFundCommand({ done: words.closeDone });
  const close = (carry: boolean) => () => send('prepaid-fund.close', { year, carry });
  return (
    <details className="panel">
      <summary className="body">{words.close}</summary>
      <div className="body stack">
        <p className="muted">{words.closeText}</p>
        <Fault text={fault} />
        <div className="row wrap">
          <RowButton word={words.carry} of={year} busy={busy} press={close(true)} />
          <RowButton word={words.giveBack} of={year} busy={busy} press={close(false)} />
        </div>
      </div>
    </details>
  );
}

interface RefundProps {
  readonly one: FundResult;
  readonly year: string;
  readonly done: () => void;
}

/** What was drawn wrongly comes back, all of it where no amount is written. */
function Refund({ one, year, done }: RefundProps) {
  const words = useSettlementWords();
  const [amount, setAmount] = useState(one.amount ?? '');
  const { send, busy, fault } = useFundCommand({ done: words.refundDone, after: done });
  const run = (reason: string) =>
    send('prepaid-fund.refund', { year, claim: one.key, amount: amount.replaceAll(',', ''), reason });
  return (
    <div className="body stack">
      <p className="muted">
        {words.refund} · {one.kind.toUpperCase()} {caseNumber(one.number)}
      </p>
      <div style={{ maxWidth: 280 }}>
        <NumberField id="refund" label={words.amount} value={amount} change={setAmount} />
      </div>
      <ReasonForm
        label={words.refundReason}
        busy={busy}
        fault={fault}
        acts={[{ word: words.refund, main: true, run }]}
      />
    </div>
  );
}

function OpenFund({ data }: { readonly data: FundResults }) {
  const words = useSettlementWords();
  const [org, setOrg] = useState(data.houses[0]?.id ?? '');
  const { send, busy, fault } = useFundCommand({ done: words.opened });
  if (data.opening === null || !data.may.settle) return null;
  return (
    <FundPanel title={words.prepaid} tools={<Money value={data.opening} />}>
      <div className="body">
        <SmallForm
          word={words.openFund}
          busy={busy}
          fault={fault}
          ready={org !== ''}
          send={() => send('prepaid-fund.open', { year: data.year, org })}
        >
          <Select
            label={words.payee}
            value={org}
            options={data.houses.map(({ id, name }) => ({ value: id, word: name }))}
            change={setOrg}
          />
        </SmallForm>
      </div>
    </FundPanel>
  );
}

function Results({ data }: { readonly data: FundResults }) {
  const words = useSettlementWords();
  const common = useWords();
  const nameOf = useDiseaseName();
  const [back, setBack] = useState<FundResult | null>(null);
  const mayRefund = data.may.settle && data.fund !== null && data.fund.closed === null;
  if (data.results.length === 0)
    return (
      <Blank title={words.noClaims}>
        <p>{words.noClaimsText}</p>
      </Blank>
    );
  const word = (text: string): string =>
    /^[A-Z]\w+\//.test(text) ? words.followUp : (words.evidences[text] ?? common.values[text] ?? text);
  return (
    <FundPanel title={words.claims}>
      <FundTable<FundResult>
        label={words.claims}
        rows={data.results}
        keyOf={({ key }) => key}
        columns={[
          {
            head: words.number,
            kind: 'nowrap',
            cell: (one) => (
              <Link to="/cases/$caseId" params={{ caseId: one.case }}>
                {one.kind.toUpperCase()} {caseNumber(one.number)}
              </Link>
            ),
            hint: ({ row }) => row,
          },
          { head: words.disease, kind: 'nowrap', cell: ({ disease }) => nameOf(disease) },
          { head: common.house, kind: 'name', cell: ({ house }) => house.name },
          { head: words.agreement, cell: (one) => <Signed one={one} /> },
          {
            head: words.evidence,
            kind: 'name',
            cell: ({ evidence }) => evidence.map(word).join('、') || '—',
          },
          moneyColumn(words.amount, ({ amount }) => amount),
          {
            head: words.state,
            kind: 'name',
            cell: (one) => (
              <span className="row wrap">
                <ResultState one={one} year={data.year} may={data.may.settle} />
                {mayRefund && one.paidIn === data.year && one.refunded === null && (
                  <RowButton word={words.refund} of={one.number} busy={false} press={() => setBack(one)} />
                )}
              </span>
            ),
          },
        ]}
      />
      {back && <Refund key={back.key} one={back} year={data.year} done={() => setBack(null)} />}
    </FundPanel>
  );
}

function Signed({ one }: { readonly one: FundResult }) {
  const words = useSettlementWords();
  const signed = words.signatures(one.signatures);
  return one.breached ? `${signed} · ${words.breached}` : signed;
}

interface ResultStateProps {
  readonly one: FundResult;
  readonly year: string;
  readonly may: boolean;
}

function ResultState({ one, year, may }: ResultStateProps) {
  const words = useSettlementWords();
  const say = useSay();
  const { send, busy } = useFundCommand({ done: words.payDone, saysFault: true });
  if (one.paidOn !== null) {
    const back = one.refunded === null ? '' : ` · ${words.refunded} ${one.refunded}`;
    return <State kind="done" word={`${words.paid} ${one.paidOn}${back}`} />;
  }
  if (one.bar !== null) return <State kind="waiting" word={inWords(say(one.bar), words.evidences)} />;
  if (!may) return <State kind="running" word={words.payable} />;
  return (
    <RowButton
      word={words.payIt}
      of={one.number}
      busy={busy}
      press={() => send('result.pay', { year, claim: one.key })}
    />
  );
}

/** The rule set names evidence by codes; a screen says what it is. */
function inWords(text: string, evidences: Readonly<Record<string, string>>): string {
  return Object.entries(evidences).reduce((told, [code, word]) => told.replaceAll(code, word), text);
}

function Agreements({ data }: { readonly data: FundResults }) {
  const words = useSettlementWords();
  const nameOf = useDiseaseName();
  if (data.agreements.length === 0) return null;
  return (
    <FundPanel title={words.agreements}>
      <FundTable<FundResults['agreements'][number]>
        label={words.agreements}
        rows={data.agreements}
        keyOf={({ disease }) => disease}
        columns={[
          { head: words.disease, cell: ({ disease }) => nameOf(disease) },
          { head: words.active, kind: 'number', cell: ({ active }) => active },
          { head: words.drafts, kind: 'number', cell: ({ others }) => others },
        ]}
      />
    </FundPanel>
  );
}
