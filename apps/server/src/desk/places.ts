// Which places of the desk a role may use, read off the access policy and the programmes: the session tells the desk,
// and the same table stands at the door of the places' routes, so that the two cannot come apart.
import type { Place } from '@yimai/desk/contract';
import type { Policy } from '@yimai/record';
import type { RuntimeContext } from '@yimai/runtime';
import type { FastifyInstance } from 'fastify';
import { seesFigures } from '../figures/figures-deps.ts';
import { seesFund } from '../fund/fund-deps.ts';
import { type DeskDeps, readerOf } from './desk-deps.ts';
import { homesOf, plansFor, worksIn } from './field-objects.ts';
import { notPermitted } from './read-body.ts';

interface House {
  readonly policy: Policy;
  readonly runtime: RuntimeContext;
}

interface PlaceRule {
  readonly place: Place;
  readonly may: (role: string, house: House) => boolean;
  /** Routes below which the rule is held here; other places hold it themselves. */
  readonly routes: readonly string[];
}

type Relationship = Policy['rows'][number]['relationship'];

const anyone = (): boolean => true;
const reads = (kind: string, role: string, { policy }: House, among?: Relationship): boolean =>
  policy.roles.get(role)?.everything === true ||
  policy
    .rowsOf(role)
    .some(
      (row) =>
        row.kinds.includes(kind) &&
        row.may.includes('read') &&
        (among === undefined || row.relationship === among),
    );

/** Staff have work of a house; a resident has the own file and what asks for an answer. */
const isStaff = (role: string, { policy }: House): boolean =>
  policy.roles.get(role)?.everything === true ||
  policy.rowsOf(role).some((row) => row.role !== '*' && row.relationship !== 'self');

/** Who keeps users and their roles: a command family of the role. */
export const keepsUsers = (role: string, { policy }: Pick<House, 'policy'>): boolean =>
  policy.roles.get(role)?.commands.some((family) => family === 'user' || family === 'rights') ?? false;

/** Who keeps the files of objects that lie in grids and has recurring work at them. */
const goesOut = (role: string, house: House): boolean =>
  homesOf(house).some(
    ({ programme, register }) =>
      register.fields['grid'] !== undefined &&
      register.by.includes(role) &&
      plansFor(house, programme.domain, role).length > 0,
  );

/** Who works with objects that lie in grids, as the map's own route asks. */
const seesMap = (role: string, house: House): boolean =>
  homesOf(house).some(
    ({ programme, register }) =>
      register.fields['grid'] !== undefined && worksIn(house, programme.domain, role),
  );

const RULES: readonly PlaceRule[] = [
  { place: 'home', may: anyone, routes: [] },
  { place: 'work', may: anyone, routes: [] },
  { place: 'notices', may: anyone, routes: [] },
  { place: 'field', may: goesOut, routes: ['/desk/field/route'] },
  { place: 'centre', may: (role) => seesFigures(role), routes: [] },
  { place: 'figures', may: (role) => seesFigures(role), routes: [] },
  { place: 'map', may: seesMap, routes: [] },
  { place: 'fund', may: (role) => seesFund(role), routes: [] },
  { place: 'pay', may: isStaff, routes: ['/desk/pay'] },
  { place: 'residents', may: (role, house) => reads('identity', role, house), routes: ['/desk/residents'] },
  { place: 'registers', may: isStaff, routes: ['/desk/registers'] },
  { place: 'programmes', may: isStaff, routes: ['/desk/programmes'] },
  { place: 'mechanisms', may: isStaff, routes: ['/desk/mechanisms'] },
  { place: 'organisations', may: anyone, routes: [] },
  { place: 'users', may: keepsUsers, routes: ['/desk/users', '/desk/staff'] },
  {
    place: 'audit',
    // A resident reads who looked at the own file on its page.
    may: (role, house) => reads('audit', role, house, 'consortium'),
    routes: ['/desk/audit', '/desk/break-glass'],
  },
];

export const placesOf = (house: House, role: string): Place[] =>
  RULES.flatMap((rule) => (rule.may(role, house) ? [rule.place] : []));

/** Refuses, before any route of a place is asked, a role that has no such place. */
export function guardPlaces(app: FastifyInstance, deps: DeskDeps): void {
  const house = { policy: deps.accounts.policy, runtime: deps.runtime };
  app.addHook('preHandler', async (request) => {
    const url = request.routeOptions.url ?? '';
    const rule = RULES.find(({ routes }) =>
      routes.some((route) => url === route || url.startsWith(`${route}/`)),
    );
    if (!rule) return;
    const { actor } = await readerOf(deps, request);
    if (!rule.may(actor.role, house)) throw notPermitted();
  });
}
