// Parts of the fund's small forms: a number with its label, what went wrong, a button that sends, a text with what it leads to.
import { type FormEvent, type ReactNode, useState } from 'react';

interface FieldProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly change: (value: string) => void;
}

export function NumberField({ id, label, value, change }: FieldProps) {
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="input number"
        inputMode="decimal"
        value={value}
        onChange={(event) => change(event.target.value)}
      />
    </div>
  );
}

export function TextField({ id, label, value, change }: FieldProps) {
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input id={id} className="input" value={value} onChange={(event) => change(event.target.value)} />
    </div>
  );
}

export function Fault({ text }: { readonly text: string | null }) {
  if (text === null) return null;
  return (
    <p className="field-error" role="alert">
      {text}
    </p>
  );
}

interface SmallFormProps {
  readonly word: string;
  readonly busy: boolean;
  readonly fault: string | null;
  readonly send: () => void;
  /** Sent only when what is needed has been written. */
  readonly ready?: boolean;
  readonly main?: boolean;
  readonly children?: ReactNode;
}

export function SmallForm({ word, busy, fault, send, ready = true, main = true, children }: SmallFormProps) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send();
  };
  return (
    <form className="stack" onSubmit={submit}>
      {children}
      <Fault text={fault} />
      <div className="row">
        <button
          type="submit"
          className={main ? 'button main' : 'button'}
          disabled={!ready || busy}
          aria-busy={busy}
        >
          {word}
        </button>
      </div>
    </form>
  );
}

interface RowButtonProps {
  readonly word: string;
  /** What of, for those who do not see the row. */
  readonly of: string;
  readonly busy: boolean;
  readonly press: () => void;
}

export function RowButton({ word, of, busy, press }: RowButtonProps) {
  return (
    <button type="button" className="button" disabled={busy} aria-busy={busy} onClick={press}>
      {word}
      <span className="sr"> {of}</span>
    </button>
  );
}

interface ReasonFormProps {
  readonly label: string;
  readonly acts: readonly {
    readonly word: string;
    readonly main?: boolean;
    readonly run: (reason: string) => void;
  }[];
  readonly busy: boolean;
  readonly fault: string | null;
}

/** One text and what can be done with it. */
export function ReasonForm({ label, acts, busy, fault }: ReasonFormProps) {
  const [reason, setReason] = useState('');
  return (
    <div className="stack tight">
      <label className="stack tight">
        <span className="muted small">{label}</span>
        <input className="input" value={reason} onChange={(event) => setReason(event.target.value)} />
      </label>
      <Fault text={fault} />
      <span className="row wrap">
        {acts.map(({ word, main, run }) => (
          <button
            key={word}
            type="button"
            className={main ? 'button main' : 'button'}
            disabled={busy || reason.trim() === ''}
            onClick={() => run(reason.trim())}
          >
            {word}
          </button>
        ))}
      </span>
    </div>
  );
}
