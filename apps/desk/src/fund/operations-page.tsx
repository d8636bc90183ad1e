// Operations: case-mix index and cost per weight, from hospital to department to responsible doctor, for a year or a month.
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { post } from '../api/client.ts';
import { Blank, Loaded } from '../design/loaded.tsx';
import { FundPanel, FundTable, moneyColumn } from './fund-table.tsx';
import { Money, Tile } from './money.tsx';
import type { OperationsBoard, OperationsLine } from './operations-contract.ts';
import { useOperationsWords } from './operations-words.ts';
import { PayFrame } from './pay-frame.tsx';
import { usePayWords } from './pay-words.ts';
import { Select } from './select.tsx';

const route = getRouteApi('/pay/operations');

export function OperationsPage() {
  const words = useOperationsWords();
  const { tabs } = usePayWords();
  const { month, year, house } = route.useSearch();
  const navigate = route.useNavigate();
  const period = month ?? year;
  const asked = { ...(period ? { period } : {}), ...(house ? { house } : {}) };
  const query = useQuery({
    queryKey: ['pay', 'operations', asked],
    queryFn: ({ signal }) => post<OperationsBoard>('/desk/pay/operations', asked, signal),
    placeholderData: (before) => before,
  });
  const go = (next: string, org: string) =>
    void navigate({
      search: { ...(next.length === 4 ? { year: next } : { month: next }), ...(org ? { house: org } : {}) },
    });
  return (
    <PayFrame
      title={tabs.operations}
      text={words.operationsText}
      tools={
        query.data && (
          <>
            <Select
              label={words.period}
              value={query.data.period}
              options={[...query.data.years, ...query.data.months].map((one) => ({ value: one, word: one }))}
              change={(next) => go(next, house ?? '')}
            />
            {house && (
              <button type="button" className="button" onClick={() => go(query.data.period, '')}>
                {words.all}
              </button>
            )}
          </>
        )
      }
    >
      <Loaded query={query}>
        {(board) =>
          board.whole === null ? (
            <Blank title={words.noStays}>
              <p>{words.noStaysText}</p>
            </Blank>
          ) : (
            <>
              <div className="fund-tiles">
                <Tile
                  name={`${board.house?.name ?? words.whole} ${words.caseMix}`}
                  note={words.ungrouped(board.ungrouped)}
                >
                  {board.whole.caseMix}
                </Tile>
                <Tile name={words.stays}>{board.whole.stays}</Tile>
                <Tile name={words.costPerWeight}>
                  <Money value={board.whole.costPerWeight} />
                </Tile>
              </div>
              {house === undefined ? (
                <Lines title={words.byHospital} lines={board.hospitals} open={(id) => go(board.period, id)} />
              ) : (
                <>
                  <Lines title={words.byDepartment} lines={board.departments} />
                  <Lines title={words.byDoctor} lines={board.doctors} />
                </>
              )}
            </>
          )
        }
      </Loaded>
    </PayFrame>
  );
}

interface LinesProps {
  readonly title: string;
  readonly lines: readonly OperationsLine[];
  readonly open?: (id: string) => void;
}

function Lines({ title, lines, open }: LinesProps) {
  const words = useOperationsWords();
  return (
    <FundPanel title={title}>
      <FundTable<OperationsLine>
        label={title}
        rows={lines}
        keyOf={({ id }) => id}
        columns={[
          {
            head: words.name,
            kind: 'name',
            cell: ({ id, name }) =>
              open ? (
                <button type="button" className="link-button" onClick={() => open(id)}>
                  {name}
                </button>
              ) : (
                name
              ),
          },
          { head: words.stays, cell: ({ stays }) => stays, kind: 'number' },
          { head: words.weights, cell: ({ weights }) => weights, kind: 'number' },
          { head: words.caseMix, cell: ({ caseMix }) => caseMix, kind: 'number' },
          moneyColumn(words.costPerWeight, ({ costPerWeight }) => costPerWeight),
        ]}
      />
    </FundPanel>
  );
}
