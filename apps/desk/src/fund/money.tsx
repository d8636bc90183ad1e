// Money as the house writes it: right-aligned, two decimals, thousands; below zero in parentheses, red, with its minus.
import type { ReactNode } from 'react';
import type { Yuan } from './money-contract.ts';

export function Money({ value, signed }: { readonly value: Yuan; readonly signed?: boolean }) {
  const isBelow = value.startsWith('-');
  const isZero = /^-?0\.00$/.test(value);
  if (isBelow && !isZero) return <span className="money below">({value.replace('-', '−')})</span>;
  return <span className="money">{signed && !isZero ? `+${value}` : value}</span>;
}

export const toNumber = (value: Yuan): number => Number(value.replaceAll(',', ''));

interface TileProps {
  readonly name: string;
  readonly children: ReactNode;
  readonly note?: ReactNode;
}

export function Tile({ name, children, note }: TileProps) {
  return (
    <div className="fund-tile">
      <span className="muted small">{name}</span>
      <span className="fund-tile-value">{children}</span>
      {note !== undefined && <span className="muted small">{note}</span>}
    </div>
  );
}
