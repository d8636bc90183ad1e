// The calendar of the desk: dates as text in and out, in China time.
import DatePicker from 'antd/es/date-picker';
import dayjs from 'dayjs';
import { ComponentTheme } from './component-theme.tsx';
import { Icon } from './icon.tsx';

interface YimaiDatePickerProps {
  readonly id?: string;
  readonly value: string | null;
  readonly withTime?: boolean;
  readonly invalid?: boolean;
  readonly describedBy?: string;
  readonly label?: string;
  readonly onChange: (value: string | null) => void;
}

const DATES = ['YYYY-MM-DD', 'YYYYMMDD', 'YYYY/M/D', 'YYYY.M.D', 'YYYY年M月D日'];
const TIMES = ['YYYY-MM-DD HH:mm', 'YYYYMMDD HHmm', 'YYYYMMDDHHmm'];

export function YimaiDatePicker(props: YimaiDatePickerProps) {
  const { value, withTime = false, onChange } = props;
  const parsed = value === null ? null : dayjs(withTime ? value.slice(0, 16) : value);
  return (
    <ComponentTheme>
      <DatePicker
        {...(props.id === undefined ? {} : { id: props.id })}
        suffixIcon={<Icon name="calendar" size={16} />}
        allowClear={{ clearIcon: <Icon name="close" size={16} /> }}
        style={{ width: withTime ? 220 : 180 }}
        value={parsed?.isValid() ? parsed : null}
        format={withTime ? TIMES : DATES}
        showTime={withTime ? { format: 'HH:mm' } : false}
        status={props.invalid ? 'error' : ''}
        aria-describedby={props.describedBy}
        aria-label={props.label}
        onChange={(chosen) => {
          if (!chosen) onChange(null);
          else
            onChange(
              withTime ? `${chosen.format('YYYY-MM-DDTHH:mm')}:00+08:00` : chosen.format('YYYY-MM-DD'),
            );
        }}
      />
    </ComponentTheme>
  );
}
