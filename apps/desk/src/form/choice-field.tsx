// Choices as radio buttons or check boxes, all in sight; more than nine become a list. An exclusive option clears the others.
import type { Value } from '@yimai/forms';
import { useTranslation } from 'react-i18next';
import { useSay } from '../app/preferences.tsx';
import type { Text } from '../contract.ts';
import type { ControlProps } from './field.tsx';

const IN_SIGHT = 9;

interface Option {
  readonly value: string | boolean;
  readonly text: Text | string;
  readonly exclusive?: boolean;
}

export function ChoiceField({ item, id, value, onChange, fault, about }: ControlProps) {
  const { t } = useTranslation();
  const say = useSay();
  const options: readonly Option[] =
    item.type === 'yes-no'
      ? [
          { value: true, text: t('form.yes') },
          { value: false, text: t('form.no') },
        ]
      : (item.options ?? []).map((each) => ({
          value: each.code,
          text: each.text,
          exclusive: each.exclusive ?? false,
        }));
  const word = (option: Option) => (typeof option.text === 'string' ? option.text : say(option.text));
  const several = item.type === 'choices';
  const chosen = Array.isArray(value) ? value : value === null ? [] : [value];

  if (!several && options.length > IN_SIGHT) {
    return (
      <select
        id={id}
        className="input"
        aria-invalid={fault !== undefined}
        aria-describedby={about}
        value={String(value ?? '')}
        onChange={(event) => onChange(event.target.value || null)}
      >
        <option value="">{t('form.choose')}</option>
        {options.map((option) => (
          <option key={String(option.value)} value={String(option.value)}>
            {word(option)}
          </option>
        ))}
      </select>
    );
  }
  const long = options.some((option) => word(option).length > 14);
  return (
    <div className={`choices ${long ? 'long' : ''}`}>
      {options.map((option) => {
        const on = chosen.includes(option.value as never);
        return (
          <label key={String(option.value)} className={`choice-item ${on ? 'on' : ''}`}>
            <input
              type={several ? 'checkbox' : 'radio'}
              name={id}
              checked={on}
              onChange={() => onChange(several ? toggled(chosen as Value[], option, options) : option.value)}
            />
            <span>{word(option)}</span>
          </label>
        );
      })}
    </div>
  );
}

function toggled(chosen: readonly Value[], option: Option, options: readonly Option[]): Value {
  if (chosen.includes(option.value)) return chosen.filter((each) => each !== option.value) as string[];
  if (option.exclusive) return [option.value as string];
  const exclusive = new Set<Value>(options.filter((each) => each.exclusive).map((each) => each.value));
  return [...chosen.filter((each) => !exclusive.has(each)), option.value] as string[];
}
