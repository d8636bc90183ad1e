// A choice with its label before it, as the heads and filters of the fund have it.
interface SelectProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly word: string }[];
  readonly change: (value: string) => void;
}

export function Select({ label, value, options, change }: SelectProps) {
  return (
    <label className="fund-select">
      <span className="muted small">{label}</span>
      <select className="input" value={value} onChange={(event) => change(event.target.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.word}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Options whose word is their value. */
export const asOptions = (values: readonly string[]) => values.map((value) => ({ value, word: value }));
