// A table of the fund: columns said once, amounts right-aligned, a foot that sums; scrolls sideways where it must.
import { type ReactNode, useState } from 'react';
import { ScrollBox } from '../design/scroll-box.tsx';
import { Money } from './money.tsx';
import type { Yuan } from './money-contract.ts';
import { useWords } from './words.ts';

export interface Column<T> {
  readonly head: ReactNode;
  readonly cell: (row: T) => ReactNode;
  readonly kind?: 'number' | 'name' | 'nowrap';
  /** The full form of what the cell says shortly. */
  readonly hint?: (row: T) => string;
  /** What the foot says under it. */
  readonly foot?: ReactNode;
}

interface MoneyOptions {
  readonly signed?: boolean;
  readonly foot?: Yuan;
  /** Where there is no amount; a dash if nothing else is said. */
  readonly empty?: string;
}

/** Amounts of a column, right-aligned. */
export function moneyColumn<T>(
  head: ReactNode,
  of: (row: T) => Yuan | null,
  options: MoneyOptions = {},
): Column<T> {
  const { signed, foot, empty = '—' } = options;
  const sign = signed ? { signed } : {};
  return {
    head,
    kind: 'number',
    cell: (row) => {
      const value = of(row);
      return value === null ? empty : <Money value={value} {...sign} />;
    },
    ...(foot === undefined ? {} : { foot: <Money value={foot} {...sign} /> }),
  };
}

interface FundTableProps<T> {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T, index: number) => string;
  /** Rows of one group stand together below its name. */
  readonly groupOf?: (row: T) => string;
  /** So many rows at first; the others at a press. */
  readonly most?: number;
}

const CLASS = { number: 'number', name: 'fund-name', nowrap: 'nowrap' } as const;

/** For these few more nobody has to press. */
const FEW = 4;

const classOf = <T,>({ kind }: Column<T>) => (kind === undefined ? {} : { className: CLASS[kind] });

export function FundTable<T>({ label, columns, rows, keyOf, groupOf, most }: FundTableProps<T>) {
  const words = useWords();
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole || most === undefined || rows.length <= most + FEW ? rows : rows.slice(0, most);
  const groups = groupOf === undefined ? [null] : [...new Set(shown.map(groupOf))];
  const table = (
    <ScrollBox label={label}>
      <table className="table" aria-label={label}>
        <thead>
          <tr>
            {columns.map((column, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns have no other identity
              <th key={index} {...(column.kind === 'number' ? { className: 'number' } : {})}>
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        {groups.map((group) => (
          <tbody key={group}>
            {group !== null && (
              <tr>
                <th colSpan={columns.length} scope="rowgroup">
                  {group}
                </th>
              </tr>
            )}
            <Rows
              columns={columns}
              rows={group === null ? shown : shown.filter((row) => groupOf?.(row) === group)}
              keyOf={keyOf}
            />
          </tbody>
        ))}
        {columns.some(({ foot }) => foot !== undefined) && (
          <tfoot>
            <tr>
              {columns.map((column, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns have no other identity
                <td key={index} {...classOf(column)}>
                  {column.foot}
                </td>
              ))}
            </tr>
          </tfoot>
        )}
      </table>
    </ScrollBox>
  );
  if (shown.length === rows.length) return table;
  return (
    <>
      {table}
      <footer>
        <button type="button" className="link-button" onClick={() => setWhole(true)}>
          {words.showAll(rows.length)}
        </button>
      </footer>
    </>
  );
}

function Rows<T>({ columns, rows, keyOf }: Pick<FundTableProps<T>, 'columns' | 'rows' | 'keyOf'>) {
  return rows.map((row, at) => (
    <tr key={keyOf(row, at)}>
      {columns.map((column, index) => (
        <td
          // biome-ignore lint/suspicious/noArrayIndexKey: columns have no other identity
          key={index}
          {...classOf(column)}
          {...(column.hint === undefined ? {} : { title: column.hint(row) })}
        >
          {column.cell(row)}
        </td>
      ))}
    </tr>
  ));
}

interface FundPanelProps {
  readonly title: string;
  readonly tools?: ReactNode;
  readonly children: ReactNode;
}

export function FundPanel({ title, tools, children }: FundPanelProps) {
  return (
    <section className="panel">
      <header>
        <h2>{title}</h2>
        {tools}
      </header>
      {children}
    </section>
  );
}
