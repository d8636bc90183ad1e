// Cuts a search expression to the branches that can start at one resource type.
import { isKindOf } from '../definitions/load.ts';
import type { Tree } from '../path/parse.ts';

/** The branches of a union that can start at this type (`Patient.name | Person.name` has one for a Patient). */
export function piecesFor(type: string, tree: Tree): Tree[] {
  if (tree.kind === 'binary' && tree.operator === '|') {
    return [...piecesFor(type, tree.left), ...piecesFor(type, tree.right)];
  }
  const start = startOf(tree);
  return start !== null && /^[A-Z]/.test(start) && !isKindOf(type, start) ? [] : [tree];
}

function startOf(tree: Tree): string | null {
  switch (tree.kind) {
    case 'member':
    case 'call':
      return tree.of === null ? (tree.kind === 'member' ? tree.name : null) : startOf(tree.of);
    case 'index':
    case 'type':
      return startOf(tree.of);
    case 'binary':
      return startOf(tree.left);
    default:
      return null;
  }
}
