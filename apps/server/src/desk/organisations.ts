// The organisation tree, and what kind of system this is.
import type { Organisation, SystemInfo, Text } from '@yimai/desk/contract';
import { ORG_LEVELS } from '@yimai/record';
import type { FastifyInstance } from 'fastify';
import { type DeskDeps, type Reader, readerOf } from './desk-deps.ts';
import { type OrganisationDraft, toOrganisation } from './organisation-resource.ts';
import { searchPage } from './resources.ts';

const PAGE = 500;
const PAGES_MAX = 40;

export function register(app: FastifyInstance, deps: DeskDeps): void {
  const houseName = rememberedName(deps);
  app.get('/desk/system', async (): Promise<SystemInfo> => {
    const name = await houseName();
    return {
      name,
      synthetic: deps.demo,
      loading: deps.loading?.() ?? null,
      now: deps.clock.now().toISOString(),
      firstStart: await deps.accounts.isFresh(),
      ...(deps.outsideName ? { outside: { name: deps.outsideName } } : {}),
    };
  });
  app.get('/desk/organisations', async (request) => allOrganisations(deps, await readerOf(deps, request)));
}

const NAME_KEPT_MS = 60_000;

/** The name of the house at the root, asked anew each minute: it may be loaded while the server runs. */
function rememberedName(deps: DeskDeps): () => Promise<Text> {
  let known: { readonly name: Text; readonly until: number } | null = null;
  return async () => {
    if (known && Date.now() < known.until) return known.name;
    const roots = await searchPage(
      deps,
      deps.record.systemAccess(),
      'Organization',
      'partof:missing=true&_count=20',
    );
    const houses = roots.items.map((each) => toOrganisation(each.resource));
    const root = houses.find((each) => /医共体|医疗集团|consortium/i.test(each.name)) ?? houses[0];
    const name = root ? both(root.name) : { zh: '紧密型县域医共体', en: 'County health consortium' };
    known = { name, until: Date.now() + NAME_KEPT_MS };
    return name;
  };
}

export async function allOrganisations(deps: DeskDeps, reader: Reader): Promise<Organisation[]> {
  const found: OrganisationDraft[] = [];
  let query: string | null = `_count=${PAGE}`;
  for (let page = 0; query !== null && page < PAGES_MAX; page += 1) {
    const answer = await searchPage(deps, reader.access, 'Organization', query);
    found.push(...answer.items.map((each) => toOrganisation(each.resource)));
    query = answer.next;
  }
  const known = new Map(found.map((each) => [each.id, each]));
  return found.map(({ level, ...each }) => ({ ...each, level: level ?? levelBelow(known, each.parent) }));
}

const both = (word: string): Text => ({ zh: word, en: word });

/** Without a level of its own an organisation stands one step below its parent. */
function levelBelow(
  all: ReadonlyMap<string, OrganisationDraft>,
  parent: string | null,
  depth = 0,
): Organisation['level'] {
  const above = parent === null ? undefined : all.get(parent);
  if (!above || depth > ORG_LEVELS.length) return 'county';
  const level = above.level ?? levelBelow(all, above.parent, depth + 1);
  const at = ORG_LEVELS.indexOf(level);
  return ORG_LEVELS[Math.min(at + 1, ORG_LEVELS.indexOf('village'))] ?? 'village';
}
