// One command from a page: sent once, what came of it said, what it changed asked anew.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { command } from '../api/client.ts';
import { useToast } from '../app/toast.tsx';
import { useErrorWords } from '../design/loaded.tsx';

interface FundCommandOptions<T> {
  /** What is said when it was applied. */
  readonly done: string | ((result: T) => string);
  /** The first part of the questions that it changes. */
  readonly changes?: readonly string[];
  /** A row has no place for a fault: it is said as what was done is. */
  readonly saysFault?: true;
  readonly after?: () => void;
}

interface FundCommand {
  send(type: string, payload: unknown): void;
  readonly busy: boolean;
  readonly fault: string | null;
}

export function useFundCommand<T = unknown>(options: FundCommandOptions<T>): FundCommand {
  const { done, changes = ['fund'], saysFault, after } = options;
  const toast = useToast();
  const errorWords = useErrorWords();
  const queries = useQueryClient();
  const run = useMutation({
    mutationFn: (sent: { readonly type: string; readonly payload: unknown }) => command(sent),
    onSuccess: ({ result }) => {
      toast(typeof done === 'string' ? done : done(result as T));
      after?.();
      return queries.invalidateQueries({ queryKey: [...changes] });
    },
    onError: (error) => {
      if (saysFault) toast(errorWords(error), { tone: 'late' });
    },
  });
  return {
    send: (type, payload) => run.mutate({ type, payload }),
    busy: run.isPending,
    fault: run.isError ? errorWords(run.error) : null,
  };
}
