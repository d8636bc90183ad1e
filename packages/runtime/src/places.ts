// Finds the organisations that a loop's parties speak of: the opener's parent, the subject's clinic, named offices.
import type { Organization } from '@medplum/fhirtypes';
import { ok, type Result, refuse } from '@yimai/kit';
import type { Loop, Places } from '@yimai/loops';
import type { RecordTx } from '@yimai/record';
import { SYSTEMS } from './context.ts';

/** Only the relations that the declaration uses are looked up, once, when the case opens. */
export async function findPlaces(
  tx: RecordTx,
  loop: Loop,
  opener: string,
  subject: string | undefined,
): Promise<Result<Places>> {
  const places: Record<string, string> = {};
  const wanted = new Set([...loop.parties.values()].flatMap((party) => (party.at ? [party.at] : [])));
  for (const relation of wanted) {
    if (relation.startsWith('office:')) {
      const office = await findOffice(tx, relation.slice('office:'.length));
      if (!office.ok) return office;
      places[relation] = office.value;
    } else if (relation === 'opener-parent') places[relation] = (await parentOf(tx, opener)) ?? '';
    else if (relation.startsWith('subject-'))
      places[relation] = (await placeOfSubject(tx, relation, subject)) ?? '';
  }
  return ok(places);
}

async function findOffice(tx: RecordTx, name: string): Promise<Result<string>> {
  const found = await tx.search('Organization', `identifier=${SYSTEMS.office}|${name}&_count=2`, {
    asSystem: true,
  });
  const first = found[0];
  if (first) return ok(`Organization/${first.row.fhirId}`);
  return refuse('office-missing', {
    zh: `尚未登记承担“${name}”职责的机构`,
    en: `no organisation is registered as the office "${name}"`,
  });
}

async function organisation(tx: RecordTx, reference: string): Promise<Organization | null> {
  const [type, id] = reference.split('/');
  if (type !== 'Organization' || id === undefined) return null;
  const found = await tx.readAsSystem('Organization', id);
  return found ? (found.resource as unknown as Organization) : null;
}

async function parentOf(tx: RecordTx, reference: string): Promise<string | undefined> {
  return (await organisation(tx, reference))?.partOf?.reference;
}

/** The house that answers for the subject: managing organisation of a person or place, owner of a device. */
async function placeOfSubject(
  tx: RecordTx,
  relation: string,
  subject: string | undefined,
): Promise<string | undefined> {
  const [type, id] = (subject ?? '').split('/');
  if (!type || !id) return undefined;
  const found = await tx.readAsSystem(type, id);
  const body = found?.resource as unknown as Record<string, { reference?: string } | undefined> | undefined;
  const own = body?.['managingOrganization']?.reference ?? body?.['owner']?.reference;
  if (own === undefined || relation !== 'subject-township') return own;
  return (await parentOf(tx, own)) ?? own;
}
