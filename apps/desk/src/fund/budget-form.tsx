// Adopts the year's budget: by member months where the rule set has an amount per head, else by a written amount.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { command } from '../api/client.ts';
import { useSay } from '../app/preferences.tsx';
import { useToast } from '../app/toast.tsx';
import { useErrorWords } from '../design/loaded.tsx';
import type { FundBoard } from './contract.ts';
import { Select } from './fund-frame.tsx';
import { useWords } from './words.ts';

export function BudgetForm({ board }: { readonly board: FundBoard }) {
  const words = useWords();
  const say = useSay();
  const toast = useToast();
  const errorWords = useErrorWords();
  const queries = useQueryClient();
  const first = board.ruleSets.find(({ byHeads }) => byHeads) ?? board.ruleSets[0];
  const [ruleSet, setRuleSet] = useState(first?.name ?? '');
  const [residents, setResidents] = useState('');
  const [employees, setEmployees] = useState('');
  const [amount, setAmount] = useState('');
  const byHeads = board.ruleSets.find(({ name }) => name === ruleSet)?.byHeads ?? false;
  const adopt = useMutation({
    mutationFn: () =>
      command({
        type: 'budget.adopt',
        payload: {
          year: board.year,
          ruleSet,
          ...(byHeads
            ? {
                insured: [
                  { payer: 'resident', memberMonths: Number(residents.replaceAll(',', '') || 0) },
                  { payer: 'employee', memberMonths: Number(employees.replaceAll(',', '') || 0) },
                ],
              }
            : { amount }),
        },
      }),
    onSuccess: () => {
      toast(words.adopted);
      return queries.invalidateQueries({ queryKey: ['fund'] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    adopt.mutate();
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
    <section className="panel">
      <header>
        <h2>{words.noBudget}</h2>
      </header>
      <form className="body stack" onSubmit={submit}>
        <p className="muted">{words.noBudgetText}</p>
        {board.may.settle && (
          <>
            <div className="fund-filters">
              <Select
                label={words.ruleSet}
                value={ruleSet}
                options={board.ruleSets.map(({ name, title }) => ({ value: name, word: say(title) }))}
                change={setRuleSet}
              />
              {byHeads ? (
                <>
                  {field('months-residents', words.residentMonths, residents, setResidents)}
                  {field('months-employees', words.employeeMonths, employees, setEmployees)}
                </>
              ) : (
                field('budget-amount', words.amount, amount, setAmount)
              )}
            </div>
            {adopt.isError && (
              <p className="field-error" role="alert">
                {errorWords(adopt.error)}
              </p>
            )}
            <div className="row">
              <button type="submit" className="button main" disabled={adopt.isPending}>
                {words.adopt}
              </button>
            </div>
          </>
        )}
      </form>
    </section>
  );
}
