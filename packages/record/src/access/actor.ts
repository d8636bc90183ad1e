// Turns a session token into the Actor behind it: one statement finds user, role in force, unit, rights.
import { ok, type Result, refuse, type Uuid } from '@yimai/kit';
import { type Fragment, sql } from '@yimai/postgres';
import type { Actor, Lock } from '../types.ts';
import { orgKey } from './org-tree.ts';
import type { Policy } from './policy.ts';
import { breakGlassRight, guardianRight } from './rights.ts';
import type { Runner } from './runner.ts';
import { hashToken, looksLikeToken } from './token.ts';

/** In which role at which organisation (FHIR id) the user wants to act; none: the first role in force. */
export interface ActingAs {
  readonly role: string;
  readonly org: string;
}

interface Role {
  readonly role: string;
  readonly org: Uuid;
  readonly org_fhir_id: string;
}

interface Found {
  session: Uuid;
  user_id: Uuid;
  login: string;
  name: string;
  client: string | null;
  scopes: string[] | null;
  demo: boolean;
  practitioner: Uuid | null;
  patient: Uuid | null;
  roles: Role[] | null;
  chosen: (Role & { rights: string[] }) | null;
  orgs: Uuid[] | null;
  looks: { patient: Uuid; until_at: string; locks: Lock[] }[] | null;
  children: { child: Uuid; until_at: string }[] | null;
}

export interface SignedIn {
  readonly actor: Actor;
  readonly session: Uuid;
  readonly login: string;
  readonly name: string;
  readonly demo: boolean;
  readonly client: string | null;
  /** All roles in force, for the switch on the screen. */
  readonly roles: readonly { readonly role: string; readonly org: string }[];
}

const invalid = () =>
  refuse(
    'token-invalid',
    { zh: '登录已失效，请重新登录', en: 'the session is over, please sign in again' },
    { rule: 'A10' },
  );

/** Refuses unknown, expired and revoked tokens alike; a role that ended closes with the next request. */
export async function actorOf(
  run: Runner,
  policy: Policy,
  token: string,
  now: Date,
  actingAs?: ActingAs,
): Promise<Result<SignedIn>> {
  if (!looksLikeToken(token)) return invalid();
  const { rows } = await run.run<Found>(findSession(hashToken(token), now, actingAs));
  const found = rows[0];
  if (!found) return invalid();
  const role = found.chosen && policy.roles.get(found.chosen.role);
  if (!found.chosen || !role) {
    return refuse(
      'role-not-held',
      {
        zh: '没有该机构的此岗位，或任职已结束',
        en: 'this role at this organisation is not held, or has ended',
      },
      { at: 'actingAs', rule: 'A10' },
    );
  }
  const { chosen } = found;
  const isResident = role.code === 'resident';
  const looks = found.looks ?? [];
  const children = isResident ? (found.children ?? []) : [];
  const actor: Actor = {
    user: found.user_id,
    role: role.code,
    org: chosen.org,
    orgs: role.unit === 'tree' ? (found.orgs?.length ? found.orgs : [chosen.org]) : [],
    patient: isResident ? found.patient : null,
    practitioner: isResident ? null : found.practitioner,
    rights: [
      ...chosen.rights,
      ...looks.map((look) => breakGlassRight(look.patient, new Date(look.until_at), look.locks)),
      ...children.map((one) => guardianRight(one.child, new Date(one.until_at))),
    ],
    scopes: found.scopes,
  };
  return ok({
    actor,
    session: found.session,
    login: found.login,
    name: found.name,
    demo: found.demo,
    client: found.client,
    roles: (found.roles ?? []).map((one) => ({ role: one.role, org: one.org_fhir_id })),
  });
}

// A department acts for the house it belongs to. Children count while they are minors and their RelatedPerson holds.
function findSession(hash: Buffer, now: Date, actingAs: ActingAs | undefined): Fragment {
  const role = actingAs?.role ?? null;
  const org = actingAs ? orgKey(actingAs.org) : null;
  return sql`select s.id as session, u.id as user_id, u.login, u.name, s.client, s.scopes, u.demo, u.practitioner, u.patient,
      (select json_agg(json_build_object('role', a.role, 'org', a.org, 'org_fhir_id', a.org_fhir_id)
          order by a.from_at, a.id)
        from role_assignment a where a.user_id = u.id and ${inForce(now)}) as roles,
      to_json(chosen) as chosen,
      array(select below.id from org_node own
        join org_node house on house.id = case when own.level = 'department' then coalesce(own.parent, own.id) else own.id end
        join org_node below on below.path like house.path || '%'
        where own.id = chosen.org) as orgs,
      (select json_agg(json_build_object('patient', b.patient, 'until_at', b.until_at, 'locks', b.locks))
        from break_glass b where b.user_id = u.id and b.until_at > ${now}::timestamptz
          and b.role = chosen.role and b.org = chosen.org and b.verdict is distinct from 'revoked') as looks,
      (select json_agg(json_build_object('child', p.child, 'until_at', m.until_at))
        from patient_link l join related_person p on p.id = l.other join minor m on m.patient = p.child
        where l.patient = u.patient and m.until_at > ${now}::timestamptz
          and (p.from_at is null or p.from_at <= ${now}::timestamptz)
          and (p.until_at is null or p.until_at > ${now}::timestamptz)) as children
    from session s join app_user u on u.id = s.user_id
    left join lateral (
      select a.role, a.org, a.org_fhir_id, a.rights from role_assignment a
      where a.user_id = u.id and ${inForce(now)}
        and (${role}::text is null or (a.role = ${role}::text and a.org = ${org}::uuid))
      order by a.from_at, a.id limit 1) chosen on true
    where s.token_hash = ${hash} and s.revoked_at is null and s.expires_at > ${now}::timestamptz and u.active`;
}

const inForce = (now: Date): Fragment =>
  sql`a.from_at <= ${now}::timestamptz and (a.until_at is null or a.until_at > ${now}::timestamptz)`;
