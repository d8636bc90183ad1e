// A pay slip: how the amount came about, what was counted, and each work record behind it; to print and as XLSX.
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { post } from '../api/client.ts';
import { useSay } from '../app/preferences.tsx';
import { Loaded } from '../design/loaded.tsx';
import { dateTime } from '../design/time.ts';
import { FundPanel, FundTable } from './fund-table.tsx';
import { Money } from './money.tsx';
import type { PaySlipSheet } from './pay-contract.ts';
import { PrintedSigns } from './pay-frame.tsx';
import { usePayWords } from './pay-words.ts';
import { SheetTools } from './sheet-tools.tsx';

export interface SlipAsked {
  readonly kind: string;
  readonly org: string;
  readonly month: string;
  readonly person?: string;
}

export function PaySlip({ asked, close }: { readonly asked: SlipAsked; readonly close: () => void }) {
  const words = usePayWords();
  const query = useQuery({
    queryKey: ['pay', 'slip', asked],
    queryFn: ({ signal }) => post<PaySlipSheet>('/desk/pay/slip', asked, signal),
    retry: false,
  });
  const name = query.data ? `${asked.month} ${query.data.name}` : '';
  return (
    <FundPanel
      title={words.slip}
      tools={
        <span className="row wrap no-print">
          <SheetTools
            words={words}
            path="/desk/pay/slip/export"
            asked={asked}
            name={name}
            ready={query.data !== undefined}
          />
          <button type="button" className="button quiet" onClick={close}>
            {words.close}
          </button>
        </span>
      }
    >
      <Loaded query={query}>{(sheet) => <Sheet sheet={sheet} />}</Loaded>
    </FundPanel>
  );
}

function Sheet({ sheet }: { readonly sheet: PaySlipSheet }) {
  const words = usePayWords();
  const say = useSay();
  const heads: readonly (readonly [string, ReactNode])[] = [
    [words.staff, sheet.name],
    [words.house, sheet.house.name],
    ...(sheet.department === '' ? [] : [[words.department, sheet.department] as const]),
    [words.kind, words.kinds[sheet.kind] ?? sheet.kind],
    [words.month, sheet.month],
    [words.pool, <Money key="pool" value={sheet.pool} />],
    [words.poolPoints, sheet.poolPoints],
    [words.points, sheet.points],
    [words.share, <Money key="share" value={sheet.share} />],
    [words.frozenAt, dateTime(sheet.at)],
    [words.version, sheet.version],
  ];
  return (
    <>
      <dl className="body statement-heads">
        {heads.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <FundTable
        label={words.item}
        rows={sheet.items}
        keyOf={({ item }) => item.zh}
        columns={[
          { head: words.item, cell: ({ item }) => say(item), kind: 'name' },
          { head: words.count, cell: ({ count }) => count, kind: 'number' },
          { head: words.quantity, cell: ({ quantity }) => quantity, kind: 'number' },
          { head: words.points, cell: ({ points }) => points, kind: 'number' },
        ]}
      />
      <FundTable
        label={words.records}
        rows={sheet.lines}
        keyOf={({ record }, index) => `${record} ${index}`}
        columns={[
          { head: words.record, cell: ({ record }) => <code className="small">{record}</code> },
          { head: words.item, cell: ({ item }) => say(item) },
          { head: words.date, cell: ({ on }) => on ?? '—', kind: 'nowrap' },
          { head: words.quantity, cell: ({ quantity }) => quantity, kind: 'number' },
          {
            head: words.points,
            kind: 'number',
            cell: ({ points, deducted }) =>
              deducted === null ? points : `${points}（−${deducted.points} ${deducted.reason}）`,
          },
        ]}
      />
      {sheet.more > 0 && <footer className="muted">{words.more(sheet.more)}</footer>}
      <PrintedSigns />
    </>
  );
}
