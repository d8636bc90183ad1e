// One department's budget: its lines on the day, its adjustments, what was done, and what the reader may do next.
import { useState } from 'react';
import { State } from '../design/state.tsx';
import { dateTime } from '../design/time.ts';
import { NumberField, ReasonForm, SmallForm, TextField } from './form-parts.tsx';
import { FundPanel, FundTable, moneyColumn } from './fund-table.tsx';
import { Money } from './money.tsx';
import type {
  OperatingBudgetAdjustment,
  OperatingBudgetDepartment,
  OperatingBudgetLine,
} from './operating-budget-contract.ts';
import { useBudgetWords } from './operating-budget-words.ts';
import { Select } from './select.tsx';
import { useFundCommand } from './use-fund-command.ts';

interface SheetProps {
  readonly one: OperatingBudgetDepartment;
  readonly year: string;
  readonly on: string;
}

export function DepartmentSheet({ one, year, on }: SheetProps) {
  const words = useBudgetWords();
  const { may } = one;
  return (
    <>
      <FundPanel
        title={`${one.title} · ${one.house.name}`}
        tools={<span className="muted small">{words.states[one.state] ?? one.state}</span>}
      >
        <Lines one={one} />
      </FundPanel>
      <div className="fund-columns">
        <div className="stack">
          <Adjustments one={one} year={year} />
          {(may.submit || may.approve) && <Decide one={one} year={year} />}
          {may.spend && <Spend one={one} year={year} on={on} />}
          {may.adjust && <Adjust one={one} year={year} />}
        </div>
        <FundPanel title={words.history}>
          <ol className="body stack tight">
            {one.acts.map(({ act, at, note }) => (
              <li key={`${act} ${at}`}>
                {words.acts[act] ?? act} <span className="muted small">{dateTime(at)}</span>
                {note && <p className="small">{note}</p>}
              </li>
            ))}
          </ol>
        </FundPanel>
      </div>
    </>
  );
}

function Lines({ one }: { readonly one: OperatingBudgetDepartment }) {
  const words = useBudgetWords();
  return (
    <FundTable<OperatingBudgetLine>
      label={one.title}
      rows={one.lines}
      keyOf={({ id }) => id}
      columns={[
        {
          head: words.line,
          kind: 'name',
          foot: words.total,
          cell: ({ title, internal }) => (
            <>
              {title} {internal && <span className="muted small">{words.isInternal}</span>}
            </>
          ),
        },
        moneyColumn(words.planned, ({ planned }) => planned),
        moneyColumn(words.adjusted, ({ adjusted }) => adjusted, { signed: true }),
        moneyColumn(words.spent, ({ spent }) => spent, { foot: one.spent }),
        moneyColumn(words.left, ({ left }) => left, { foot: one.left }),
        { head: words.rate, kind: 'number', cell: ({ rate }) => `${rate}%`, foot: `${one.rate}%` },
      ]}
    />
  );
}

interface ActProps {
  readonly one: OperatingBudgetDepartment;
  readonly year: string;
}

const keyOf = ({ one, year }: ActProps) => ({ year, house: one.house.id, department: one.department });
const CHANGES = ['pay', 'operating-budget'];

/** Who drafts submits; another person approves or returns. */
function Decide({ one, year }: ActProps) {
  const words = useBudgetWords();
  const { send, busy, fault } = useFundCommand({ done: words.done, changes: CHANGES });
  const key = keyOf({ one, year });
  if (one.may.submit)
    return (
      <section className="panel">
        <div className="body">
          <SmallForm
            word={words.submit}
            busy={busy}
            fault={fault}
            send={() => send('operating-budget.submit', key)}
          />
        </div>
      </section>
    );
  return (
    <section className="panel">
      <div className="body">
        <ReasonForm
          label={words.note}
          busy={busy}
          fault={fault}
          acts={[
            {
              word: words.approve,
              main: true,
              run: (note) => send('operating-budget.approve', { ...key, note }),
            },
            { word: words.giveBack, run: (note) => send('operating-budget.return', { ...key, note }) },
          ]}
        />
      </div>
    </section>
  );
}

function Adjustments({ one, year }: ActProps) {
  const words = useBudgetWords();
  if (one.adjustments.length === 0) return null;
  const lineOf = (id: string): string => one.lines.find((line) => line.id === id)?.title ?? id;
  return (
    <FundPanel title={words.adjustments}>
      <FundTable<OperatingBudgetAdjustment>
        label={words.adjustments}
        rows={one.adjustments}
        keyOf={({ number }) => `${number}`}
        columns={[
          { head: '#', kind: 'number', cell: ({ number }) => number },
          {
            head: words.line,
            kind: 'name',
            cell: ({ changes }) =>
              changes.map(({ line, amount }) => (
                <span key={line} className="nowrap fund-source">
                  {lineOf(line)} <Money value={amount} signed />
                </span>
              )),
          },
          { head: words.reason, kind: 'name', cell: ({ reason }) => reason },
          { head: words.state, cell: (each) => <AdjustmentState each={each} one={one} year={year} /> },
        ]}
      />
    </FundPanel>
  );
}

function AdjustmentState({ each, one, year }: ActProps & { readonly each: OperatingBudgetAdjustment }) {
  const words = useBudgetWords();
  const { send, busy, fault } = useFundCommand({ done: words.done, changes: CHANGES });
  const word = words.adjustmentStates[each.state] ?? each.state;
  if (each.state !== 'proposed')
    return <State kind={each.state === 'granted' ? 'done' : 'closed'} word={word} />;
  if (!one.may.decide || each.own)
    return <State kind="running" word={each.own ? `${word} · ${words.own}` : word} />;
  const decide = (granted: boolean) => (answer: string) =>
    send('operating-budget.decide', { ...keyOf({ one, year }), number: each.number, granted, answer });
  return (
    <ReasonForm
      label={words.note}
      busy={busy}
      fault={fault}
      acts={[
        { word: words.grant, main: true, run: decide(true) },
        { word: words.refuse, run: decide(false) },
      ]}
    />
  );
}

function useLineChoice({ lines }: OperatingBudgetDepartment) {
  const options = lines.map(({ id, title }) => ({ value: id, word: title }));
  return { options, first: options[0]?.value ?? '', second: options[1]?.value ?? '' };
}

function Spend({ one, year, on }: SheetProps) {
  const words = useBudgetWords();
  const { options, first } = useLineChoice(one);
  const [line, setLine] = useState(first);
  const [record, setRecord] = useState('');
  const [amount, setAmount] = useState('');
  const [text, setText] = useState('');
  const clear = () => {
    setRecord('');
    setAmount('');
    setText('');
  };
  const { send, busy, fault } = useFundCommand({ done: words.done, changes: CHANGES, after: clear });
  return (
    <FundPanel title={words.spend}>
      <div className="body">
        <SmallForm
          word={words.spend}
          busy={busy}
          fault={fault}
          main={false}
          ready={record !== '' && amount !== '' && text !== ''}
          send={() =>
            send('operating-budget.spend', { ...keyOf({ one, year }), line, record, amount, on, text })
          }
        >
          <div className="fund-filters">
            <Select label={words.line} value={line} options={options} change={setLine} />
            <NumberField id="spend-amount" label={words.amount} value={amount} change={setAmount} />
            <TextField id="spend-record" label={words.record} value={record} change={setRecord} />
            <TextField id="spend-text" label={words.what} value={text} change={setText} />
          </div>
        </SmallForm>
      </div>
    </FundPanel>
  );
}

/** Moves money from one line to another; it counts when another person has granted it. */
function Adjust({ one, year }: ActProps) {
  const words = useBudgetWords();
  const { options, first, second } = useLineChoice(one);
  const [from, setFrom] = useState(first);
  const [to, setTo] = useState(second);
  const [amount, setAmount] = useState('');
  const { send, busy, fault } = useFundCommand({
    done: words.done,
    changes: CHANGES,
    after: () => setAmount(''),
  });
  const changes = [
    { line: from, amount: `-${amount}` },
    { line: to, amount },
  ];
  return (
    <FundPanel title={words.adjust}>
      <div className="body stack">
        <div className="fund-filters">
          <Select label={words.from} value={from} options={options} change={setFrom} />
          <Select label={words.to} value={to} options={options} change={setTo} />
          <NumberField id="adjust-amount" label={words.amount} value={amount} change={setAmount} />
        </div>
        <ReasonForm
          label={words.reason}
          busy={busy || amount === '' || from === to}
          fault={fault}
          acts={[
            {
              word: words.adjust,
              run: (reason) => send('operating-budget.adjust', { ...keyOf({ one, year }), changes, reason }),
            },
          ]}
        />
      </div>
    </FundPanel>
  );
}
