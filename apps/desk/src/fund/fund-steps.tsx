// The steps of something that takes several, those that are behind marked.
interface FundStepsProps {
  readonly steps: readonly string[];
  readonly done: readonly boolean[];
}

export function FundSteps({ steps, done }: FundStepsProps) {
  return (
    <ol className="fund-steps no-print">
      {steps.map((step, index) => (
        <li key={step} className={done[index] ? 'done' : ''}>
          <b>{index + 1}</b>
          {step}
        </li>
      ))}
    </ol>
  );
}
