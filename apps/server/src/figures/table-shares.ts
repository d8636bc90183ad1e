// Who a saved table may be shared with: organisations, roles and persons, each known here and shown by name.
import type { SavedTableEntry } from '@yimai/desk/contract';
import type { Text } from '@yimai/kit';
import type { Reader } from '../desk/desk-deps.ts';
import { bad, bodyOf } from '../desk/read-body.ts';
import { namesOf } from '../desk/resources.ts';
import { type FiguresDeps, seesFigures } from './figures-deps.ts';
import { TABLE_SHARES, type TableShare } from './table-store.ts';

const SHARES_MOST = 50;
const NOT_SHARED_WITH = new Set(['script']);

/** Roles that look at figures at all. */
export function rolesToShareWith({
  policy,
}: FiguresDeps): readonly { readonly code: string; readonly name: Text }[] {
  return [...policy.roles.values()].filter(({ code }) => seesFigures(code) && !NOT_SHARED_WITH.has(code));
}

/** Refused at its place when there is nobody like this: what was never there is never opened by anybody. */
export async function readShares(
  deps: FiguresDeps,
  reader: Reader,
  value: unknown,
): Promise<readonly TableShare[]> {
  if (!Array.isArray(value) || value.length > SHARES_MOST)
    throw bad('shares', '应为列表', 'a list is expected here');
  const shares = value.map((each, index): TableShare => {
    const { kind, id } = bodyOf(each);
    const found = TABLE_SHARES.find((one) => one === kind);
    const shape = found === 'person' ? /^(Practitioner|User)\/[A-Za-z0-9.-]{1,64}$/ : /^[A-Za-z0-9.-]{1,64}$/;
    if (found && typeof id === 'string' && shape.test(id)) return { kind: found, id };
    throw bad(`shares[${index}]`, '共享对象不对', 'nobody can be shared with like this');
  });
  const named = await namesOfShares(deps, reader, shares);
  const strange = shares.findIndex((share) => !named.has(keyOf(share)));
  if (strange >= 0)
    throw bad(`shares[${strange}]`, '没有这个共享对象', 'there is nobody like this to share with');
  return shares;
}

export async function namesOfShares(
  deps: FiguresDeps,
  reader: Reader,
  shares: readonly TableShare[],
): Promise<ReadonlyMap<string, Text>> {
  const names = await namesOf(
    deps,
    reader,
    shares.flatMap((share) => (share.kind === 'role' ? [] : [referenceOf(share)])),
  );
  const roles = new Map(rolesToShareWith(deps).map(({ code, name }) => [code, name]));
  const found = new Map<string, Text>();
  for (const share of shares) {
    const name = names.get(referenceOf(share));
    const text = share.kind === 'role' ? roles.get(share.id) : name ? { zh: name, en: name } : undefined;
    if (text) found.set(keyOf(share), text);
  }
  return found;
}

export const namedShare = (
  share: TableShare,
  names: ReadonlyMap<string, Text>,
): SavedTableEntry['shares'][number] => ({
  ...share,
  name: names.get(keyOf(share)) ?? { zh: share.id, en: share.id },
});

const keyOf = ({ kind, id }: TableShare): string => `${kind} ${id}`;
const referenceOf = ({ kind, id }: TableShare): string =>
  kind === 'organisation' ? `Organization/${id}` : id;
