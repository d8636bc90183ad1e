// Warnings of stays that go on, for the doctors who treat: those of the own patients only, without a charge or a code. The
// lists themselves stay with who settles; the doctor reads how near a stay is to what its candidate group is paid.
import type { OwnStay, OwnStays } from '@yimai/desk/contract';
import { chinaDate } from '@yimai/kit';
import type { FastifyInstance } from 'fastify';
import { readerOf } from '../desk/desk-deps.ts';
import { notPermitted } from '../desk/read-body.ts';
import { namesOf } from '../desk/resources.ts';
import { type FundDeps, houseRef } from './fund-deps.ts';
import { careTeams } from './pay-work.ts';
import { yearOfFund } from './priced-year.ts';
import { runningStays } from './running-stays.ts';
import { inStay } from './stay-warnings.ts';

const DOCTORS = ['hospital-doctor', 'township-doctor'];

export function register(app: FastifyInstance, deps: FundDeps): void {
  app.post('/desk/pay/in-stay', async (request): Promise<OwnStays> => {
    const reader = await readerOf(deps, request);
    if (!DOCTORS.includes(reader.actor.role)) throw notPermitted();
    const { fund } = deps;
    const today = chinaDate(reader.now);
    const system = fund.shelf.asSystem();
    const [ofYear, running, houses] = await Promise.all([
      yearOfFund(deps, today.slice(0, 4)),
      runningStays(fund, system, today),
      fund.shelf.houses(),
    ]);
    const teams = await careTeams(
      fund.database,
      fund,
      running.map(({ stay }) => stay.list.stay.id),
    );
    const { person } = reader.actor;
    const own = running.filter(({ stay }) =>
      teams.get(stay.list.stay.id)?.some((member) => member.person === person),
    );
    const warned = inStay(deps, own, ofYear);
    const names = await namesOf(
      deps,
      reader,
      own.map(({ stay }) => `Patient/${stay.list.patient}`),
    );
    const items = own.map(({ stay: { list } }): OwnStay => {
      const found = warned.filter(({ warning }) => warning.caseId === list.stay.id);
      const patient = `Patient/${list.patient}`;
      return {
        patient: names.has(patient) ? list.patient : null,
        name: names.get(patient) ?? null,
        house: houseRef(houses, list.org),
        admittedOn: list.admittedOn,
        days: list.stay.los,
        diagnosis: fund.names().diagnosis(list.stay.dx[0] ?? '') ?? '',
        warnings: found.map(({ warning: { code, zh, en } }) => ({ code, text: { zh, en } })),
      };
    });
    items.sort((left, right) => right.warnings.length - left.warnings.length || right.days - left.days);
    return { items };
  });
}
