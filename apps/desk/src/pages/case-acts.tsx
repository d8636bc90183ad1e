// The next acts of a case as buttons. An act that asks nothing is done by its button; the form of the others stands below
// the buttons, never over the page.
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { command, Refused, Unreachable } from '../api/client.ts';
import { uuidv7 } from '../api/uuid.ts';
import { useSay } from '../app/preferences.tsx';
import { useSession } from '../app/session.tsx';
import { useToast } from '../app/toast.tsx';
import type { Act, Case } from '../contract.ts';
import { Clock } from '../design/clock.tsx';
import { Icon } from '../design/icon.tsx';
import { useErrorWords } from '../design/loaded.tsx';
import { onSent, putInOutbox } from '../field/outbox.ts';
import { OutboxPanel } from '../field/outbox-panel.tsx';
import { useOutbox } from '../field/use-field.ts';
import { useFieldWords } from '../field/words.ts';
import { ActForm, type SentAct } from '../form/act-form.tsx';
import { readDraft } from '../form/draft.ts';
import { filesIn } from '../form/kept-files.ts';
import { UnsentDrafts, useDraftKey } from './case-unsent.tsx';

interface CaseActsProps {
  readonly kase: Case;
  /** The page was read from the device: what is done waits there too. */
  readonly away: boolean;
}

export function CaseActs({ kase, away }: CaseActsProps) {
  const { t } = useTranslation();
  const say = useSay();
  const { item, acts } = kase;
  const { jobs } = useOutbox();
  const refresh = useRefresh();
  useEffect(() => onSent(() => void refresh()), [refresh]);
  const waits = jobs.some(({ place }) => 'case' in place && place.case === item.id);
  const end = kase.diagram.states.find((state) => state.id === item.state.id)?.end ?? null;
  const who = [item.owner.org?.name, item.owner.person ?? (item.owner.role ? say(item.owner.role) : null)]
    .filter(Boolean)
    .join(' ');
  const nothing = end ? t('case.closedText') : who ? t('case.noActsWait', { who }) : t('case.noActs');
  return (
    <section className="panel no-print" aria-labelledby="case-acts">
      <header>
        <h2 id="case-acts">{t('case.nextActs')}</h2>
        {!end && <Clock deadline={item.deadline} long />}
      </header>
      <div className="body stack">
        {waits ? (
          <OutboxPanel />
        ) : acts.length === 0 ? (
          <p className="muted">{nothing}</p>
        ) : (
          <Buttons kase={kase} away={away} />
        )}
        {!waits && <UnsentDrafts kase={kase} />}
      </div>
    </section>
  );
}

function Buttons({ kase, away }: CaseActsProps) {
  const { t } = useTranslation();
  const say = useSay();
  const { role } = useSession();
  const { item, acts } = kase;
  const draftKey = useDraftKey(item.id);
  /** What the person chose or put away; null: the desk proposes. */
  const [chosen, setChosen] = useState<{ readonly id: string | null } | null>(null);
  const [busy, setBusy] = useState(false);
  const { doNow, done, refused, keepFor } = useActs(kase);
  const proposed = onlyMain(acts) ?? acts.find((each) => readDraft(draftKey(each.id)));
  const picked = chosen?.id === undefined ? proposed : acts.find((each) => each.id === chosen.id);
  // What another has just done may take the chosen act away; then the desk proposes again.
  const act = picked ?? (chosen?.id ? proposed : undefined);
  const { changed, ours } = useChanged(
    item.version,
    act !== undefined && readDraft(draftKey(act.id)) !== null,
  );

  const press = async (each: Act) => {
    if (asksSomething(each)) {
      setChosen({ id: each.id });
      return;
    }
    setBusy(true);
    ours(true);
    ours(await doNow(each));
    setBusy(false);
    setChosen((old) => (old?.id ? old : null));
  };
  const finished = async (each: Act) => {
    ours(true);
    setChosen({ id: null });
    await done(each);
    setChosen(null);
  };
  return (
    <>
      {changed && (
        <p className="note soon" role="status">
          <Icon name="alert" size={16} />
          <span>{t('case.changedBelow')}</span>
        </p>
      )}
      <fieldset className="row wrap acts" aria-labelledby="case-acts">
        {acts.map((each) => (
          <button
            key={each.id}
            type="button"
            className={`button ${each.tone === 'danger' ? 'danger' : ''} ${each.tone === 'main' && !act ? 'main' : ''} ${each.id === act?.id ? 'chosen' : ''}`}
            {...(asksSomething(each) ? { 'aria-expanded': each.id === act?.id } : {})}
            disabled={each.barred !== null || busy}
            onClick={() => void press(each)}
          >
            {say(each.name)}
          </button>
        ))}
      </fieldset>
      {acts.map((each) =>
        each.barred ? (
          <p key={each.id} className="help">
            {t('case.barred', { act: say(each.name), why: say(each.barred) })}
          </p>
        ) : null,
      )}
      {act && !act.barred && (
        <ActForm
          key={act.id}
          act={act}
          subject={`Task/${item.id}`}
          version={item.version}
          draftKey={draftKey(act.id)}
          onCancel={() => setChosen({ id: null })}
          later={away || (role?.places.includes('field') ?? false)}
          onAway={keepFor(act)}
          onRefused={refused}
          onDone={() => void finished(act)}
        />
      )}
    </>
  );
}

const asksSomething = (act: Act): boolean => act.form !== null || act.needsReason || act.final;

/** When there is one way forward its form stands open at once: one act less. */
function onlyMain(acts: readonly Act[]): Act | undefined {
  const mains = acts.filter((act) => act.tone === 'main' && act.barred === null);
  return mains.length === 1 && mains[0]?.form ? mains[0] : undefined;
}

const OPPOSITE: Readonly<Record<string, string>> = { $claim: '$release', $release: '$claim' };

/** What an act changes is read anew. */
function useRefresh(): () => Promise<unknown> {
  const queries = useQueryClient();
  return useCallback(() => {
    for (const key of ['work', 'home']) void queries.invalidateQueries({ queryKey: [key] });
    return queries.invalidateQueries({ queryKey: ['case'] });
  }, [queries]);
}

interface Doing {
  /** True when it was done. */
  readonly doNow: (act: Act) => Promise<boolean>;
  readonly done: (act: Act) => Promise<unknown>;
  readonly refused: (error: unknown) => void;
  /** Keeps an act on the device where there is no way to the server. */
  readonly keepFor: (act: Act) => (sent: SentAct) => Promise<void>;
}

function useActs(kase: Case): Doing {
  const { t } = useTranslation();
  const say = useSay();
  const toast = useToast();
  const words = useErrorWords();
  const fieldWords = useFieldWords();
  const { session, role } = useSession();
  const refresh = useRefresh();
  const keepFor =
    (act: Act) =>
    async ({ command: { id, type, payload, subject, ifVersion }, answers }: SentAct) => {
      if (!session || !role) return;
      await putInOutbox({
        user: session.user.id,
        acting: { org: role.org, role: role.role },
        title: act.name,
        place: { case: kase.item.id, name: say(kase.item.title) },
        commands: [
          {
            id,
            type,
            payload,
            ...(subject ? { subject } : {}),
            ...(ifVersion === undefined ? {} : { ifVersion }),
          },
        ],
        files: filesIn(answers),
        draft: { key: `${session.user.id}.${kase.item.id}.${act.id}`, answers },
      });
      toast(fieldWords.finishedWaiting);
    };
  const send = async (act: Act, payload: Act['command']['payload'], said: () => void): Promise<boolean> => {
    const request = { id: uuidv7(), type: act.command.type, payload, subject: `Task/${kase.item.id}` };
    const sent = await command(request).then(
      () => true,
      async (error: unknown) => {
        if (error instanceof Unreachable) await keepFor(act)({ command: request, answers: {} });
        else toast(words(error), { tone: 'late' });
        return false;
      },
    );
    if (sent) said();
    await refresh();
    return sent;
  };
  const done = (act: Act) => {
    toast(t('case.done', { act: say(act.name) }));
    return refresh();
  };
  // A refusal often means that others were faster, or that the form has a newer version: the page then shows both.
  const refused = (error: unknown) => {
    if (error instanceof Refused) void refresh();
  };
  const doNow = (act: Act) =>
    send(act, act.command.payload, () => {
      const back = OPPOSITE[String(act.command.payload['event'])];
      if (back === undefined) return toast(t('case.done', { act: say(act.name) }));
      const undo = () => void send(act, { ...act.command.payload, event: back }, () => undefined);
      toast(t('case.done', { act: say(act.name) }), { undo });
    });
  return { doNow, done, refused, keepFor };
}

/** Whether the case changed under the person's hands: by another, while something stood in the open form. */
function useChanged(version: number, filling: boolean) {
  const [seen, setSeen] = useState({ version, changed: false });
  const own = useRef(false);
  if (version !== seen.version) setSeen({ version, changed: seen.changed || (filling && !own.current) });
  useEffect(() => {
    if (version === seen.version) own.current = false;
  }, [version, seen.version]);
  /** The person's own act ends the note, and the change that follows it is no news. */
  const ours = (mine: boolean) => {
    own.current = mine;
    if (mine) setSeen((old) => ({ ...old, changed: false }));
  };
  return { changed: seen.changed, ours };
}
