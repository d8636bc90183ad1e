// Which organisation and which period: two choices above every page of figures, kept in the address.
import type { FigureScope } from './contract.ts';
import type { FigureSearch } from './use-figures.ts';
import { useWords } from './words.ts';

interface FiltersProps {
  readonly period: string;
  readonly scope: FigureScope;
  readonly scopes?: readonly FigureScope[];
  readonly change: (search: FigureSearch) => void;
}

const YEARS = 4;

export function Filters({ period, scope, scopes, change }: FiltersProps) {
  const words = useWords();
  const [year = '', step = ''] = [period.slice(0, 4), period.slice(5)];
  const newest = Math.max(new Date().getFullYear(), Number(year));
  const years = Array.from({ length: YEARS }, (_, index) => String(newest - index));
  if (!years.includes(year)) years.push(year);
  const levels = [...new Set((scopes ?? []).map(({ level }) => level))];
  const go = (next: string) => change({ period: next, scope: scope.id });
  return (
    <div className="row wrap figure-filters no-print">
      {scopes && (
        <label className="figure-filter">
          <span className="sr">{words.scope}</span>
          <select
            className="input"
            aria-label={words.scope}
            value={scope.id}
            onChange={(event) => change({ period, scope: event.target.value })}
          >
            {levels.map((level) => (
              <optgroup key={level} label={words.levels[level]}>
                {scopes
                  .filter((each) => each.level === level)
                  .map((each) => (
                    <option key={each.id} value={each.id}>
                      {each.name}
                    </option>
                  ))}
              </optgroup>
            ))}
          </select>
        </label>
      )}
      <select
        className="input figure-year"
        aria-label={words.year}
        value={year}
        onChange={(event) => go(step ? `${event.target.value}-${step}` : event.target.value)}
      >
        {years.map((each) => (
          <option key={each}>{each}</option>
        ))}
      </select>
      <select
        className="input figure-step"
        aria-label={words.step}
        value={step}
        onChange={(event) => go(event.target.value ? `${year}-${event.target.value}` : year)}
      >
        <option value="">{words.whole}</option>
        {[1, 2, 3, 4].map((quarter) => (
          <option key={quarter} value={`Q${quarter}`}>
            {words.quarter(quarter)}
          </option>
        ))}
        {Array.from({ length: 12 }, (_, month) => String(month + 1).padStart(2, '0')).map((month) => (
          <option key={month} value={month}>
            {words.month(Number(month))}
          </option>
        ))}
      </select>
    </div>
  );
}
