// Stays that go on: lists that the hospital keeps as a draft while the patient lies in the ward. Nothing is coded or settled
// from them; they are only compared with the candidate group.
import type { Resource } from '@yimai/fhir';
import { type Fen, isLocalDate, type LocalDate } from '@yimai/kit';
import { type FundStay, stayOf } from '@yimai/ledger';
import { sql } from '@yimai/postgres';
import type { Access } from '@yimai/record';
import type { FundHouseDoor } from './fund-house.ts';

export interface Running {
  readonly stay: FundStay;
  readonly drugAndConsumableFen: Fen;
}

const DRUGS = ['western-medicine', 'chinese-medicine', 'decoction', 'consumables'];

/** As if they ended today, as far as the reader may see them. */
export async function runningStays(
  { database, shelf }: FundHouseDoor,
  access: Access,
  today: LocalDate,
): Promise<Running[]> {
  const houses = await shelf.houses();
  const { rows } = await database.read<{ content: string; person: string | null }>(
    access.settings,
    sql`select r.content, p.content as person from resource r left join resource p on p.id = r.patient
      where r.type = 'Claim' and not r.deleted and ${access.readable('r')}
        and r.content::jsonb ->> 'status' = 'draft' order by r.fhir_id`,
  );
  return rows.flatMap(({ content, person }) => {
    const claim = JSON.parse(content) as Draft & Resource;
    const { billablePeriod } = claim;
    if (!isLocalDate(billablePeriod?.start?.slice(0, 10))) return [];
    const { gender, birthDate } = (person === null ? {} : JSON.parse(person)) as Person;
    const read = stayOf({
      claim: { ...claim, billablePeriod: { ...billablePeriod, end: today } } as Resource,
      patient: { ...(gender ? { gender } : {}), ...(birthDate ? { birthDate } : {}) },
      levelOf: (org) => houses.get(org)?.level ?? 'secondary',
    });
    if (!read.ok) return [];
    return [{ stay: { list: read.value, isOutside: false }, drugAndConsumableFen: drugsOf(claim) }];
  });
}

interface Person {
  readonly gender?: string;
  readonly birthDate?: string;
}

interface Draft {
  readonly billablePeriod?: { readonly start?: string };
  readonly item?: readonly {
    readonly productOrService?: { readonly coding?: readonly { readonly code?: string }[] };
    readonly net?: { readonly value?: number };
  }[];
}

function drugsOf({ item = [] }: Draft): Fen {
  return item.reduce((sum, { productOrService, net }) => {
    const isDrug = productOrService?.coding?.some(({ code }) => DRUGS.includes(code ?? '')) ?? false;
    return isDrug ? sum + BigInt(Math.round((net?.value ?? 0) * 100)) : sum;
  }, 0n);
}
