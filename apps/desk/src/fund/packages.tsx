// Chronic packages and the dual package: what was settled of them, and the way to settle or correct.
import { useState } from 'react';
import { NumberField, RowButton, SmallForm } from './form-parts.tsx';
import { FundPanel, FundTable, moneyColumn } from './fund-table.tsx';
import { Money, Tile } from './money.tsx';
import type { FundPackage, FundResults } from './result-contract.ts';
import { useSettlementWords } from './settlement-words.ts';
import { useDiseaseName } from './use-disease-name.ts';
import { useFundCommand } from './use-fund-command.ts';

export function Packages({ data }: { readonly data: FundResults }) {
  const words = useSettlementWords();
  const nameOf = useDiseaseName();
  if (data.packages.length === 0) return null;
  return (
    <FundPanel
      title={words.packages}
      tools={<span className="muted small only-wide">{words.packagesText}</span>}
    >
      <FundTable<FundPackage>
        label={words.packages}
        rows={data.packages}
        keyOf={({ id }) => id}
        columns={[
          { head: words.disease, kind: 'nowrap', cell: ({ disease }) => nameOf(disease) },
          { head: words.complications, kind: 'nowrap', cell: (one) => one.complications.join('、') },
          moneyColumn(words.price, ({ price }) => price),
          moneyColumn(words.given, ({ settled }) => settled?.budget ?? null),
          moneyColumn(words.charged, ({ settled }) => settled?.charged ?? null),
          moneyColumn(words.balance, ({ settled }) => settled?.balance ?? null, { signed: true }),
          {
            head: words.rate,
            kind: 'number',
            cell: ({ settled }) => (settled === null ? '—' : `${settled.complicationRate}%`),
          },
          { head: words.sources, cell: (one) => <Sources one={one} /> },
          {
            head: <span className="sr">{words.settle}</span>,
            kind: 'number',
            cell: (one) => data.may.settle && <SettlePackage one={one} year={data.year} />,
          },
        ]}
      />
    </FundPanel>
  );
}

function Sources({ one }: { readonly one: FundPackage }) {
  const words = useSettlementWords();
  if (one.settled === null) return '—';
  return one.settled.bySource.map(({ source, amount }) => (
    <span key={source} className="nowrap fund-source">
      {words.sourceNames[source] ?? source} <Money value={amount} />
    </span>
  ));
}

function SettlePackage({ one, year }: { readonly one: FundPackage; readonly year: string }) {
  const words = useSettlementWords();
  const nameOf = useDiseaseName();
  const { send, busy } = useFundCommand({ done: words.settled, saysFault: true });
  const correction = one.settled === null ? {} : { correction: true };
  return (
    <RowButton
      word={one.settled === null ? words.settle : words.settleAgain}
      of={nameOf(one.disease)}
      busy={busy}
      press={() => send('package.settle', { year, package: one.id, ...correction })}
    />
  );
}

export function Dual({ data }: { readonly data: FundResults }) {
  const words = useSettlementWords();
  const { dual } = data;
  if (data.opening === null || (dual === null && !data.may.settle)) return null;
  return (
    <FundPanel title={words.dual}>
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
    </FundPanel>
  );
}

function DualForm({ data }: { readonly data: FundResults }) {
  const words = useSettlementWords();
  const [months, setMonths] = useState('');
  const [perHead, setPerHead] = useState('');
  const [outpatientCost, setOutpatientCost] = useState('');
  const { send, busy, fault } = useFundCommand({ done: words.settled });
  return (
    <SmallForm
      word={data.dual === null ? words.settle : words.settleAgain}
      busy={busy}
      fault={fault}
      main={false}
      ready={months !== '' && perHead !== '' && outpatientCost !== ''}
      send={() =>
        send('dual-package.settle', {
          year: data.year,
          memberMonths: Number(months.replaceAll(',', '') || Number.NaN),
          perHead,
          outpatientCost,
          ...(data.dual === null ? {} : { correction: true }),
        })
      }
    >
      <div className="fund-filters">
        <NumberField id="dual-months" label={words.memberMonths} value={months} change={setMonths} />
        <NumberField id="dual-head" label={words.perHead} value={perHead} change={setPerHead} />
        <NumberField
          id="dual-cost"
          label={words.outpatientCost}
          value={outpatientCost}
          change={setOutpatientCost}
        />
      </div>
    </SmallForm>
  );
}
