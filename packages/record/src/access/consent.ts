// What residents closed, read from Consent: a withdrawn or denying privacy consent becomes rows of consent_denial.
import { type Sql, sql } from '@yimai/postgres';
import type { Resource, StoredRow } from '../types.ts';
import { isObject, targetOf, textAt, valuesAt } from './elements.ts';
import { instantAt } from './instants.ts';

interface Denial {
  readonly org: string | null;
  readonly kind: string | null;
  readonly from: Date | null;
  readonly until: Date | null;
}

/**
 * Closed is: a consent to share (scope patient-privacy) that is inactive (withdrawn) or rejected, and each provision of
 * type deny of an active one. Provisions may name organisations (actor) and kinds of data (code); without any the
 * whole is closed. Draft, proposed and entered-in-error close nothing.
 */
export async function projectConsent(
  run: Sql,
  row: StoredRow,
  resource: Resource | null,
  kindSystem: string,
): Promise<void> {
  const kept = resource === null || textAt(resource, 'status') === 'entered-in-error';
  const denials = kept || row.patient === null ? [] : denialsOf(resource, kindSystem);
  if (row.version > 1) await run.run(sql`delete from consent_denial where consent = ${row.id}`);
  if (denials.length === 0) return;
  await run.run(sql`insert into consent_denial (consent, ord, patient, org, kind, from_at, until_at)
    select ${row.id}::uuid, (ordinality - 1)::int, ${row.patient}::uuid, org, kind, from_at, until_at
    from unnest(${denials.map((one) => one.org)}::uuid[], ${denials.map((one) => one.kind)}::text[],
      ${denials.map((one) => one.from ?? row.updatedAt)}::timestamptz[], ${denials.map((one) => one.until)}::timestamptz[])
      with ordinality as n(org, kind, from_at, until_at, ordinality)`);
}

function denialsOf(resource: Resource, kindSystem: string): Denial[] {
  const scopes = valuesAt(resource, 'scope.coding.code');
  if (!scopes.includes('patient-privacy')) return [];
  const status = textAt(resource, 'status');
  const provisions = valuesAt(resource, 'provision');
  if (status === 'inactive' || status === 'rejected') {
    const outer = provisions[0];
    // Withdrawing a refusal opens again: what was denied while active is simply no longer denied.
    if (isObject(outer) && textAt(outer, 'type') === 'deny') return [];
    const permits = [...provisions, ...valuesAt(resource, 'provision.provision')].filter(
      (one) => textAt(one, 'type') !== 'deny',
    );
    const named = permits
      .flatMap((one) => spread(one, kindSystem))
      .filter((one) => one.org !== null || one.kind !== null);
    return named.length > 0
      ? named.map((one) => ({ ...one, from: null, until: null }))
      : [{ org: null, kind: null, from: null, until: null }];
  }
  if (status !== 'active') return [];
  const all = [...provisions, ...valuesAt(resource, 'provision.provision')];
  return all.filter((one) => textAt(one, 'type') === 'deny').flatMap((one) => spread(one, kindSystem));
}

// One row for each organisation and kind that the provision names.
function spread(provision: unknown, kindSystem: string): Denial[] {
  const orgs = valuesAt(provision, 'actor.reference')
    .map(targetOf)
    .filter((target) => target?.type === 'Organization')
    .map((target) => target!.key);
  const kinds = valuesAt(provision, 'code.coding')
    .filter((coding) => textAt(coding, 'system') === kindSystem)
    .map((coding) => textAt(coding, 'code'));
  const from = instantAt(provision as Resource, 'period.start', 'start');
  const until = instantAt(provision as Resource, 'period.end', 'end');
  return (orgs.length > 0 ? orgs : [null]).flatMap((org) =>
    (kinds.length > 0 ? kinds : [null]).map((kind) => ({ org, kind, from, until })),
  );
}
