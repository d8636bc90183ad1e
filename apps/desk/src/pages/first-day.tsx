// What an administrator of a fresh house does first, in order, with how far each step has come.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { get } from '../api/client.ts';
import type { FirstDay } from '../contract.ts';
import { State } from '../design/state.tsx';
import { useHouseWords } from './house-words.ts';

export function FirstDayPanel() {
  const words = useHouseWords();
  const { data } = useQuery({
    queryKey: ['first-day'],
    queryFn: ({ signal }) => get<FirstDay>('/desk/first-day', signal),
  });
  if (!data) return null;
  const { organisations, users, usersWithoutPassword, officesOpen, residents } = data;
  const steps = [
    {
      name: words.dayOrganisations,
      text: words.dayOrganisationsText(organisations),
      done: organisations > 1,
      to: '/organisations/import',
    },
    {
      name: words.dayDuties,
      text: words.dayDutiesText(officesOpen),
      done: officesOpen === 0,
      to: '/organisations',
    },
    { name: words.dayStaff, text: words.dayStaffText(users), done: users > 0, to: '/users/import' },
    {
      name: words.dayPasswords,
      text: users === 0 ? words.dayPasswordsLater : words.dayPasswordsText(usersWithoutPassword),
      done: users > 0 && usersWithoutPassword === 0,
      to: '/users',
    },
    {
      name: words.dayResidents,
      text: words.dayResidentsText(residents ?? 0),
      done: (residents ?? 0) > 0,
      to: null,
    },
  ] as const;
  const next = steps.findIndex((step) => !step.done);
  if (next === -1) return null;
  return (
    <section className="panel" aria-labelledby="first-day">
      <header>
        <div>
          <h2 id="first-day">{words.dayTitle}</h2>
          <p className="muted small">{words.dayText}</p>
        </div>
      </header>
      <ol className="first-day">
        {steps.map((step, index) => (
          <li key={step.name}>
            <span className="first-day-number">{index + 1}</span>
            <span className="grow stack tight">
              {step.to ? <Link to={step.to}>{step.name}</Link> : <strong>{step.name}</strong>}
              <span className="muted small">{step.text}</span>
            </span>
            <State
              kind={step.done ? 'done' : index === next ? 'running' : 'waiting'}
              word={step.done ? words.dayDone : index === next ? words.dayNext : ''}
            />
          </li>
        ))}
      </ol>
    </section>
  );
}
