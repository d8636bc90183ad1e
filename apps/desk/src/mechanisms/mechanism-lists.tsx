// The mechanisms of one programme on its page, and those that wait for the reader at home.
import { useQuery } from '@tanstack/react-query';
import { get } from '../api/client.ts';
import type { MechanismSummary } from '../contract.ts';
import { MechanismLine } from './mechanism-line.tsx';
import './mechanisms.css';
import { useMechanismWords } from './words.ts';

function List({
  title,
  all,
  id,
}: {
  readonly title: string;
  readonly all: readonly MechanismSummary[];
  readonly id: string;
}) {
  if (all.length === 0) return null;
  return (
    <section className="panel" aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
      </header>
      <ul className="mechanism-list slim">
        {all.map((one) => (
          <li key={`${one.kind}${one.id}`}>
            <MechanismLine one={one} kind />
          </li>
        ))}
      </ul>
    </section>
  );
}

export function ProgrammeMechanisms({ programme }: { readonly programme: string }) {
  const words = useMechanismWords();
  const query = useQuery({
    queryKey: ['mechanisms', programme],
    queryFn: ({ signal }) =>
      get<readonly MechanismSummary[]>(`/desk/mechanisms?programme=${encodeURIComponent(programme)}`, signal),
  });
  return (
    <List id="programme-mechanisms" title={words.title} all={Array.isArray(query.data) ? query.data : []} />
  );
}

/** Silent when nothing waits, and when the answer does not come: the home has its own words for that. */
export function WaitingMechanisms() {
  const words = useMechanismWords();
  const query = useQuery({
    queryKey: ['mechanisms', 'waiting'],
    queryFn: ({ signal }) => get<readonly MechanismSummary[]>('/desk/mechanisms?waiting', signal),
    staleTime: 60_000,
  });
  return (
    <List id="home-mechanisms" title={words.waiting} all={Array.isArray(query.data) ? query.data : []} />
  );
}
