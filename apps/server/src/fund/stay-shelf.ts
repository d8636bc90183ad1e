// The stays of the county as grouping and fund speak of them, kept by version: a list is read from the record once.
import { ORGANISATION_LEVEL_SYSTEM, parameterId, type Resource, rowKey } from '@yimai/fhir';
import type { Level, SettlementList } from '@yimai/fund';
import type { Uuid } from '@yimai/kit';
import {
  type FundStay,
  LIST_BATCH_SYSTEM,
  LIST_NUMBER_SYSTEM,
  stayOf,
  unfinishedBatches,
} from '@yimai/ledger';
import { type Database, sql } from '@yimai/postgres';
import type { Access } from '@yimai/record';

export interface House {
  readonly id: string;
  readonly name: string;
  readonly level: Level;
  readonly isOutside: boolean;
  /** A hospital, township or clinic that pays staff: no department and no office of the county. */
  readonly isInstitution: boolean;
}

interface Shelved {
  readonly version: number;
  /** Null for a Claim that is no insured stay. */
  readonly stay: FundStay | null;
  readonly number: string;
  /** The file in parts that the list came with. */
  readonly batch: string | null;
}

const INSTITUTION_CLASS_SYSTEM = 'https://yimai.example/fhir/CodeSystem/institution-class';
const HOUSES_FOR_MS = 5_000;
const CHUNK = 2_000;

export class StayShelf {
  readonly #database: Database;
  readonly #systemAccess: () => Access;
  readonly #kept = new Map<Uuid, Shelved>();
  #houses: { readonly at: number; readonly all: ReadonlyMap<string, House> } | null = null;

  constructor(database: Database, systemAccess: () => Access) {
    this.#database = database;
    this.#systemAccess = systemAccess;
  }

  asSystem(): Access {
    return this.#systemAccess();
  }

  /** Stays that the reader may see, of all months. */
  async stays(access: Access): Promise<readonly FundStay[]> {
    const { rows } = await this.#database.read<{ id: Uuid; version: number }>(
      access.settings,
      sql`select r.id, r.version from resource r
        where r.type = 'Claim' and not r.deleted and ${access.readable('r')}`,
    );
    await this.#fetch(rows.filter(({ id, version }) => this.#kept.get(id)?.version !== version));
    const unfinished = await this.#unfinished();
    return rows.flatMap(({ id }) => {
      const kept = this.#kept.get(id);
      // A file that is not whole yet counts as if nothing of it were there.
      const isWhole = kept !== undefined && (kept.batch === null || !unfinished.has(kept.batch));
      return isWhole ? (kept.stay ?? []) : [];
    });
  }

  async month(month: string): Promise<readonly FundStay[]> {
    const all = await this.stays(this.#systemAccess());
    return all.filter(({ list }) => list.dischargedOn.startsWith(month));
  }

  #unfinished(): ReturnType<typeof unfinishedBatches> {
    return unfinishedBatches((fragment) => this.#database.read(this.#systemAccess().settings, fragment));
  }

  /** Which of these lists the record has, by their number or by their own id; found by index, however many there are. */
  async found(numbers: readonly string[]): Promise<{ known: Set<string>; dropped: Set<string> }> {
    const unfinished = await this.#unfinished();
    const byId = new Map(numbers.map((number) => [rowKey('Claim', number) as string, number]));
    const { rows } = await this.#database.read<{ number: string | null; id: string; content: string }>(
      this.#systemAccess().settings,
      sql`select t.value as number, r.id, r.content from idx_token t join resource r on r.id = t.resource
        where t.param = ${parameterId('Claim', 'identifier')} and t.value = any(${[...numbers]}::text[])
          and t.system = ${LIST_NUMBER_SYSTEM} and not r.deleted
        union all select null, r.id, r.content from resource r
        where r.id = any(${[...byId.keys()]}::uuid[]) and not r.deleted`,
    );
    const [known, dropped] = [new Set<string>(), new Set<string>()];
    for (const { number, id, content } of rows) {
      const list = number ?? byId.get(id);
      if (list === undefined) continue;
      const batch = unfinished.size === 0 ? null : batchOf(JSON.parse(content) as Resource);
      const isDropped = batch !== null && unfinished.get(batch)?.state === 'dropped';
      (isDropped ? dropped : known).add(list);
    }
    return { known, dropped };
  }

  async houses(): Promise<ReadonlyMap<string, House>> {
    if (this.#houses !== null && Date.now() - this.#houses.at < HOUSES_FOR_MS) return this.#houses.all;
    const access = this.#systemAccess();
    const { rows } = await this.#database.read<{ fhir_id: string; content: string }>(
      access.settings,
      sql`select r.fhir_id, r.content from resource r
        where r.type = 'Organization' and not r.deleted and ${access.readable('r')}`,
    );
    const all = new Map(rows.map(({ fhir_id, content }) => [fhir_id, houseOf(fhir_id, JSON.parse(content))]));
    this.#houses = { at: Date.now(), all };
    return all;
  }

  async #fetch(missing: readonly { readonly id: Uuid }[]): Promise<void> {
    if (missing.length === 0) return;
    const houses = await this.houses();
    const access = this.#systemAccess();
    for (let at = 0; at < missing.length; at += CHUNK) {
      const ids = missing.slice(at, at + CHUNK).map(({ id }) => id);
      const { rows } = await this.#database.read<{
        id: Uuid;
        version: number;
        content: string;
        person: string | null;
      }>(
        access.settings,
        sql`select r.id, r.version, r.content, p.content as person
          from resource r left join resource p on p.id = r.patient
          where r.id = any(${ids}::uuid[]) and not r.deleted`,
      );
      for (const row of rows) this.#kept.set(row.id, shelve(row, houses));
    }
  }
}

function shelve(
  row: { readonly version: number; readonly content: string; readonly person: string | null },
  houses: ReadonlyMap<string, House>,
): Shelved {
  const claim = JSON.parse(row.content) as Resource;
  const patient = row.person === null ? null : (JSON.parse(row.person) as PersonFacts);
  const levelOf = (org: string): Level => houses.get(org)?.level ?? 'secondary';
  const read = stayOf({ claim, patient: patient && factsOf(patient), levelOf });
  return {
    version: row.version,
    number: numberOf(claim),
    batch: batchOf(claim),
    stay: read.ok ? { list: read.value, isOutside: isOutside(read.value, houses) } : null,
  };
}

interface PersonFacts {
  readonly gender?: string;
  readonly birthDate?: string;
}

function factsOf({ gender, birthDate }: PersonFacts): PersonFacts {
  return { ...(gender ? { gender } : {}), ...(birthDate ? { birthDate } : {}) };
}

const isOutside = ({ org }: SettlementList, houses: ReadonlyMap<string, House>): boolean =>
  houses.get(org)?.isOutside ?? false;

function batchOf({ meta }: Resource): string | null {
  const tags = (meta as { tag?: { system?: string; code?: string }[] } | undefined)?.tag ?? [];
  return tags.find(({ system }) => system === LIST_BATCH_SYSTEM)?.code ?? null;
}

function numberOf(claim: Resource): string {
  const identifiers = (claim['identifier'] ?? []) as { system?: string; value?: string }[];
  return identifiers.find(({ system }) => system === LIST_NUMBER_SYSTEM)?.value ?? claim.id ?? '';
}

/** Payment levels by the level of the house in the county; a house of the city or beyond is no member. */
function houseOf(id: string, organization: Resource): House {
  const types = (organization['type'] ?? []) as { coding?: { system?: string; code?: string }[] }[];
  const codings = types.flatMap(({ coding = [] }) => coding);
  const level = codings.find(({ system }) => system === ORGANISATION_LEVEL_SYSTEM)?.code;
  const isBeyond = level === 'city' || level === 'province';
  const isPrimary = level === 'township' || level === 'village';
  return {
    id,
    name: String(organization['name'] ?? id),
    level: isBeyond ? 'tertiary' : isPrimary ? 'primary' : 'secondary',
    isOutside: isBeyond || codings.some(({ code }) => code === 'outside-hospital'),
    isInstitution: codings.some(({ system, code }) =>
      system === INSTITUTION_CLASS_SYSTEM ? code !== 'supervision-station' : false,
    ),
  };
}
