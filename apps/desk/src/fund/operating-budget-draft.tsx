// Drafts a department's budget: a house, a department, its lines written one below the other.
import { useState } from 'react';
import { SmallForm, TextField } from './form-parts.tsx';
import { FundPanel } from './fund-table.tsx';
import type { OperatingBudgetBoard } from './operating-budget-contract.ts';
import { useBudgetWords } from './operating-budget-words.ts';
import { Select } from './select.tsx';
import { useFundCommand } from './use-fund-command.ts';

export function DraftForm({ board }: { readonly board: OperatingBudgetBoard }) {
  const words = useBudgetWords();
  const [house, setHouse] = useState(board.houses[0]?.id ?? '');
  const [department, setDepartment] = useState('');
  const [title, setTitle] = useState('');
  const [text, setText] = useState('');
  const [wrongLine, setWrongLine] = useState<string | null>(null);
  const { send, busy, fault } = useFundCommand({
    done: words.done,
    changes: ['pay', 'operating-budget'],
    after: () => setText(''),
  });
  const save = () => {
    const lines: object[] = [];
    for (const [index, written] of text.split('\n').entries()) {
      if (written.trim() === '') continue;
      const [id, name, planned, mark] = written.split(/[,，\t]/).map((part) => part.trim());
      if (!id || !name || !planned) {
        setWrongLine(words.badLine(index + 1));
        return;
      }
      lines.push({ id, title: name, planned, ...(mark === words.internalMark ? { internal: true } : {}) });
    }
    setWrongLine(null);
    send('operating-budget.draft', { year: board.year, house, department, title, lines });
  };
  return (
    <FundPanel title={`${words.draft} ${board.year}`}>
      <div className="body">
        <SmallForm
          word={words.save}
          busy={busy}
          fault={wrongLine ?? fault}
          main={false}
          ready={house !== '' && department !== '' && title !== '' && text.trim() !== ''}
          send={save}
        >
          <div className="fund-filters">
            <Select
              label={words.house}
              value={house}
              options={board.houses.map(({ id, name }) => ({ value: id, word: name }))}
              change={setHouse}
            />
            <TextField id="budget-department" label={words.code} value={department} change={setDepartment} />
            <TextField id="budget-title" label={words.name} value={title} change={setTitle} />
          </div>
          <div className="field">
            <label htmlFor="budget-lines">{words.lines}</label>
            <textarea
              id="budget-lines"
              className="input"
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
            <span className="help">{words.linesText}</span>
          </div>
        </SmallForm>
      </div>
    </FundPanel>
  );
}
