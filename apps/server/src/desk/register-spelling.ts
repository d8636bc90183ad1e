// Entries found by pinyin and initials: the Chinese words of a register spelled once, kept in this process and brought up
// to date before each search. Who may see what is found is decided afterwards, as for every search.
import type { CaseData } from '@yimai/loops';
import { type Database, sql } from '@yimai/postgres';
import { namePinyin, wordPinyin } from '@yimai/terms';

/** Longer registers are searched by characters only: spelling them would keep the process busy. */
const ENTRIES_MAX = 20_000;
const AT_ONCE = 200;
const FOUND_MAX = 1_000;
const SPELLED_MAX = 40;
const NAME_MAX = 4;
const HAN = /\p{Script=Han}/u;
const LATIN = /^[a-z]{2,30}$/;

/** An entry's spellings, with the mark of the words that they are of. */
interface One {
  readonly mark: string;
  readonly spellings: readonly string[];
}
type Spelled = Map<string, One>;

const spelled = new WeakMap<Database, Map<string, Promise<Spelled>>>();

/** Ids of entries whose words begin with the letters, as full pinyin or as initials; none for other texts. */
export async function entriesSpelled(database: Database, register: string, text: string): Promise<string[]> {
  const letters = text.toLowerCase().replaceAll(/[\s']/g, '');
  if (!LATIN.test(letters)) return [];
  const registers = spelled.get(database) ?? new Map<string, Promise<Spelled>>();
  spelled.set(database, registers);
  const before = registers.get(register) ?? Promise.resolve<Spelled>(new Map());
  // One after the other: two searches at once do not spell the same entries twice.
  const now = before.catch((): Spelled => new Map()).then((known) => broughtUp(database, register, known));
  registers.set(register, now);
  const found: string[] = [];
  for (const [id, { spellings }] of await now) {
    if (spellings.some((one) => one.startsWith(letters))) found.push(id);
    if (found.length >= FOUND_MAX) break;
  }
  return found;
}

async function broughtUp(database: Database, register: string, known: Spelled): Promise<Spelled> {
  const { rows: marks } = await database.run<{ id: string; mark: string }>(
    sql`select id, md5(data::text) as mark from register_entry
      where register = ${register} limit ${ENTRIES_MAX + 1}`,
  );
  if (marks.length > ENTRIES_MAX) return known;
  const changed = marks.filter(({ id, mark }) => known.get(id)?.mark !== mark);
  for (let from = 0; from < changed.length; from += AT_ONCE) {
    const some = changed.slice(from, from + AT_ONCE);
    const { rows } = await database.run<{ id: string; data: CaseData }>(
      sql`select id, data from register_entry where id = any(${some.map((one) => one.id)}::text[])`,
    );
    const markOf = new Map(some.map((one) => [one.id, one.mark]));
    for (const { id, data } of rows) known.set(id, { mark: markOf.get(id)!, spellings: spellingsOf(data) });
  }
  return known;
}

function spellingsOf(data: CaseData): string[] {
  const words = Object.values(data)
    .flat()
    .filter((value): value is string => typeof value === 'string' && HAN.test(value));
  return words.flatMap((word) => {
    const letters = [...word].slice(0, SPELLED_MAX);
    // A short word may be a person's name, whose first character is read as a surname.
    const ways = [wordPinyin, ...(letters.length <= NAME_MAX ? [namePinyin] : [])];
    return ways.map((spell) => spell(letters.join(''))).flatMap(({ full, initials }) => [...full, initials]);
  });
}
