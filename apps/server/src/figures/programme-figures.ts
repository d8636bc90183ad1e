// The figures that a programme names among its parts, for its page.
import type { ProgrammeFigure } from '@yimai/desk/contract';
import type { FastifyInstance } from 'fastify';
import { readerOf } from '../desk/desk-deps.ts';
import { notFound } from '../desk/read-body.ts';
import { type FiguresDeps, seesFigures } from './figures-deps.ts';

export function registerProgrammeFigures(app: FastifyInstance, deps: FiguresDeps): void {
  app.get('/desk/programmes/:domain/:id/figures', async (request): Promise<readonly ProgrammeFigure[]> => {
    const reader = await readerOf(deps, request);
    const { domain, id } = request.params as { domain: string; id: string };
    const programme = deps.runtime.programmes.find((one) => one.domain === domain && one.id === id);
    if (!programme) throw notFound();
    if (!seesFigures(reader.actor.role)) return [];
    const { definitions } = deps.shelf.readRules().set;
    const names = new Map(definitions.map((one) => [one.id, one.name]));
    return programme.measures.flatMap((measure) => {
      const name = names.get(measure);
      return name ? [{ id: measure, name }] : [];
    });
  });
}
