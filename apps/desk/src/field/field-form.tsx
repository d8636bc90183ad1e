// A form filled in where there may be no network: photos wait with it on the device, and it is sent exactly once.
import type { Answers } from '@yimai/forms';
import { useEffect, useRef, useState } from 'react';
import { uuidv7 } from '../api/uuid.ts';
import { useSay } from '../app/preferences.tsx';
import { useSession } from '../app/session.tsx';
import type { Act, FieldCheck, FieldObject } from '../contract.ts';
import { Icon } from '../design/icon.tsx';
import { dropDraft } from '../form/draft.ts';
import { FileDoor } from '../form/file-door.tsx';
import { FormView } from '../form/form-view.tsx';
import { filesIn } from '../form/kept-files.ts';
import { flush, type OutboxCommand, putInOutbox } from './outbox.ts';
import { useFieldWords } from './words.ts';

interface FieldFormProps {
  readonly object: FieldObject;
  readonly act: Act;
  /** Null where something is opened about the object. */
  readonly check: FieldCheck | null;
  readonly onCancel: () => void;
  readonly onKept: (answers: Answers, job: string) => void;
}

const EMPTY = {
  declaration: { id: 'no-form', version: '1', title: { zh: '', en: '' }, items: [] },
  pickers: {},
  prefill: {},
  last: {},
};

export function FieldForm({ object, act, check, onCancel, onKept }: FieldFormProps) {
  const words = useFieldWords();
  const say = useSay();
  const { session, role } = useSession();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState(false);
  const [also, setAlso] = useState<readonly string[]>(() => beginWith(object, check));
  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    void box.current?.scrollIntoView({ block: 'start' });
  }, []);
  const user = session?.user.id ?? '';
  const { stop } = object;
  const draftKey = `${user}.field.${stop.register}.${stop.key}.${act.id}`;
  const siblings = sameForm(object, check);

  const submit = async (answers: Answers) => {
    if (!role) return;
    setBusy(true);
    try {
      const job = await putInOutbox({
        user,
        acting: { org: role.org, role: role.role },
        title: check?.title ?? act.name,
        place: { register: stop.register, key: stop.key, name: stop.name },
        commands: commandsOf(
          act,
          check,
          siblings.filter((one) => also.includes(one.plan)),
          answers,
        ),
        files: filesIn(answers),
        draft: { key: draftKey, answers },
      });
      dropDraft(draftKey);
      void flush();
      onKept(answers, job.id);
    } catch {
      setFault(true);
    } finally {
      setBusy(false);
    }
  };

  return (
    <section ref={box} className="panel field-form" aria-labelledby="field-form-title">
      <header>
        <h2 id="field-form-title">{say(check?.title ?? act.name)}</h2>
      </header>
      <div className="body">
        <FileDoor value={{ about: object.about, later: true }}>
          <FormView
            form={act.form ?? EMPTY}
            draftKey={draftKey}
            submitWord={check ? words.finish : say(act.name)}
            busy={busy}
            onSubmit={(answers) => void submit(answers)}
            onCancel={onCancel}
            error={
              fault && (
                <p className="note late" role="alert">
                  <Icon name="alert" size={16} /> {words.fault}
                </p>
              )
            }
          >
            {siblings.length > 0 && (
              <fieldset className="field">
                <legend className="label">{words.also}</legend>
                {siblings.map((one) => (
                  <label key={one.plan} className="check">
                    <input
                      type="checkbox"
                      checked={also.includes(one.plan)}
                      onChange={() =>
                        setAlso((old) =>
                          old.includes(one.plan) ? old.filter((id) => id !== one.plan) : [...old, one.plan],
                        )
                      }
                    />
                    {say(one.title)}
                  </label>
                ))}
              </fieldset>
            )}
          </FormView>
        </FileDoor>
      </div>
    </section>
  );
}

/** What a place does by itself each day is not settled by a visit, unless the inspector says so. */
const beginWith = (object: FieldObject, check: FieldCheck | null): string[] =>
  sameForm(object, check)
    .filter((one) => one.every !== 'day')
    .map((one) => one.plan);

/** Other work due here that asks the same form in the same version. */
function sameForm(object: FieldObject, check: FieldCheck | null): FieldCheck[] {
  const form = check?.act.form?.declaration;
  if (!check || !form) return [];
  return object.checks.filter(
    (one) =>
      one.plan !== check.plan &&
      one.due &&
      one.act.form?.declaration.id === form.id &&
      one.act.form.declaration.version === form.version,
  );
}

function commandsOf(
  act: Act,
  check: FieldCheck | null,
  also: readonly FieldCheck[],
  answers: Answers,
): OutboxCommand[] {
  const given = (one: Act): OutboxCommand => ({
    id: uuidv7(),
    type: one.command.type,
    payload: { ...one.command.payload, answers },
  });
  // A photo shows one visit: what is settled along with it says what was found, and leaves the pictures with the first.
  const words = Object.fromEntries(
    Object.entries(answers).filter(
      ([, value]) => ![value].flat().some((one) => /^Binary\//.test(String(one))),
    ),
  );
  const settled = [...(check ? [check] : []), ...also];
  const lists = settled
    .filter((one) => !one.planned)
    .map(
      (one): OutboxCommand => ({
        id: uuidv7(),
        type: 'recurring.generate',
        payload: { plan: one.plan, on: one.act.command.payload['on'] },
        optional: true,
      }),
    );
  return [
    ...lists,
    given(act),
    ...also.map((one) => ({ ...given(one.act), payload: { ...one.act.command.payload, answers: words } })),
  ];
}
