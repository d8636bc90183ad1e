// A date: typed as 20260305 or 2026-03-05, or chosen from a calendar.
import { YimaiDatePicker } from '../design/date-picker.tsx';
import { usePhone } from '../design/phone.ts';
import type { ControlProps } from './field.tsx';

export function DateField({ item, id, value, onChange, fault, about }: ControlProps) {
  const phone = usePhone();
  const withTime = item.type === 'date-time';
  const text = typeof value === 'string' ? value : null;
  if (phone) {
    return (
      <input
        id={id}
        type={withTime ? 'datetime-local' : 'date'}
        className="input"
        aria-invalid={fault !== undefined}
        aria-describedby={about}
        value={withTime ? (text ?? '').slice(0, 16) : (text ?? '')}
        onChange={(event) =>
          onChange(
            event.target.value === ''
              ? null
              : withTime
                ? `${event.target.value}:00+08:00`
                : event.target.value,
          )
        }
      />
    );
  }
  return (
    <YimaiDatePicker
      id={id}
      value={text}
      withTime={withTime}
      invalid={fault !== undefined}
      describedBy={about}
      onChange={onChange}
    />
  );
}
