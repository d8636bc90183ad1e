// Mounts all routes of the desk.
import fastifyMultipart from '@fastify/multipart';
import type { FastifyInstance } from 'fastify';
import * as agreements from './agreements-desk.ts';
import * as alerts from './alerts-desk.ts';
import * as audit from './audit.ts';
import * as cases from './case.ts';
import type { DeskDeps } from './desk-deps.ts';
import * as draws from './draws-desk.ts';
import * as field from './field.ts';
import * as files from './files.ts';
import * as libraries from './libraries-desk.ts';
import * as matches from './matches.ts';
import * as mechanisms from './mechanisms.ts';
import * as notices from './notices.ts';
import * as offices from './organisation-offices.ts';
import * as organisationSave from './organisation-save.ts';
import * as organisations from './organisations.ts';
import * as pools from './pools-desk.ts';
import * as programmes from './programmes.ts';
import * as recurring from './recurring-desk.ts';
import * as registerFiles from './register-files.ts';
import * as registers from './registers.ts';
import * as reports from './reports-desk.ts';
import * as residents from './residents.ts';
import * as search from './search.ts';
import * as settings from './settings.ts';
import * as staff from './staff-import.ts';
import * as starts from './starts.ts';
import * as stocks from './stocks-desk.ts';
import * as surveys from './surveys-desk.ts';
import * as trees from './trees.ts';
import * as users from './users.ts';
import * as work from './work.ts';

const ROUTES = [
  agreements,
  alerts,
  draws,
  libraries,
  mechanisms,
  pools,
  recurring,
  reports,
  stocks,
  surveys,
  field,
  trees,
  matches,
  organisations,
  organisationSave,
  offices,
  staff,
  settings,
  users,
  audit,
  residents,
  files,
  work,
  cases,
  starts,
  programmes,
  registers,
  registerFiles,
  notices,
  search,
];

export async function registerDesk(app: FastifyInstance, deps: DeskDeps): Promise<void> {
  await app.register(async (desk) => {
    await desk.register(fastifyMultipart);
    for (const route of ROUTES) route.register(desk, deps);
  });
}
