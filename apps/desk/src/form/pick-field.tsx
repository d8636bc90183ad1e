// A reference: typed by name, pinyin or initials, chosen from what the reader may see.
import { useQuery } from '@tanstack/react-query';
import Select from 'antd/es/select';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { post } from '../api/client.ts';
import type { PickAnswer } from '../contract.ts';
import { ComponentTheme } from '../design/component-theme.tsx';
import { Icon } from '../design/icon.tsx';
import type { ControlProps } from './field.tsx';

export function PickField({ item, id, value, picker, onChange, fault, about }: ControlProps) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const asked = useDeferredValue(text.trim());
  const kind = picker?.kind ?? 'organisation';
  const { data, isFetching } = useQuery({
    queryKey: ['pick', kind, picker?.within, asked, value],
    queryFn: ({ signal }) =>
      post<PickAnswer>('/desk/pick', { kind, within: picker?.within, text: asked, chosen: value }, signal),
    placeholderData: (before) => before,
  });
  const options = (data?.items ?? []).map((each) => ({
    value: each.reference,
    label: each.name,
    detail: each.detail,
  }));
  return (
    <ComponentTheme>
      <Select
        id={id}
        style={{ width: '100%' }}
        showSearch={{ filterOption: false, onSearch: setText }}
        allowClear={{ clearIcon: <Icon name="close" size={14} />, label: t('act.clear') }}
        suffixIcon={<Icon name="down" size={16} />}
        loading={isFetching}
        {...(item.repeats ? { mode: 'multiple' as const } : {})}
        status={fault ? 'error' : ''}
        aria-describedby={about}
        placeholder={t('form.search')}
        value={(value as string | string[] | null) ?? undefined}
        options={options}
        optionRender={(option) => (
          <span className="row">
            <span>{option.label}</span>
            <span className="muted small">{(option.data as { detail?: string | null }).detail}</span>
          </span>
        )}
        onChange={(chosen: string | string[] | undefined) => onChange(chosen ?? null)}
      />
    </ComponentTheme>
  );
}
