// Adopts the year's budget: by member months where the rule set has an amount per head, else by a written amount.
import { useState } from 'react';
import { useSay } from '../app/preferences.tsx';
import type { FundBoard } from './board-contract.ts';
import { NumberField, SmallForm } from './form-parts.tsx';
import { FundPanel } from './fund-table.tsx';
import { Select } from './select.tsx';
import { useFundCommand } from './use-fund-command.ts';
import { useWords } from './words.ts';

export function BudgetForm({ board }: { readonly board: FundBoard }) {
  const words = useWords();
  return (
    <FundPanel title={words.noBudget}>
      <div className="body stack">
        <p className="muted">{words.noBudgetText}</p>
        {board.may.settle && <Adopt board={board} />}
      </div>
    </FundPanel>
  );
}

function Adopt({ board }: { readonly board: FundBoard }) {
  const words = useWords();
  const say = useSay();
  const first = board.ruleSets.find(({ byHeads }) => byHeads) ?? board.ruleSets[0];
  const [ruleSet, setRuleSet] = useState(first?.name ?? '');
  const [residents, setResidents] = useState('');
  const [employees, setEmployees] = useState('');
  const [amount, setAmount] = useState('');
  const { send, busy, fault } = useFundCommand({ done: words.adopted });
  const byHeads = board.ruleSets.find(({ name }) => name === ruleSet)?.byHeads ?? false;
  const months = (written: string): number => Number(written.replaceAll(',', '') || 0);
  const insured = [
    { payer: 'resident', memberMonths: months(residents) },
    { payer: 'employee', memberMonths: months(employees) },
  ];
  return (
    <SmallForm
      word={words.adopt}
      busy={busy}
      fault={fault}
      send={() =>
        send('budget.adopt', { year: board.year, ruleSet, ...(byHeads ? { insured } : { amount }) })
      }
    >
      <div className="fund-filters">
        <Select
          label={words.ruleSet}
          value={ruleSet}
          options={board.ruleSets.map(({ name, title }) => ({ value: name, word: say(title) }))}
          change={setRuleSet}
        />
        {byHeads ? (
          <>
            <NumberField
              id="months-residents"
              label={words.residentMonths}
              value={residents}
              change={setResidents}
            />
            <NumberField
              id="months-employees"
              label={words.employeeMonths}
              value={employees}
              change={setEmployees}
            />
          </>
        ) : (
          <NumberField id="budget-amount" label={words.amount} value={amount} change={setAmount} />
        )}
      </div>
    </SmallForm>
  );
}
