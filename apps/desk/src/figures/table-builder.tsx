// The choices of a table: data, lines, columns, value, conditions, period. Nothing to type but values.
import { usePreferences, useSay } from '../app/preferences.tsx';
import type { TableViews } from './contract.ts';
import {
  type Axis,
  type Column,
  canBeAxis,
  type Draft,
  firstStep,
  freshDraft,
  type View,
} from './table-model.ts';
import { useTableWords } from './table-words.ts';

interface BuilderProps {
  readonly views: TableViews;
  readonly draft: Draft;
  readonly change: (draft: Draft) => void;
}

export function Builder({ views, draft, change }: BuilderProps) {
  const words = useTableWords();
  const say = useSay();
  const view = views.views.find(({ name }) => name === draft.view)!;
  const set = (part: Partial<Draft>) => change({ ...draft, ...part });
  return (
    <div className="table-builder">
      <label className="field">
        <span>{words.source}</span>
        <select
          className="input"
          value={draft.view}
          onChange={(event) =>
            change(freshDraft(views.views.find(({ name }) => name === event.target.value)!))
          }
        >
          {views.views.map((each) => (
            <option key={each.name} value={each.name}>
              {say(each.title)}
            </option>
          ))}
        </select>
      </label>
      <Axes
        label={words.rows}
        add={words.addRow}
        view={view}
        axes={draft.rows}
        least={1}
        most={2}
        change={(rows) => set({ rows })}
      />
      <Axes
        label={words.columns}
        add={words.addColumn}
        view={view}
        axes={draft.columns}
        least={0}
        most={1}
        change={(columns) => set({ columns })}
      />
      <Value view={view} draft={draft} set={set} />
      <Filters views={views} view={view} draft={draft} set={set} />
      <Period view={view} draft={draft} set={set} />
    </div>
  );
}

interface AxesProps {
  readonly label: string;
  readonly add: string;
  readonly view: View;
  readonly axes: readonly Axis[];
  readonly least: number;
  readonly most: number;
  readonly change: (axes: readonly Axis[]) => void;
}

function Axes({ label, add, view, axes, least, most, change }: AxesProps) {
  const words = useTableWords();
  const say = useSay();
  const possible = view.columns.filter(canBeAxis);
  const columnOf = (name: string): Column | undefined => possible.find((each) => each.name === name);
  const put = (at: number, axis: Axis) => change(axes.map((each, index) => (index === at ? axis : each)));
  return (
    <fieldset className="field">
      <legend>{label}</legend>
      {axes.map((axis, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a place in a short list that the person fills
        <div className="row" key={index}>
          <select
            className="input grow"
            aria-label={`${label} ${index + 1}`}
            value={axis.column}
            onChange={(event) =>
              put(index, { column: event.target.value, by: firstStep(columnOf(event.target.value)) })
            }
          >
            {possible.map((column) => (
              <option key={column.name} value={column.name}>
                {say(column.title)}
              </option>
            ))}
          </select>
          {axis.by !== null && (
            <select
              className="input"
              aria-label={`${label} ${index + 1} ${words.steps[axis.by]}`}
              value={axis.by}
              onChange={(event) => put(index, { ...axis, by: event.target.value })}
            >
              {(columnOf(axis.column)?.steps ?? []).map((step) => (
                <option key={step} value={step}>
                  {words.steps[step]}
                </option>
              ))}
            </select>
          )}
          {axes.length > least && (
            <button
              type="button"
              className="button quiet"
              onClick={() => change(axes.filter((_, at) => at !== index))}
            >
              {words.remove}
            </button>
          )}
        </div>
      ))}
      {axes.length < most && possible[0] && (
        <button
          type="button"
          className="link-button"
          onClick={() => change([...axes, { column: possible[0]!.name, by: firstStep(possible[0]) }])}
        >
          {add}
        </button>
      )}
    </fieldset>
  );
}

interface PartProps {
  readonly view: View;
  readonly draft: Draft;
  readonly set: (part: Partial<Draft>) => void;
}

function Value({ view, draft, set }: PartProps) {
  const words = useTableWords();
  const say = useSay();
  const { count, column } = draft.value;
  const possible = view.columns.filter(({ kind }) =>
    count === 'distinct' ? kind !== 'number' : kind === 'number',
  );
  return (
    <fieldset className="field">
      <legend>{words.value}</legend>
      <div className="row">
        <select
          className="input"
          aria-label={words.value}
          value={count}
          onChange={(event) => {
            const next = event.target.value as Draft['value']['count'];
            const first = view.columns.find(({ kind }) =>
              next === 'distinct' ? kind === 'person' || kind === 'organisation' : kind === 'number',
            );
            set({ value: { count: next, column: next === 'rows' ? null : (first?.name ?? null) } });
          }}
        >
          {(Object.keys(words.counts) as Draft['value']['count'][]).map((each) => (
            <option key={each} value={each}>
              {words.counts[each]}
            </option>
          ))}
        </select>
        {count !== 'rows' && (
          <select
            className="input grow"
            aria-label={`${words.value} ${words.columns}`}
            value={column ?? ''}
            onChange={(event) => set({ value: { count, column: event.target.value } })}
          >
            {possible.map((each) => (
              <option key={each.name} value={each.name}>
                {say(each.title)}
              </option>
            ))}
          </select>
        )}
      </div>
    </fieldset>
  );
}

function Filters({ views, view, draft, set }: PartProps & { readonly views: TableViews }) {
  const words = useTableWords();
  const say = useSay();
  const { language } = usePreferences().preferences;
  const possible = view.columns.filter(({ kind }) => kind !== 'person');
  const put = (at: number, part: Partial<Draft['filters'][number]>) =>
    set({ filters: draft.filters.map((each, index) => (index === at ? { ...each, ...part } : each)) });
  return (
    <fieldset className="field">
      <legend>{words.filters}</legend>
      {draft.filters.map((filter, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a place in a short list that the person fills
        <div className="row wrap" key={index}>
          <select
            className="input grow"
            aria-label={`${words.filters} ${index + 1}`}
            value={filter.column}
            onChange={(event) => put(index, { column: event.target.value })}
          >
            {possible.map((each) => (
              <option key={each.name} value={each.name}>
                {say(each.title)}
              </option>
            ))}
          </select>
          <select
            className="input"
            aria-label={`${words.filters} ${index + 1} ${words.operators.is}`}
            value={filter.operator}
            onChange={(event) =>
              put(index, { operator: event.target.value as Draft['filters'][number]['operator'] })
            }
          >
            {(Object.keys(words.operators) as (keyof typeof words.operators)[]).map((each) => (
              <option key={each} value={each}>
                {words.operators[each]}
              </option>
            ))}
          </select>
          {filter.operator !== 'filled' && filter.operator !== 'empty' && (
            <input
              className="input grow"
              aria-label={`${words.filters} ${index + 1} ${words.value}`}
              list="table-codes"
              value={filter.values[0] ?? ''}
              onChange={(event) => put(index, { values: [event.target.value] })}
            />
          )}
          <button
            type="button"
            className="button quiet"
            onClick={() => set({ filters: draft.filters.filter((_, at) => at !== index) })}
          >
            {words.remove}
          </button>
        </div>
      ))}
      <datalist id="table-codes">
        {Object.entries(views.codes).map(([code, text]) => (
          <option key={code} value={code}>
            {text[language]}
          </option>
        ))}
      </datalist>
      {draft.filters.length < 6 && possible[0] && (
        <button
          type="button"
          className="link-button"
          onClick={() =>
            set({ filters: [...draft.filters, { column: possible[0]!.name, operator: 'is', values: [] }] })
          }
        >
          {words.addFilter}
        </button>
      )}
    </fieldset>
  );
}

function Period({ view, draft, set }: PartProps) {
  const words = useTableWords();
  const say = useSay();
  const dates = view.columns.filter(({ kind }) => kind === 'date');
  const { period } = draft;
  const isMoving = period !== null && period.name in words.periods;
  if (dates.length === 0) return null;
  return (
    <fieldset className="field">
      <legend>{words.period}</legend>
      <div className="row wrap">
        <select
          className="input grow"
          aria-label={words.period}
          value={period?.column ?? ''}
          onChange={(event) =>
            set({
              period:
                event.target.value === ''
                  ? null
                  : { column: event.target.value, name: period?.name ?? 'this-year' },
            })
          }
        >
          <option value="">{words.nothing}</option>
          {dates.map((each) => (
            <option key={each.name} value={each.name}>
              {say(each.title)}
            </option>
          ))}
        </select>
        {period && (
          <select
            className="input"
            aria-label={`${words.period} ${words.fixed}`}
            value={isMoving ? period.name : 'fixed'}
            onChange={(event) =>
              set({
                period: {
                  ...period,
                  name:
                    event.target.value === 'fixed' ? String(new Date().getFullYear()) : event.target.value,
                },
              })
            }
          >
            {Object.entries(words.periods).map(([name, text]) => (
              <option key={name} value={name}>
                {text}
              </option>
            ))}
            <option value="fixed">{words.fixed}</option>
          </select>
        )}
        {period && !isMoving && (
          <input
            className="input"
            aria-label={words.fixed}
            placeholder="2026 / 2026-Q1 / 2026-03"
            value={period.name}
            onChange={(event) => set({ period: { ...period, name: event.target.value } })}
          />
        )}
      </div>
    </fieldset>
  );
}
