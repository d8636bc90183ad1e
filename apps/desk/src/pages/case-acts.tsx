// The next acts of a case as buttons; the form of the chosen one stands below them, never over the page.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSay } from '../app/preferences.tsx';
import { useSession } from '../app/session.tsx';
import { useToast } from '../app/toast.tsx';
import type { Act, Case } from '../contract.ts';
import { Clock } from '../design/clock.tsx';
import { ActForm } from '../form/act-form.tsx';
import { readDraft } from '../form/draft.ts';

export function CaseActs({ kase }: { readonly kase: Case }) {
  const { t } = useTranslation();
  const say = useSay();
  const toast = useToast();
  const queries = useQueryClient();
  const { session } = useSession();
  const { item, acts } = kase;
  const draftKey = (act: Act) => `${session?.user.id ?? ''}.${item.id}.${act.id}`;
  const [chosen, setChosen] = useState<string | null>(
    () => onlyMain(acts)?.id ?? acts.find((act) => readDraft(draftKey(act)))?.id ?? null,
  );
  const act = acts.find((each) => each.id === chosen);
  useChangedNote(item.version);

  const end = kase.diagram.states.find((state) => state.id === item.state.id)?.end ?? null;
  if (acts.length === 0) {
    const who = [item.owner.org?.name, item.owner.person ?? (item.owner.role ? say(item.owner.role) : null)]
      .filter(Boolean)
      .join(' ');
    return (
      <section className="panel" aria-labelledby="case-acts">
        <header>
          <h2 id="case-acts">{t('case.nextActs')}</h2>
        </header>
        <p className="body muted">
          {end ? t('case.closedText') : who ? t('case.noActsWait', { who }) : t('case.noActs')}
        </p>
      </section>
    );
  }
  return (
    <section className="panel" aria-labelledby="case-acts">
      <header>
        <h2 id="case-acts">{t('case.nextActs')}</h2>
        {!end && <Clock deadline={item.deadline} long />}
      </header>
      <div className="body stack">
        <fieldset className="row wrap acts" aria-labelledby="case-acts">
          {acts.map((each) => (
            <button
              key={each.id}
              type="button"
              className={`button ${each.tone === 'danger' ? 'danger' : ''} ${each.tone === 'main' && chosen === null ? 'main' : ''} ${each.id === chosen ? 'chosen' : ''}`}
              aria-pressed={each.id === chosen}
              disabled={each.barred !== null}
              title={each.barred ? say(each.barred) : undefined}
              onClick={() => setChosen(each.id === chosen ? null : each.id)}
            >
              {say(each.name)}
            </button>
          ))}
        </fieldset>
        {acts.map((each) =>
          each.barred ? (
            <p key={each.id} className="help">
              {say(each.name)}：{say(each.barred)}
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
            onDone={() => {
              setChosen(null);
              toast(t('case.done', { act: say(act.name) }));
              for (const key of ['case', 'work', 'home']) void queries.invalidateQueries({ queryKey: [key] });
            }}
          />
        )}
      </div>
    </section>
  );
}

/** When there is one way forward its form stands open at once: one act less. */
function onlyMain(acts: readonly Act[]): Act | undefined {
  const mains = acts.filter((act) => act.tone === 'main' && act.barred === null);
  return mains.length === 1 && mains[0]?.form ? mains[0] : undefined;
}

/** Says so when the case changed under the person's hands. */
function useChangedNote(version: number): void {
  const { t } = useTranslation();
  const toast = useToast();
  const [first] = useState(version);
  const [told, setTold] = useState(version);
  useEffect(() => {
    if (version === told) return;
    setTold(version);
    if (version !== first && document.activeElement?.closest('.form')) toast(t('case.changedBelow'));
  }, [version, told, first, t, toast]);
}
