// A page of the fund about one year: asks for the year that the address carries, and lets it be changed.
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { post } from '../api/client.ts';
import { Loaded } from '../design/loaded.tsx';
import { FundFrame } from './fund-frame.tsx';
import type { FundSearch } from './fund-search.ts';
import { asOptions, Select } from './select.tsx';
import { useWords } from './words.ts';

/** What an answer about a year says of years. */
interface OfYear {
  readonly years: readonly string[];
  readonly year: string;
}

interface FundYearPageProps<T> {
  readonly title: string;
  readonly text: string;
  /** The question under `/desk/fund/`; what is settled anew is asked again by it. */
  readonly ask: string;
  readonly children: (data: T) => ReactNode;
}

export function FundYearPage<T extends OfYear>({ title, text, ask, children }: FundYearPageProps<T>) {
  const words = useWords();
  const { year = '' }: FundSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const query = useQuery({
    queryKey: ['fund', ask, year],
    queryFn: ({ signal }) => post<T>(`/desk/fund/${ask}`, year ? { year } : {}, signal),
  });
  return (
    <FundFrame
      title={title}
      text={text}
      tools={
        query.data && (
          <Select
            label={words.year}
            value={query.data.year}
            options={asOptions(query.data.years)}
            change={(next) => void navigate({ to: '.', search: { year: next } })}
          />
        )
      }
    >
      <Loaded query={query}>{children}</Loaded>
    </FundFrame>
  );
}
