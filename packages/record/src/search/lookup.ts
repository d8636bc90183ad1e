// Tells searches that one index entry answers from those whose plan depends on how common a value is.
import type { Filter, SearchTree } from './tree.ts';

/**
 * True if some criterion names its rows (by ids) or one thing (an identifier, a phone): any value is as rare as any
 * other, so the statement may be planned once and kept. All others are planned for the values at hand.
 */
export function isLookup(tree: SearchTree): boolean {
  return tree.count > 0 && tree.sort.length === 0 && tree.filters.some(namesOne);
}

function namesOne(filter: Filter): boolean {
  switch (filter.kind) {
    case 'id':
      return !filter.not && filter.keys.length > 0;
    case 'test':
      return (
        !filter.not && filter.test.kind === 'token' && filter.test.sensitive && hasCodes(filter.test.values)
      );
    case 'chain':
    case 'has':
      return namesOne(filter.filter);
    default:
      return false;
  }
}

const hasCodes = (values: readonly { readonly code?: string }[]): boolean =>
  values.length === 1 && values[0]?.code !== undefined;
