// A table of the fund: columns said once, amounts right-aligned, a foot that sums; scrolls sideways where it must.
import type { ReactNode } from 'react';
import { ScrollBox } from '../design/scroll-box.tsx';
import type { Yuan } from './contract.ts';
import { Money } from './money.tsx';

export interface Column<T> {
  readonly head: ReactNode;
  readonly cell: (row: T) => ReactNode;
  readonly kind?: 'number' | 'name' | 'nowrap';
  /** What the foot says under it. */
  readonly foot?: ReactNode;
}

interface MoneyOptions {
  readonly signed?: boolean;
  readonly foot?: Yuan;
}

export function moneyColumn<T>(head: ReactNode, of: (row: T) => Yuan, options: MoneyOptions = {}): Column<T> {
  const { signed, foot } = options;
  const sign = signed ? { signed } : {};
  return {
    head,
    kind: 'number',
    cell: (row) => <Money value={of(row)} {...sign} />,
    ...(foot === undefined ? {} : { foot: <Money value={foot} {...sign} /> }),
  };
}

interface FundTableProps<T> {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T, index: number) => string;
}

const CLASS = { number: 'number', name: 'fund-name', nowrap: 'nowrap' } as const;

export function FundTable<T>({ label, columns, rows, keyOf }: FundTableProps<T>) {
  const classOf = ({ kind }: Column<T>) => (kind === undefined ? {} : { className: CLASS[kind] });
  return (
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
        <tbody>
          {rows.map((row, at) => (
            <tr key={keyOf(row, at)}>
              {columns.map((column, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns have no other identity
                <td key={index} {...classOf(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
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
