// Freezes the value of a period that is over, or restates a frozen one with a reason.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { command } from '../api/client.ts';
import { useToast } from '../app/toast.tsx';
import { useErrorWords } from '../design/loaded.tsx';
import type { FigureDetail } from './contract.ts';
import { useWords } from './words.ts';

interface FigureClosingProps {
  readonly data: FigureDetail;
  readonly closing: 'freeze' | 'restate';
}

export function FigureClosing({ data, closing }: FigureClosingProps) {
  const words = useWords();
  const toast = useToast();
  const errorWords = useErrorWords();
  const queries = useQueryClient();
  const reasonId = useId();
  const [reason, setReason] = useState('');
  const isRestating = closing === 'restate';
  const send = useMutation({
    mutationFn: () =>
      command({
        type: `measure.${closing}`,
        payload: {
          measure: data.tile.id,
          period: data.period.name,
          scope: data.scope.id,
          ...(isRestating ? { reason: reason.trim() } : {}),
        },
      }),
    onSuccess: () => {
      toast(isRestating ? words.restateDone : words.freezeDone);
      setReason('');
      return queries.invalidateQueries({ queryKey: ['figures'] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate();
  };
  return (
    <form className="body stack no-print" onSubmit={submit}>
      {isRestating && (
        <div className="field">
          <label htmlFor={reasonId}>{words.restateReason}</label>
          <input
            id={reasonId}
            className="input"
            required
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </div>
      )}
      <div className="row wrap">
        <button type="submit" className="button" disabled={send.isPending}>
          {isRestating ? words.restate : words.freeze}
        </button>
        <span className="muted small">{isRestating ? words.restateHint : words.freezeHint}</span>
      </div>
      {send.isError && (
        <p className="field-error" role="alert">
          {errorWords(send.error)}
        </p>
      )}
    </form>
  );
}
