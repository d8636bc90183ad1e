// Draws a form: one column, live score at the side, Enter goes on, rows of numbers pasted, drafts saved by themselves.
import { type Answers, fill, type ItemDeclaration, loadForm, type Value } from '@yimai/forms';
import { type KeyboardEvent, type ReactNode, useId, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSay } from '../app/preferences.tsx';
import type { FormOfAct } from '../contract.ts';
import { Icon } from '../design/icon.tsx';
import { dateTime } from '../design/time.ts';
import { type Fault, faultsOf, isBlank, numbersOf, questionsOf } from './check.ts';
import { type Draft, dropDraft, readDraft, writeDraft } from './draft.ts';
import { Field } from './field.tsx';
import './form.css';
import { saidOf } from './said.ts';
import { ScoreSide } from './score-side.tsx';

interface FormViewProps {
  readonly form: FormOfAct;
  /** Answers that stand already, such as the resident who was chosen; they are sent and not asked. */
  readonly fixed?: Answers;
  readonly draftKey: string;
  readonly submitWord: string;
  readonly busy: boolean;
  readonly error?: ReactNode;
  readonly danger?: boolean;
  readonly onSubmit: (answers: Answers) => void;
  readonly onCancel?: () => void;
  readonly onDiscard?: () => void;
  /** More fields of the act itself, such as the reason of a return. */
  readonly children?: ReactNode;
}

const NOTHING_FIXED: Answers = {};

export function FormView(props: FormViewProps) {
  const { form: given, fixed = NOTHING_FIXED, draftKey, busy, onSubmit } = props;
  const { t } = useTranslation();
  const say = useSay();
  const id = useId();
  const loaded = useMemo(() => loadForm(given.declaration), [given.declaration]);
  const {
    answers: typed,
    setAnswers,
    draftAt,
    discard,
  } = useDraft(draftKey, given.prefill, (now) => ({
    act: props.submitWord,
    said: saidOf(given.declaration.items, now, {
      say,
      yes: t('form.yes'),
      no: t('form.no'),
      comma: t('listComma'),
    }),
  }));
  const answers = { ...typed, ...fixed };
  const [tried, setTried] = useState(false);
  const [pasted, setPasted] = useState(0);
  const box = useRef<HTMLFormElement>(null);
  const form = loaded.form;
  if (!form) throw new Error(`fault: form ${given.declaration.id} does not load`);

  const filled = fill(form, answers, { draft: true });
  const questions = questionsOf(given.declaration.items).filter(
    (item) => filled.enabled.has(item.id) && fixed[item.id] === undefined,
  );
  const faults = faultsOf(given.declaration, filled.answers, filled.enabled);
  const shown = tried ? faults : [];
  const open = questions.filter((item) => item.calculate === undefined);
  const done = open.filter((item) => !isBlank(filled.answers[item.id] ?? null)).length;

  const submit = () => {
    setTried(true);
    if (faults.length > 0) return focusField(box.current, faults[0]!.item);
    const kept = Object.entries(answers).filter(
      ([item, value]) => filled.enabled.has(item) && !isBlank(value),
    );
    onSubmit(Object.fromEntries(kept));
  };
  const change = (item: string, value: Value) => setAnswers((old) => ({ ...old, [item]: value }));
  const paste = (item: ItemDeclaration, text: string): boolean => {
    const numbers = numbersOf(text);
    if (!numbers) return false;
    const from = open.findIndex((each) => each.id === item.id);
    const targets = open
      .slice(from)
      .filter((each) => isNumeric(each))
      .slice(0, numbers.length);
    setAnswers((old) => ({
      ...old,
      ...Object.fromEntries(targets.map((target, index) => [target.id, numbers[index]!])),
    }));
    setPasted(targets.length);
    return true;
  };

  return (
    <form
      ref={box}
      className="form"
      noValidate
      aria-label={say(given.declaration.title)}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      onKeyDown={(event) => goOn(event, box.current, submit)}
    >
      <div className="form-main">
        {shown.length > 0 && (
          <FaultList faults={shown} items={questions} go={(item) => focusField(box.current, item)} />
        )}
        {given.declaration.items.map((item) => (
          <Item
            key={item.id}
            item={item}
            depth={0}
            idPrefix={id}
            form={given}
            answers={filled.answers}
            enabled={filled.enabled}
            faults={shown}
            change={change}
            paste={paste}
          />
        ))}
        {props.children}
        {props.error}
        <div className="form-foot">
          <button type="submit" className={`button main ${props.danger ? 'danger' : ''}`} disabled={busy}>
            {props.submitWord}
          </button>
          {props.onCancel && (
            <button type="button" className="button" onClick={props.onCancel}>
              {t('act.cancel')}
            </button>
          )}
          <span className="muted small grow only-wide">{t('form.enterHint')}</span>
        </div>
        <div className="row wrap small muted" role="status">
          {draftAt && (
            <>
              <Icon name="check" size={14} />
              {t('form.saveDraft', { at: dateTime(draftAt) })}
              <button
                type="button"
                className="link-button"
                onClick={() => {
                  discard();
                  props.onDiscard?.();
                }}
              >
                {t('form.discardDraft')}
              </button>
            </>
          )}
          {pasted > 0 && <span>{t('form.pasted', { n: pasted })}</span>}
        </div>
      </div>
      {(form.scoring !== null || open.length > 8) && (
        <ScoreSide form={form} result={filled.score} done={done} of={open.length} />
      )}
    </form>
  );
}

interface ItemProps {
  readonly item: ItemDeclaration;
  readonly depth: number;
  readonly idPrefix: string;
  readonly form: FormOfAct;
  readonly answers: Answers;
  readonly enabled: ReadonlySet<string>;
  readonly faults: readonly Fault[];
  readonly change: (item: string, value: Value) => void;
  readonly paste: (item: ItemDeclaration, text: string) => boolean;
}

function Item(props: ItemProps) {
  const { item, enabled, depth, form, answers, faults, change, paste, idPrefix } = props;
  const say = useSay();
  if (!enabled.has(item.id)) return null;
  const inner = (item.items ?? []).map((each) => (
    <Item key={each.id} {...props} item={each} depth={depth + 1} />
  ));
  if (item.type === 'group') {
    return (
      <fieldset className="form-group">
        <legend>{say(item.text)}</legend>
        {inner}
      </fieldset>
    );
  }
  if (item.type === 'note') return <p className="form-note">{say(item.text)}</p>;
  return (
    <>
      <Field
        item={item}
        id={`${idPrefix}-${item.id}`}
        value={answers[item.id] ?? null}
        picker={form.pickers[item.id]}
        last={form.last[item.id]}
        fault={faults.find((each) => each.item === item.id)}
        onChange={(value) => change(item.id, value)}
        onPaste={(text) => paste(item, text)}
      />
      {inner.length > 0 && <div className="form-inner">{inner}</div>}
    </>
  );
}

interface FaultListProps {
  readonly faults: readonly Fault[];
  readonly items: readonly ItemDeclaration[];
  readonly go: (item: string) => void;
}

function FaultList({ faults, items, go }: FaultListProps) {
  const { t } = useTranslation();
  const say = useSay();
  return (
    <div className="note late" role="alert">
      <Icon name="alert" size={16} />
      <div>
        <strong>{t('form.errorsTitle', { n: faults.length })}</strong>
        <ul>
          {faults.map((fault) => {
            const item = items.find((each) => each.id === fault.item);
            return (
              <li key={fault.item}>
                <button type="button" className="link-button" onClick={() => go(fault.item)}>
                  {item ? say(item.text) : fault.item}
                </button>
                {' · '}
                {'n' in fault ? t(`form.${fault.word}`, { n: fault.n }) : t(`form.${fault.word}`)}
              </li>
            );
          })}
        </ul>
      </div>
    </div>
  );
}

interface KeptDraft {
  readonly answers: Answers;
  readonly setAnswers: (next: (old: Answers) => Answers) => void;
  readonly draftAt: string | null;
  readonly discard: () => void;
}

/** Every change is kept at once: neither leaving the page nor a form that is drawn anew loses a letter. */
function useDraft(key: string, prefill: Answers, tell: (answers: Answers) => Partial<Draft>): KeptDraft {
  const [start] = useState(() => readDraft(key));
  const [answers, setAnswers] = useState<Answers>({ ...prefill, ...start?.answers });
  const [draftAt, setDraftAt] = useState<string | null>(start?.at ?? null);
  const latest = useRef(answers);
  const change = (next: (old: Answers) => Answers) => {
    const at = new Date().toISOString();
    latest.current = next(latest.current);
    writeDraft(key, { at, answers: latest.current, ...tell(latest.current) });
    setAnswers(latest.current);
    setDraftAt(at);
  };
  const discard = () => {
    dropDraft(key);
    latest.current = prefill;
    setAnswers(prefill);
    setDraftAt(null);
  };
  return { answers, setAnswers: change, draftAt, discard };
}

const isNumeric = (item: ItemDeclaration): boolean =>
  item.type === 'whole' || item.type === 'number' || item.type === 'quantity';

const FIELDS = 'input:not([type=hidden]):not([disabled]), textarea, select, [role=combobox]';

function focusField(box: HTMLElement | null, item: string): void {
  const field = box?.querySelector(`[data-item="${CSS.escape(item)}"]`);
  field?.querySelector<HTMLElement>(FIELDS)?.focus();
  field?.scrollIntoView({ block: 'center' });
}

/** Enter goes to the next field (in long text it stays a new line); Ctrl or Command with Enter sends. */
function goOn(event: KeyboardEvent, box: HTMLElement | null, submit: () => void): void {
  if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
  const target = event.target as HTMLElement;
  if (event.ctrlKey || event.metaKey) {
    event.preventDefault();
    submit();
    return;
  }
  if (
    !target.matches(FIELDS) ||
    (target.tagName === 'TEXTAREA' && !target.hasAttribute('data-one-line')) ||
    target.getAttribute('aria-expanded') === 'true'
  )
    return;
  event.preventDefault();
  const fields = [...(box?.querySelectorAll<HTMLElement>(`${FIELDS}, button[type=submit]`) ?? [])];
  fields[fields.indexOf(target) + 1]?.focus();
}
