// Volume-based procurement: cuts of each batch, completion by institution against the time passed, savings by item.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { post } from '../api/client.ts';
import { Blank, Loaded } from '../design/loaded.tsx';
import { State } from '../design/state.tsx';
import { FundPanel, FundTable, moneyColumn } from './fund-table.tsx';
import type { ProcurementBoard } from './operations-contract.ts';
import { useOperationsWords } from './operations-words.ts';
import { PayFrame } from './pay-frame.tsx';
import { usePayWords } from './pay-words.ts';

export function ProcurementPage() {
  const words = useOperationsWords();
  const { tabs } = usePayWords();
  const query = useQuery({
    queryKey: ['pay', 'procurement'],
    queryFn: ({ signal }) => post<ProcurementBoard>('/desk/pay/procurement', {}, signal),
  });
  return (
    <PayFrame
      title={tabs.procurement}
      text={words.procurementText}
      tools={
        <Link to="/registers/$registerId" params={{ registerId: 'procurement-volumes' }} className="button">
          {words.completion}
        </Link>
      }
    >
      <Loaded query={query}>
        {(board) =>
          board.items.length === 0 ? (
            <Blank title={words.noProcurement}>
              <p>{words.noProcurementText}</p>
            </Blank>
          ) : (
            <Board board={board} />
          )
        }
      </Loaded>
    </PayFrame>
  );
}

function Board({ board }: { readonly board: ProcurementBoard }) {
  const words = useOperationsWords();
  return (
    <>
      <FundPanel title={words.procured}>
        <FundTable<ProcurementBoard['batches'][number]>
          label={words.procured}
          rows={board.batches}
          keyOf={({ batch }) => batch}
          columns={[
            { head: words.batch, cell: ({ batch }) => batch, kind: 'nowrap' },
            { head: words.items, cell: ({ items }) => items, kind: 'number' },
            { head: words.simple, cell: ({ simple }) => simple, kind: 'number' },
            { head: words.weighted, cell: ({ weighted }) => weighted, kind: 'number' },
            { head: words.highest, cell: ({ highest }) => highest, kind: 'number' },
            moneyColumn(words.saving, ({ saving }) => saving),
          ]}
        />
      </FundPanel>
      {board.institutions.length > 0 && (
        <FundPanel title={words.completion}>
          <FundTable
            label={words.completion}
            rows={board.institutions}
            keyOf={({ house }) => house.id}
            columns={[
              { head: words.house, cell: ({ house }) => house.name, kind: 'name' },
              { head: words.rate, cell: ({ rate }) => rate, kind: 'number' },
              {
                head: '',
                kind: 'nowrap',
                cell: ({ warns }) => (
                  <State
                    kind={warns ? 'due-soon' : 'done'}
                    word={warns ? words.behind(board.expected) : words.onTime}
                  />
                ),
              },
            ]}
          />
        </FundPanel>
      )}
      <FundPanel title={words.selected}>
        <FundTable<ProcurementBoard['items'][number]>
          label={words.selected}
          rows={board.items}
          keyOf={({ item }) => item}
          columns={[
            { head: words.item, cell: ({ item }) => <code className="small">{item}</code>, kind: 'nowrap' },
            { head: words.name, cell: ({ title }) => title, kind: 'name' },
            { head: words.batch, cell: ({ batch }) => batch, kind: 'nowrap' },
            moneyColumn(words.oldPrice, ({ old }) => old),
            moneyColumn(words.newPrice, (one) => one.new),
            { head: words.cut, cell: ({ cut }) => cut, kind: 'number' },
            { head: words.used, cell: ({ used }) => used, kind: 'number' },
            moneyColumn(words.saving, ({ saving }) => saving),
          ]}
        />
      </FundPanel>
    </>
  );
}
