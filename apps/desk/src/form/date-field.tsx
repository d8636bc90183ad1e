// A date: typed as 20260305 or 2026-03-05, or chosen from a calendar.
import { useEffect, useState } from 'react';
import { YimaiDatePicker } from '../design/date-picker.tsx';
import type { ControlProps } from './field.tsx';

const PHONE = '(max-width: 767px)';

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

function usePhone(): boolean {
  const [phone, setPhone] = useState(() => matchMedia(PHONE).matches);
  useEffect(() => {
    const query = matchMedia(PHONE);
    const change = () => setPhone(query.matches);
    query.addEventListener('change', change);
    return () => query.removeEventListener('change', change);
  }, []);
  return phone;
}
