// Entries found by pinyin and initials: the Chinese words of a register spelled once, kept in this process and brought up
// to date before each search. Who may see what is found is decided afterwards, as for every search.
import type { CaseData } from '@yimai/loops';
import { type Database, sql } from '@yimai/postgres';
import { wordPinyin } from '@yimai/terms';

/** Longer registers are searched by characters only: spelling them would keep the process busy. */
const ENTRIES_MAX = 20_000;
const AT_ONCE = 200;
const FOUND_MAX = 1_000;
/** Transactions that were still open when we last looked may bear older numbers. */
const OVERLAP = 5_000;
const HAN = /\p{Script=Han}/u;
const LATIN = /^[a-z]{2,30}$/;

interface Spelled {
  readonly texts: Map<string, readonly string[]>;
  newest: number;
}

const spelled = new WeakMap<Database, Map<string, Promise<Spelled>>>();

/** Ids of entries whose words begin with the letters, as full pinyin or as initials; none for other texts. */
export async function entriesSpelled(database: Database, register: string, text: string): Promise<string[]> {
  const letters = text.toLowerCase().replaceAll(/[\s']/g, '');
  if (!LATIN.test(letters)) return [];
  const registers = spelled.get(database) ?? new Map<string, Promise<Spelled>>();
  spelled.set(database, registers);
  const before = registers.get(register) ?? Promise.resolve({ texts: new Map(), newest: 0 });
  // One after the other: two searches at once do not spell the same entries twice.
  const now = before
    .catch(() => ({ texts: new Map(), newest: 0 }))
    .then((known) => broughtUp(database, register, known));
  registers.set(register, now);
  const { texts } = await now;
  const found: string[] = [];
  for (const [id, spellings] of texts) {
    if (spellings.some((one) => one.startsWith(letters))) found.push(id);
    if (found.length >= FOUND_MAX) break;
  }
  return found;
}

async function broughtUp(database: Database, register: string, known: Spelled): Promise<Spelled> {
  const { rows: size } = await database.run<{ n: number }>(
    sql`select count(*)::int as n from (select 1 from register_entry where register = ${register} limit ${ENTRIES_MAX + 1}) e`,
  );
  if ((size[0]?.n ?? 0) > ENTRIES_MAX) return known;
  const { rows } = await database.run<{ id: string; data: CaseData; written: number }>(
    sql`select id, data, xmin::text::bigint as written from register_entry
      where register = ${register} and xmin::text::bigint > ${Math.max(0, known.newest - OVERLAP)}::bigint`,
  );
  for (const [index, row] of rows.entries()) {
    known.texts.set(row.id, spellingsOf(row.data));
    known.newest = Math.max(known.newest, Number(row.written));
    if (index % AT_ONCE === AT_ONCE - 1) await new Promise((resolve) => setImmediate(resolve));
  }
  return known;
}

function spellingsOf(data: CaseData): string[] {
  const words = Object.values(data)
    .flat()
    .filter((value): value is string => typeof value === 'string' && HAN.test(value));
  return words.flatMap((word) => {
    const { full, initials } = wordPinyin([...word].slice(0, 40).join(''));
    return [...full, initials];
  });
}
