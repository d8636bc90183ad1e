// Staff brought in from a file: the person, the post, and where a role is given the sign-in; nobody comes in twice.
import type { ImportDone, ImportError, ImportPreview } from '@yimai/desk/contract';
import { ok, type Result, type Uuid, uuidv7 } from '@yimai/kit';
import type { Resource } from '@yimai/record';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type UserEntry, usersOf } from './accounts-read.ts';
import type { DeskDeps, Reader } from './desk-deps.ts';
import { sampleOf, uploadedSheet } from './organisation-save.ts';
import { allOrganisations } from './organisations.ts';
import { byIds, type Json } from './resources.ts';
import { sheetBytes, XLSX_TYPE } from './sheet.ts';
import { templateOf } from './sheet-rows.ts';
import { readStaff, type StaffRow, staffColumns } from './staff-rows.ts';
import { keeperOfUsers, rolesToGive } from './users.ts';

const FILE_MAX = 30 * 1024 * 1024;
const CODES = 'https://yimai.example/fhir/CodeSystem';
/** Sign-ins that are made at the same time. */
const LANES = 6;

export function register(app: FastifyInstance, deps: DeskDeps): void {
  app.post('/desk/staff/template', async (request, reply) => {
    await keeperOfUsers(deps, request);
    const { heads, notes } = templateOf(staffColumns(rolesToGive(deps)));
    return reply.type(XLSX_TYPE).send(await sheetBytes('xlsx', '人员', [heads], notes));
  });
  app.post('/desk/staff/import', { bodyLimit: FILE_MAX }, async (request): Promise<ImportPreview> => {
    const { sheet, errors, changed, same } = await readUpload(deps, request);
    return {
      rows: sheet.rows.length,
      good: changed.length,
      same,
      errors,
      columns: sheet.heads,
      sample: sampleOf(sheet),
    };
  });
  app.post('/desk/staff/import/store', { bodyLimit: FILE_MAX }, async (request): Promise<ImportDone> => {
    const { reader, errors, changed, same, users } = await readUpload(deps, request);
    const refused = await storePeople(deps, reader, changed);
    const wrong = new Set(refused.map((each) => each.row));
    const stored = changed.filter(({ row }) => !wrong.has(row));
    const made = await makeSignIns(deps, reader, stored, users);
    return {
      stored: stored.length,
      same,
      users: made.count,
      refused: [...errors, ...refused, ...made.refused],
    };
  });
}

async function readUpload(deps: DeskDeps, request: FastifyRequest) {
  const reader = await keeperOfUsers(deps, request);
  const { sheet } = await uploadedSheet(request);
  const [organisations, all] = await Promise.all([
    allOrganisations(deps, reader),
    usersOf(deps.database, reader.now),
  ]);
  const users = new Map(all.map((user) => [user.login, user]));
  const logins = new Map(all.map((user) => [user.login, user.practitioner]));
  const { staff, errors } = readStaff(sheet, { organisations, roles: rolesToGive(deps), logins });
  const changed = await changedOf(deps, reader, staff, users);
  return { reader, sheet, errors, changed, same: staff.length - changed.length, users };
}

const postId = (number: string): string => `post-${number}`;

function resourcesOf(one: StaffRow): [person: Resource, post: Resource] {
  const concept = (system: string, code: string, text?: string) => ({
    coding: [{ system: `${CODES}/${system}`, code }],
    ...(text === undefined ? {} : { text }),
  });
  return [
    {
      resourceType: 'Practitioner',
      id: one.number,
      active: true,
      name: [{ text: one.name }],
      ...(one.gender ? { gender: one.gender } : {}),
    },
    {
      resourceType: 'PractitionerRole',
      id: postId(one.number),
      active: true,
      practitioner: { reference: `Practitioner/${one.number}` },
      organization: { reference: `Organization/${one.org}` },
      ...(one.roles.length > 0 ? { code: one.roles.map((role) => concept('role', role)) } : {}),
      ...(one.title || one.specialty
        ? {
            specialty: [
              ...(one.title ? [concept('title-class', one.title)] : []),
              ...(one.specialty ? [{ text: one.specialty }] : []),
            ],
          }
        : {}),
    },
  ];
}

type Users = ReadonlyMap<string, UserEntry>;

/** Rows that say something else than record and sign-ins do. */
async function changedOf(deps: DeskDeps, reader: Reader, staff: readonly StaffRow[], users: Users) {
  const numbers = staff.map((one) => one.number);
  const [people, posts] = await Promise.all([
    byIds(deps, reader.access, 'Practitioner', numbers),
    byIds(deps, reader.access, 'PractitionerRole', numbers.map(postId)),
  ]);
  return staff.filter((one) => {
    const before = [people.get(one.number)?.resource, posts.get(postId(one.number))?.resource];
    const user = one.login === null ? undefined : users.get(one.login);
    const missing = one.login !== null && rolesMissing(one, user).length > 0;
    return missing || resourcesOf(one).some((resource, index) => !isSame(resource, before[index]));
  });
}

function isSame(now: Json, before: Json): boolean {
  if (before === undefined) return false;
  return Object.entries(now).every(([key, value]) => JSON.stringify(value) === JSON.stringify(before[key]));
}

const rolesMissing = (one: StaffRow, user: UserEntry | undefined): string[] =>
  one.roles.filter((role) => !user?.roles.some((held) => held.role === role && held.org === one.org));

async function storePeople(
  deps: DeskDeps,
  reader: Reader,
  staff: readonly StaffRow[],
): Promise<ImportError[]> {
  const importer = deps.record.importer(reader.access, { via: 'command' });
  const all = staff.map((one) => ({ row: one.row, resources: resourcesOf(one) }));
  // People first: their posts point to them.
  for (const nth of [0, 1] as const)
    for (const { row, resources } of all) await importer.add(JSON.stringify(resources[nth]), row);
  const report = await importer.finish();
  return report.errors.map(({ line, refusal }) => ({
    row: line,
    column: null,
    value: null,
    detail: refusal.detail ?? { zh: refusal.code, en: refusal.code },
  }));
}

/** By the commands of the reader, so that the policy decides and the audit knows. */
async function makeSignIns(deps: DeskDeps, reader: Reader, staff: readonly StaffRow[], users: Users) {
  const refused: ImportError[] = [];
  const waiting = staff.filter((one) => one.login !== null);
  let count = 0;
  const one = async (row: StaffRow): Promise<void> => {
    const known = users.get(row.login!);
    const made = known ? ok({ user: known.id }) : await makeUser(deps, reader, row);
    if (made.ok && !known) count += 1;
    const results = made.ok
      ? await Promise.all(
          rolesMissing(row, known).map((role) => giveRole(deps, reader, made.value.user, role, row.org)),
        )
      : [made];
    for (const result of results)
      if (!result.ok)
        refused.push({
          row: row.row,
          column: '登录名',
          value: row.login,
          detail: result.refusal.detail ?? { zh: result.refusal.code, en: result.refusal.code },
        });
  };
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await one(next);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  deps.accounts.forget();
  return { count, refused: refused.sort((a, b) => a.row - b.row) };
}

async function makeUser(deps: DeskDeps, reader: Reader, row: StaffRow): Promise<Result<{ user: Uuid }>> {
  const payload = { login: row.login, name: row.name, practitioner: row.number };
  const answer = await send(deps, reader, 'user.create', payload);
  return answer.ok ? ok(answer.value as { user: Uuid }) : answer;
}

const giveRole = (deps: DeskDeps, reader: Reader, user: Uuid, role: string, org: string) =>
  send(deps, reader, 'user.assign-role', { user, role, org });

async function send(deps: DeskDeps, reader: Reader, type: string, payload: object): Promise<Result<unknown>> {
  const command = {
    id: uuidv7(reader.now.getTime()),
    type,
    occurredAt: reader.now.toISOString(),
    actingAs: { org: reader.org, role: reader.actor.role },
    payload,
  };
  const answer = await deps.record.commands.execute(command, async () => ok(reader.access));
  if (answer.outcome === 'applied') return ok(answer.result);
  return { ok: false, refusal: answer.refusal ?? { code: answer.outcome } };
}
