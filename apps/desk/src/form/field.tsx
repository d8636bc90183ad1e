// One question: label above, unit inside, range and last value beside it, the fault under it.
import type { ItemDeclaration, Value } from '@yimai/forms';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSay } from '../app/preferences.tsx';
import { type FormOfAct, unitWord } from '../contract.ts';
import { AttachField } from './attach-field.tsx';
import type { Fault } from './check.ts';
import { ChoiceField } from './choice-field.tsx';

const DateField = lazy(() => import('./date-field.tsx').then((module) => ({ default: module.DateField })));
const PickField = lazy(() => import('./pick-field.tsx').then((module) => ({ default: module.PickField })));
const SignatureField = lazy(() =>
  import('./signature-field.tsx').then((module) => ({ default: module.SignatureField })),
);

export interface FieldProps {
  readonly item: ItemDeclaration;
  readonly id: string;
  readonly value: Value;
  readonly picker: FormOfAct['pickers'][string] | undefined;
  readonly last: string | undefined;
  readonly fault: Fault | undefined;
  readonly onChange: (value: Value) => void;
  readonly onPaste: (text: string) => boolean;
}

export function Field(props: FieldProps) {
  const { item, id, last, fault } = props;
  const { t } = useTranslation();
  const say = useSay();
  const grouped = item.type === 'choice' || item.type === 'choices' || item.type === 'yes-no';
  const label = (
    <>
      {say(item.text)}
      {item.required && <span className="required"> {t('form.required')}</span>}
      {item.calculate !== undefined && <span className="help"> {t('form.calculated')}</span>}
    </>
  );
  const about = `${id}-about`;
  const hints = [rangeOf(item, t), last === undefined ? null : t('form.last', { value: last })].filter(
    (hint) => hint !== null,
  );
  const body = (
    <>
      <Suspense fallback={<span className="bone" style={{ height: 36 }} />}>
        <Control {...props} about={about} />
      </Suspense>
      <p id={about} className="field-about">
        {fault && (
          <span className="field-error">
            {'n' in fault ? t(`form.${fault.word}`, { n: fault.n }) : t(`form.${fault.word}`)}
          </span>
        )}
        {hints.length > 0 && <span className="help">{hints.join(' · ')}</span>}
      </p>
    </>
  );
  return grouped ? (
    <fieldset className="field" data-item={item.id} aria-describedby={about}>
      <legend className="label">{label}</legend>
      {body}
    </fieldset>
  ) : (
    <div className="field" data-item={item.id}>
      <label htmlFor={id}>{label}</label>
      {body}
    </div>
  );
}

export interface ControlProps extends FieldProps {
  readonly about: string;
}

function Control(props: ControlProps) {
  const { item, id, value, onChange, fault, about } = props;
  const shared = { id, 'aria-invalid': fault !== undefined, 'aria-describedby': about };
  switch (item.type) {
    case 'whole':
    case 'number':
    case 'quantity':
      return <NumberInput {...props} />;
    case 'long-text':
      return (
        <textarea
          {...shared}
          className="input"
          rows={3}
          value={String(value ?? '')}
          onChange={(event) => onChange(event.target.value || null)}
        />
      );
    case 'choice':
    case 'choices':
    case 'yes-no':
      return <ChoiceField {...props} />;
    case 'date':
    case 'date-time':
      return <DateField {...props} />;
    case 'time':
      return (
        <input
          {...shared}
          type="time"
          className="input short"
          value={String(value ?? '')}
          onChange={(event) => onChange(event.target.value || null)}
        />
      );
    case 'reference':
      return <PickField {...props} />;
    case 'photo':
    case 'file':
      return <AttachField {...props} />;
    case 'signature':
      return <SignatureField {...props} />;
    default:
      return item.repeats ? <ListInput {...props} /> : <TextInput {...props} />;
  }
}

/** One line that grows with its text; Enter goes on to the next question. */
function TextInput({ id, value, onChange, fault, about }: ControlProps) {
  return (
    <textarea
      id={id}
      className="input one-line"
      data-one-line
      rows={1}
      autoComplete="off"
      aria-invalid={fault !== undefined}
      aria-describedby={about}
      value={String(value ?? '')}
      onChange={(event) => onChange(event.target.value.replaceAll('\n', ' ') || null)}
    />
  );
}

/** Several short answers in one line, parted by 、 or a comma. */
function ListInput({ id, value, onChange, fault, about }: ControlProps) {
  const { t } = useTranslation();
  const given = Array.isArray(value) ? value.join('、') : String(value ?? '');
  const [typed, setTyped] = useState(given);
  const shown = partsOf(typed).join('、') === given ? typed : given;
  return (
    <textarea
      id={id}
      className="input one-line"
      data-one-line
      rows={1}
      autoComplete="off"
      placeholder={t('form.several')}
      aria-invalid={fault !== undefined}
      aria-describedby={about}
      value={shown}
      onChange={(event) => {
        const text = event.target.value.replaceAll('\n', '、');
        setTyped(text);
        const parts = partsOf(text);
        onChange(parts.length > 0 ? parts : null);
      }}
    />
  );
}

const partsOf = (text: string): string[] =>
  text
    .split(/[、,，;；]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');

function NumberInput({ item, id, value, onChange, onPaste, fault, about }: ControlProps) {
  const decimal = item.type !== 'whole';
  return (
    <span className="with-unit">
      <input
        id={id}
        type="text"
        inputMode={decimal ? 'decimal' : 'numeric'}
        className="input short"
        autoComplete="off"
        aria-invalid={fault !== undefined}
        aria-describedby={about}
        readOnly={item.calculate !== undefined}
        value={value === null ? '' : String(value)}
        onChange={(event) => onChange(numberOf(event.target.value))}
        onPaste={(event) => {
          if (onPaste(event.clipboardData.getData('text'))) event.preventDefault();
        }}
      />
      {item.unit && <span className="unit">{unitWord(item.unit)}</span>}
    </span>
  );
}

/** What is not (yet) a number stays as typed, so that nothing a person wrote is lost; the check names it. */
function numberOf(text: string): Value {
  const plain = text
    .replace(/[０-９．]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) - 0xfee0))
    .trim();
  if (plain === '') return null;
  const complete = /^-?(0|[1-9]\d*)(\.\d*[1-9])?$/.test(plain);
  return complete
    ? Number(plain)
    : plain.endsWith('.') || !Number.isFinite(Number(plain)) || /\.\d*0$/.test(plain)
      ? plain
      : Number(plain);
}

function rangeOf(item: ItemDeclaration, t: ReturnType<typeof useTranslation>['t']): string | null {
  const { min, max } = item;
  if (min !== undefined && max !== undefined) return t('form.range', { min, max });
  if (min !== undefined) return t('form.rangeMin', { min });
  return max === undefined ? null : t('form.rangeMax', { max });
}
