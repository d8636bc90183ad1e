// Why: a short chain of rules, each with the code or value that met it and the row of the table it stands in.
import { useState } from 'react';
import { useSay } from '../app/preferences.tsx';
import type { FundAnswer, FundStep } from './case-contract.ts';
import { sourceText } from './source-text.ts';
import { useWords } from './words.ts';

const PASSED = new Set(['mdc-left', 'adrg-left', 'drg-passed-over', 'complication-excluded']);
const DECIDED = new Set(['mdc-entered', 'adrg-met', 'drg-chosen', 'ambiguous', 'ungrouped', 'check-failed']);
const SHOWN = 4;

export function Trail({ steps }: { readonly steps: readonly FundStep[] }) {
  return (
    <ol className="trail">
      {steps.map((step, index) => (
        <li
          // biome-ignore lint/suspicious/noArrayIndexKey: steps are known by their place in the chain
          key={index}
          className={PASSED.has(step.kind) ? 'passed' : DECIDED.has(step.kind) ? 'decided' : ''}
        >
          <Step step={step} />
        </li>
      ))}
    </ol>
  );
}

function Step({ step }: { readonly step: FundStep }) {
  const say = useSay();
  const words = useWords();
  const [all, setAll] = useState(false);
  const sentence = say(step);
  // What the sentence has said already is not said a second time; its row stays beside it.
  const said = step.because.filter((one) => sentence.includes(say(one)));
  const unsaid = step.because.filter((one) => !sentence.includes(say(one)));
  const because = all ? unsaid : unsaid.slice(0, SHOWN);
  return (
    <>
      <span>{sentence}</span>{' '}
      <code className="muted small">{[step.rule, ...said.flatMap(({ row }) => row ?? [])].join(' · ')}</code>
      {because.length > 0 && (
        <ul>
          {because.map((one, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: reasons are known by their place
            <li key={index} className="small">
              {say(one)} {one.row && <code className="muted">{one.row}</code>}
            </li>
          ))}
        </ul>
      )}
      {unsaid.length > because.length && (
        <button type="button" className="link-button small" onClick={() => setAll(true)}>
          {words.more(unsaid.length - because.length)}
        </button>
      )}
    </>
  );
}

export function Reasons({ reasons }: { readonly reasons: FundAnswer['reasons'] }) {
  const say = useSay();
  const words = useWords();
  return (
    <ol className="trail">
      {reasons.map((reason, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: reasons are known by their place in the chain
        <li key={index} className="decided">
          <span>{say(reason)}</span> <code className="muted small">{reason.row}</code>
          {reason.source && (
            <p className="muted small">
              {words.source} · {say(sourceText(reason.source))}
            </p>
          )}
        </li>
      ))}
    </ol>
  );
}
