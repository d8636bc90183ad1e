// The next acts of a case as buttons. An act that asks nothing is done by its button; the form of the others stands below
// the buttons, never over the page.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { command } from '../api/client.ts';
import { useSay } from '../app/preferences.tsx';
import { useSession } from '../app/session.tsx';
import { useToast } from '../app/toast.tsx';
import type { Act, Case } from '../contract.ts';
import { Clock } from '../design/clock.tsx';
import { useErrorWords } from '../design/loaded.tsx';
import { ActForm } from '../form/act-form.tsx';
import { readDraft } from '../form/draft.ts';

export function CaseActs({ kase }: { readonly kase: Case }) {
  const { t } = useTranslation();
  const say = useSay();
  const { item, acts } = kase;
  const end = kase.diagram.states.find((state) => state.id === item.state.id)?.end ?? null;
  const who = [item.owner.org?.name, item.owner.person ?? (item.owner.role ? say(item.owner.role) : null)]
    .filter(Boolean)
    .join(' ');
  const nothing = end ? t('case.closedText') : who ? t('case.noActsWait', { who }) : t('case.noActs');
  return (
    <section className="panel" aria-labelledby="case-acts">
      <header>
        <h2 id="case-acts">{t('case.nextActs')}</h2>
        {!end && <Clock deadline={item.deadline} long />}
      </header>
      <div className="body stack">
        {acts.length === 0 ? <p className="muted">{nothing}</p> : <Buttons key={item.version} kase={kase} />}
      </div>
    </section>
  );
}

function Buttons({ kase }: { readonly kase: Case }) {
  const { t } = useTranslation();
  const say = useSay();
  const { session } = useSession();
  const { item, acts } = kase;
  const draftKey = (act: Act) => `${session?.user.id ?? ''}.${item.id}.${act.id}`;
  const withDraft = acts.find((act) => readDraft(draftKey(act)));
  const [chosen, setChosen] = useState<string | null>((onlyMain(acts) ?? withDraft)?.id ?? null);
  const [busy, setBusy] = useState(false);
  const { doNow, done } = useActs(kase);
  const act = acts.find((each) => each.id === chosen);

  const press = async (each: Act) => {
    if (asksSomething(each)) {
      setChosen(each.id);
      return;
    }
    setBusy(true);
    await doNow(each);
    setBusy(false);
  };
  return (
    <>
      <fieldset className="row wrap acts" aria-labelledby="case-acts">
        {acts.map((each) => (
          <button
            key={each.id}
            type="button"
            className={`button ${each.tone === 'danger' ? 'danger' : ''} ${each.tone === 'main' && chosen === null ? 'main' : ''} ${each.id === chosen ? 'chosen' : ''}`}
            {...(asksSomething(each) ? { 'aria-expanded': each.id === chosen } : {})}
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
          draftKey={draftKey(act)}
          onCancel={() => setChosen(null)}
          onDone={() => done(act)}
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

function useActs(kase: Case): { doNow: (act: Act) => Promise<void>; done: (act: Act) => void } {
  const { t } = useTranslation();
  const say = useSay();
  const toast = useToast();
  const words = useErrorWords();
  const queries = useQueryClient();
  useChangedNote(kase.item.version);
  const refresh = () => {
    for (const key of ['case', 'work', 'home']) void queries.invalidateQueries({ queryKey: [key] });
  };
  const send = async (act: Act, payload: Act['command']['payload'], said: () => void) => {
    try {
      await command({ type: act.command.type, payload, subject: `Task/${kase.item.id}` });
      said();
    } catch (error) {
      toast(words(error), { tone: 'late' });
    }
    refresh();
  };
  const done = (act: Act) => {
    toast(t('case.done', { act: say(act.name) }));
    refresh();
  };
  const doNow = (act: Act) =>
    send(act, act.command.payload, () => {
      const back = OPPOSITE[String(act.command.payload['event'])];
      if (back === undefined) return toast(t('case.done', { act: say(act.name) }));
      const undo = () => void send(act, { ...act.command.payload, event: back }, () => undefined);
      toast(t('case.done', { act: say(act.name) }), { undo });
    });
  return { doNow, done };
}

/** Says so when the case changed under the person's hands. */
function useChangedNote(version: number): void {
  const { t } = useTranslation();
  const toast = useToast();
  const [told, setTold] = useState(version);
  useEffect(() => {
    if (version === told) return;
    setTold(version);
    if (document.activeElement?.closest('.form')) toast(t('case.changedBelow'));
  }, [version, told, t, toast]);
}
