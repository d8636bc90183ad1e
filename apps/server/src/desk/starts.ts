// Loops that the reader may open, and the form that opens one.
import type { StartAct, StartForm } from '@yimai/desk/contract';
import { asList, type Loop } from '@yimai/loops';
import { newestLoop } from '@yimai/runtime';
import type { FastifyInstance } from 'fastify';
import { formFor, versionOf } from './acts.ts';
import { type DeskDeps, type Reader, readerOf } from './desk-deps.ts';
import { diagramOf } from './diagram.ts';
import { notFound } from './read-body.ts';
import { programmeOf } from './work-items.ts';

export function register(app: FastifyInstance, deps: DeskDeps): void {
  app.get('/desk/starts/:domain/:programme/:loop', async (request): Promise<StartForm> => {
    const reader = await readerOf(deps, request);
    const {
      domain,
      programme,
      loop: id,
    } = request.params as { domain: string; programme: string; loop: string };
    const found = newestLoop(deps.runtime, id);
    const place = programmeOf(deps, id);
    if (!found.ok || place.id !== `${domain}/${programme}`) throw notFound();
    const loop = found.value;
    const { declaration, opening } = loop;
    const taken = formFor(
      deps,
      opening.form,
      opening.takes,
      opening.requires,
      declaration.fields,
      loop.defaults,
      reader.now,
    );
    return {
      programme: place,
      loop: { id, name: declaration.title },
      diagram: diagramOf(loop),
      needsResident: declaration.subject === 'Patient',
      act: {
        id: 'open',
        name: { zh: '提交', en: 'File' },
        tone: 'main',
        form: taken?.form ?? null,
        needsReason: false,
        barred: null,
        command: { type: 'loop.open', payload: { loop: id, ...versionOf(taken?.version) } },
        answersAs: 'answers',
        final: false,
      },
    };
  });
}

export function startsFor(deps: DeskDeps, reader: Reader): StartAct[] {
  return [...deps.runtime.loops.keys()].flatMap((id) => {
    const loop = newestLoop(deps.runtime, id);
    if (!loop.ok || !mayOpen(loop.value, reader.actor.role)) return [];
    return [{ programme: programmeOf(deps, id), loop: id, name: loop.value.declaration.title }];
  });
}

/** By role alone; where the opener must stand is for the engine to say. Loops that only the system opens are not offered. */
export function mayOpen(loop: Loop, role: string): boolean {
  return loop.opening.by.some((name) => {
    const roles = asList(loop.declaration.parties[name]?.role);
    return roles.length === 0 ? name !== 'system' : roles.includes(role);
  });
}
