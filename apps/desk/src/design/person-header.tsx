// Who this is about: name, sex, age, masked ID with reveal-and-audit, village, insurer, tiers, allergies.
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { post } from '../api/client.ts';
import { useSay } from '../app/preferences.tsx';
import type { PersonHeader as Person } from '../contract.ts';
import { Icon } from './icon.tsx';
import { useErrorWords } from './loaded.tsx';
import { useNow } from './now.ts';
import './person-header.css';
import { ageOf } from './time.ts';

export function PersonHeader({
  person,
  linked = true,
}: {
  readonly person: Person;
  readonly linked?: boolean;
}) {
  const { t } = useTranslation();
  const say = useSay();
  const now = useNow();
  return (
    <section className="person" aria-label={person.name}>
      <div className="person-name">
        {linked ? (
          <Link to="/residents/$residentId" params={{ residentId: person.id }}>
            {person.name || t('unknown')}
          </Link>
        ) : (
          <strong>{person.name || t('unknown')}</strong>
        )}
        <span>{t(`sex.${person.sex}`)}</span>
        {person.birthDate && <span title={person.birthDate}>{ageOf(person.birthDate, now, t)}</span>}
      </div>
      <dl className="person-facts">
        <Fact name={t('case.maskedId')}>
          <MaskedId person={person} />
        </Fact>
        {person.village && <Fact name={t('case.village')}>{person.village}</Fact>}
        {person.insurer && <Fact name={t('case.insurer')}>{person.insurer}</Fact>}
        <Fact name={t('case.allergies')}>
          {person.allergies.length === 0 ? (
            <span className="muted">{t('case.noAllergies')}</span>
          ) : (
            <span className="person-allergy">▲ {person.allergies.join(t('listComma'))}</span>
          )}
        </Fact>
      </dl>
      {person.tiers.map((each) => (
        <span key={each.name.zh} className={`tier ${each.tier}`}>
          {say(each.name)} {t(`tier.${each.tier}`)}
        </span>
      ))}
    </section>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function MaskedId({ person }: { readonly person: Person }) {
  const { t } = useTranslation();
  const words = useErrorWords();
  const reveal = useMutation({
    mutationFn: () => post<{ id: string }>(`/desk/residents/${encodeURIComponent(person.id)}/reveal`, {}),
    gcTime: 0,
  });
  if (!person.maskedId) return <span className="muted">{t('unknown')}</span>;
  return (
    <span className="row">
      <code className="person-id">{reveal.data?.id ?? person.maskedId}</code>
      <button
        type="button"
        className="link-button no-print"
        title={t('case.revealNote')}
        disabled={reveal.isPending}
        onClick={() => (reveal.data ? reveal.reset() : reveal.mutate())}
      >
        <Icon name="eye" size={16} />
        <span className="sr">{reveal.data ? t('case.hide') : t('case.reveal')}</span>
      </button>
      {reveal.data && <span className="muted small">{t('case.revealNote')}</span>}
      {reveal.isError && <span className="field-error">{words(reveal.error)}</span>}
    </span>
  );
}
