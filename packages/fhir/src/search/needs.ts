// Tells what a resource must have for a search path to find anything, so that the many paths of a type that it has
// nothing for are not walked.
import { isKindOf, propertyName, typeDef } from '../definitions/load.ts';
import type { Tree } from '../path/parse.ts';

/** Calls that find nothing in nothing. */
const KEEPING = new Set(['where', 'ofType', 'as', 'first', 'resolve', 'extension']);

/** JSON properties of a resource of this type, one of which must be there; null where the path may always find something. */
export function neededProperties(type: string, tree: Tree): readonly string[] | null {
  const [start, ...steps] = stepsOf(tree) ?? [];
  return start?.kind === 'member' && /^[A-Z]/.test(start.name) ? neededBy(type, steps) : null;
}

/** The same for a path that starts at the resource without naming it, as those of components do. */
export function neededFromHere(type: string, tree: Tree): readonly string[] | null {
  if (tree.kind === 'binary' && tree.operator === '|') {
    const [left, right] = [neededFromHere(type, tree.left), neededFromHere(type, tree.right)];
    return left && right && [...left, ...right];
  }
  const steps = stepsOf(tree) ?? [];
  const [first] = steps;
  return first?.kind === 'member' && !/^[A-Z]/.test(first.name) ? neededBy(type, steps) : null;
}

function neededBy(type: string, [first, second]: readonly Tree[]): readonly string[] | null {
  if (first?.kind !== 'member') return null;
  const element = typeDef(type)?.elements.find(({ name }) => name === first.name);
  const wanted = second ? typeAsked(second) : null;
  const codes = element?.types.map(({ code }) => code).filter((code) => wanted === null || isA(code, wanted));
  const names = element && codes ? codes.map((code) => propertyName(element, code)) : [first.name];
  return names.flatMap((name) => [name, `_${name}`]);
}

/** From the start of the path to its end; null if it is more than one path, or a call may find something in nothing. */
function stepsOf(tree: Tree): Tree[] | null {
  switch (tree.kind) {
    case 'member':
    case 'call': {
      if (tree.kind === 'call' && !KEEPING.has(tree.name)) return null;
      const before = tree.of === null ? [] : stepsOf(tree.of);
      return before && [...before, tree];
    }
    case 'index':
    case 'type': {
      const before = tree.kind === 'type' && tree.operator === 'is' ? null : stepsOf(tree.of);
      return before && [...before, tree];
    }
    default:
      return null;
  }
}

/** The type that a step leaves over of the one before it. */
function typeAsked(step: Tree): string | null {
  if (step.kind === 'type') return step.type;
  if (step.kind !== 'call' || (step.name !== 'ofType' && step.name !== 'as')) return null;
  const [named] = step.args;
  return named?.kind === 'member' && named.of === null ? named.name : null;
}

const isA = (code: string, type: string): boolean =>
  isKindOf(code, type) || code === type.charAt(0).toLowerCase() + type.slice(1);
