// A rule set, every value with its row and source; changed values show what they would do to the year, and adopt nothing.
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get, post } from '../api/client.ts';
import { useSay } from '../app/preferences.tsx';
import { Loaded, useErrorWords } from '../design/loaded.tsx';
import { ScrollBox } from '../design/scroll-box.tsx';
import type { FundBoard } from './board-contract.ts';
import { FundFrame } from './fund-frame.tsx';
import { FundTable, moneyColumn } from './fund-table.tsx';
import { Propose, Versions } from './rule-versions.tsx';
import type { FundRuleEffect, FundRuleRow, FundRules } from './rules-contract.ts';
import { Select } from './select.tsx';
import { sourceText } from './source-text.ts';
import { useWords } from './words.ts';

type Changes = Readonly<Record<string, string>>;

export function FundRulesPage() {
  const words = useWords();
  const say = useSay();
  const [chosen, setChosen] = useState<string | null>(null);
  const [changes, setChanges] = useState<Changes>({});
  const board = useQuery({
    queryKey: ['fund', 'board', ''],
    queryFn: ({ signal }) => post<FundBoard>('/desk/fund/board', {}, signal),
  });
  const name = chosen ?? board.data?.ruleSet?.name;
  const query = useQuery({
    queryKey: ['fund', 'rules', name],
    enabled: name !== undefined,
    queryFn: ({ signal }) => get<FundRules>(`/desk/fund/rules/${name}`, signal),
  });
  return (
    <FundFrame
      title={words.rules}
      text={words.rulesText}
      tools={
        query.data && (
          <Select
            label={words.ruleSet}
            value={query.data.name}
            options={query.data.names.map((one) => ({ value: one.name, word: say(one.title) }))}
            change={(next) => {
              setChanges({});
              setChosen(next);
            }}
          />
        )
      }
    >
      <Loaded query={query}>
        {(rules) => (
          <>
            <p className="muted">
              {words.methods[rules.method] ?? rules.method} · {rules.scheme} · {words.effective}{' '}
              {rules.effectiveFrom} → {rules.effectiveTo} · {words.weights(rules.weights)}
            </p>
            <Effect key={rules.name} rules={rules} changes={changes} done={() => setChanges({})} />
            <Versions rules={rules} />
            <Rows rules={rules} changes={changes} change={setChanges} />
          </>
        )}
      </Loaded>
    </FundFrame>
  );
}

const keyOf = (row: FundRuleRow, field: string): string => `${row.id}\n${field}`;

interface RowsProps {
  readonly rules: FundRules;
  readonly changes: Changes;
  readonly change: (changes: Changes) => void;
}

function Rows({ rules, changes, change }: RowsProps) {
  const words = useWords();
  const say = useSay();
  const sections = [...new Set(rules.rows.map(({ section }) => section))];
  const set = (key: string, value: string, written: string) => {
    const { [key]: _old, ...rest } = changes;
    change(value === written ? rest : { ...rest, [key]: value });
  };
  return sections.map((section) => (
    <section key={section} className="panel">
      <header>
        <h2>{words.sections[section] ?? section}</h2>
      </header>
      <ScrollBox label={words.sections[section] ?? section}>
        <table className="table cards fund-rules" aria-label={words.sections[section] ?? section}>
          <thead>
            <tr>
              <th>{words.row}</th>
              <th>{words.value}</th>
              <th>{words.source}</th>
            </tr>
          </thead>
          <tbody>
            {rules.rows
              .filter((row) => row.section === section)
              .map((row) => (
                <tr key={row.id}>
                  <td className="nowrap">
                    <code>{row.id}</code>
                  </td>
                  <td>
                    <div className="row wrap">
                      {row.values.map(({ field, value, isNumber }) => (
                        <span key={field} className="row small">
                          <span className="muted">{words.fields[field] ?? field}</span>
                          {isNumber ? (
                            <input
                              className={`input rule-value ${keyOf(row, field) in changes ? 'changed' : ''}`}
                              inputMode="decimal"
                              aria-label={`${row.id} ${field}`}
                              value={changes[keyOf(row, field)] ?? value}
                              onChange={(event) => set(keyOf(row, field), event.target.value, value)}
                            />
                          ) : (
                            <span>{words.values[value] ?? (value || '—')}</span>
                          )}
                        </span>
                      ))}
                    </div>
                  </td>
                  <td className="muted small">{say(sourceText(row.source))}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </ScrollBox>
    </section>
  ));
}

interface EffectProps {
  readonly rules: FundRules;
  readonly changes: Changes;
  readonly done: () => void;
}

function Effect({ rules, changes, done }: EffectProps) {
  const words = useWords();
  const [year, setYear] = useState(rules.years[0] ?? '');
  const errorWords = useErrorWords();
  const list = Object.entries(changes).map(([key, value]) => {
    const [row = '', field = ''] = key.split('\n');
    return { row, field, value };
  });
  const ask = useMutation({
    mutationFn: () =>
      post<FundRuleEffect>('/desk/fund/rules/what-if', { name: rules.name, year, changes: list }),
  });
  return (
    <section className="panel" aria-live="polite">
      <header>
        <h2>
          {words.effect} {year}
        </h2>
        <span className="row wrap">
          <Select
            label={words.year}
            value={year}
            options={rules.years.map((one) => ({ value: one, word: one }))}
            change={setYear}
          />
          <span className="muted small">
            {list.length === 0 ? words.noChange : words.changes(list.length)}
          </span>
          <button
            type="button"
            className="button main"
            disabled={list.length === 0 || ask.isPending}
            onClick={() => ask.mutate()}
          >
            {words.tryIt}
          </button>
        </span>
      </header>
      {ask.isError && (
        <p className="body field-error" role="alert">
          {errorWords(ask.error)}
        </p>
      )}
      {ask.data && list.length > 0 && (
        <>
          <EffectTable effect={ask.data} />
          {rules.may.propose && <Propose name={rules.name} changes={list} done={done} />}
        </>
      )}
    </section>
  );
}

function EffectTable({ effect }: { readonly effect: FundRuleEffect }) {
  const words = useWords();
  return (
    <>
      <p className="body">{words.effectOn(effect.changed, effect.stays)}</p>
      <FundTable<FundRuleEffect['houses'][number]>
        label={words.effect}
        rows={effect.houses.filter(({ difference }) => difference !== '0.00')}
        keyOf={({ house }) => house.id}
        columns={[
          {
            head: words.house,
            kind: 'name',
            cell: ({ house }) => house.name,
            foot: `${words.total} · ${words.fundDue}`,
          },
          moneyColumn(words.now, ({ before }) => before, { foot: effect.before.fund }),
          moneyColumn(words.changed, ({ after }) => after, { foot: effect.after.fund }),
          moneyColumn(words.difference, ({ difference }) => difference, {
            signed: true,
            foot: effect.difference.fund,
          }),
        ]}
      />
    </>
  );
}
