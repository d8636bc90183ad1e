// Duties that loaded programmes look for by name (`office:`), who holds each, and how far a fresh house has come.
import type { FirstDay, Office, Organisation } from '@yimai/desk/contract';
import type { FastifyInstance } from 'fastify';
import { usersOf } from './accounts-read.ts';
import { type DeskDeps, type Reader, readerOf } from './desk-deps.ts';
import { OFFICE_NAMES } from './organisation-kinds.ts';
import { allOrganisations } from './organisations.ts';

export function register(app: FastifyInstance, deps: DeskDeps): void {
  app.get('/desk/offices', async (request): Promise<readonly Office[]> => {
    return officesOf(deps, await allOrganisations(deps, await readerOf(deps, request)));
  });
  app.get('/desk/first-day', async (request): Promise<FirstDay> => {
    return firstDayOf(deps, await readerOf(deps, request));
  });
}

/** Every office by name, with the programmes that look for it; those that many look for come first. */
export function officesWanted(deps: DeskDeps): ReadonlyMap<string, Office['programmes']> {
  const wanted = new Map<string, { id: string; name: { zh: string; en: string } }[]>();
  for (const programme of deps.runtime.programmes) {
    const text = JSON.stringify(programme, (_key, value) =>
      value instanceof Map ? [...value.values()] : typeof value === 'function' ? undefined : value,
    );
    const offices = new Set([...text.matchAll(/"office:([a-z-]+)"/g)].map((match) => match[1]!));
    for (const office of offices) {
      const place = { id: `${programme.domain}/${programme.id}`, name: programme.title };
      wanted.set(office, [...(wanted.get(office) ?? []), place]);
    }
  }
  return new Map([...wanted].sort(([, a], [, b]) => b.length - a.length));
}

function officesOf(deps: DeskDeps, all: readonly Organisation[]): Office[] {
  return [...officesWanted(deps)].map(([id, programmes]) => {
    const holder = all.find((each) => each.offices.includes(id));
    return {
      id,
      name: OFFICE_NAMES[id] ?? { zh: id, en: id },
      holder: holder ? { id: holder.id, name: holder.name } : null,
      programmes,
    };
  });
}

async function firstDayOf(deps: DeskDeps, reader: Reader): Promise<FirstDay> {
  const [all, users] = await Promise.all([
    allOrganisations(deps, reader),
    usersOf(deps.database, reader.now),
  ]);
  const people = users.filter((user) => user.practitioner);
  const residents = await deps.record.search(
    deps.record.systemAccess(),
    'Patient',
    '_summary=count&_total=accurate',
  );
  return {
    organisations: all.length,
    users: people.length,
    usersWithoutPassword: people.filter((user) => !user.hasPassword).length,
    officesOpen: officesOf(deps, all).filter((office) => office.holder === null).length,
    residents: residents.total ?? null,
  };
}
