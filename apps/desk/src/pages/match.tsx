// A plan of matching (精准匹配): who goes where and why, what stays unmet and why; each choice is confirmed by a person.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { command, get } from '../api/client.ts';
import { addressOf } from '../app/link-to.ts';
import { useSay } from '../app/preferences.tsx';
import { useToast } from '../app/toast.tsx';
import type { MatchPage as MatchAnswer } from '../contract.ts';
import { Blank, Bones, Loaded, useErrorWords } from '../design/loaded.tsx';
import './tree.css';

export function MatchPage() {
  const { matchId = '' } = useParams({ strict: false });
  const query = useQuery({
    queryKey: ['match', matchId],
    queryFn: ({ signal }) => get<MatchAnswer>(`/desk/matches/${encodeURIComponent(matchId)}`, signal),
  });
  return (
    <div className="page">
      <Loaded query={query} bones={<Bones rows={8} />}>
        {(plan) => <PlanView plan={plan} />}
      </Loaded>
    </div>
  );
}

function PlanView({ plan }: { readonly plan: MatchAnswer }) {
  const { t } = useTranslation();
  const say = useSay();
  return (
    <>
      <header className="page-head">
        <div>
          <p>
            <Link to={addressOf({ kind: 'programme', id: plan.programme.id })}>
              {say(plan.programme.name)}
            </Link>
          </p>
          <h1>{say(plan.name)}</h1>
          <p>{t('match.intro')}</p>
        </div>
        <strong>{t('match.filled', { filled: plan.filled, asked: plan.asked })}</strong>
      </header>
      <section className="panel" aria-labelledby="match-plan">
        <header>
          <h2 id="match-plan">{t('match.plan')}</h2>
        </header>
        {plan.assignments.length === 0 ? (
          <Blank title={t('match.empty')}>
            <p>{t('match.emptyText')}</p>
          </Blank>
        ) : (
          <ul>
            {plan.assignments.map((each) => (
              <Assignment key={`${each.item.id}/${each.person}`} each={each} />
            ))}
          </ul>
        )}
      </section>
      {plan.unmet.length > 0 && (
        <section className="panel" aria-labelledby="match-unmet">
          <header>
            <h2 id="match-unmet">{t('match.unmet')}</h2>
          </header>
          <ul>
            {plan.unmet.map((each) => (
              <li key={each.item.id} className="match">
                <Order item={each.item} />
                <span>{say(each.because)}</span>
                <span className="state late">▲ {t('match.missing', { n: each.missing })}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function Order({ item }: { readonly item: MatchAnswer['assignments'][number]['item'] }) {
  const say = useSay();
  return (
    <span className="stack tight">
      <Link to="/cases/$caseId" params={{ caseId: item.id }}>
        <strong>{say(item.title)}</strong>
      </Link>
      <span className="muted small">
        {item.number} · {item.org?.name}
      </span>
    </span>
  );
}

function Assignment({ each }: { readonly each: MatchAnswer['assignments'][number] }) {
  const { t } = useTranslation();
  const say = useSay();
  const toast = useToast();
  const words = useErrorWords();
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const confirm = async () => {
    setBusy(true);
    try {
      const { type, payload } = each.act.command;
      await command({ type, payload, subject: `Task/${each.item.id}` });
      toast(t('match.confirmed', { person: each.person }));
    } catch (error) {
      toast(words(error), { tone: 'late' });
    }
    setBusy(false);
    for (const key of ['match', 'work', 'home', 'case']) void queries.invalidateQueries({ queryKey: [key] });
  };
  return (
    <li className="match">
      <Order item={each.item} />
      <div className="stack tight">
        <span>
          <strong>{each.person}</strong>{' '}
          <span className="muted">{t('match.score', { score: Math.round(each.score * 100) / 100 })}</span>
        </span>
        <ul className="small muted">
          {each.parts.map((part) => (
            <li key={part.name.zh}>
              {say(part.name)} +{Math.round(part.value * 100) / 100}
            </li>
          ))}
          {each.passedOver.length > 0 && (
            <li>
              {t('match.passedOver', {
                people: each.passedOver.map((other) => other.person).join(t('listComma')),
              })}
            </li>
          )}
        </ul>
      </div>
      <button type="button" className="button main no-print" disabled={busy} onClick={() => void confirm()}>
        {say(each.act.name)}
      </button>
    </li>
  );
}
