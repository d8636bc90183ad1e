// What is answered from the rows of other parameters would have had the same rows of its own.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePath, type Tree } from '../path/parse.ts';
import { compositeRows, heldBy, isHeldByOthers } from './held-rows.ts';
import { componentId, searchParameters } from './parameters.ts';
import { piecesFor } from './pieces.ts';

/** Sampled data give no rows of a quantity. */
const piecesOf = (type: string, expression: string): string[] =>
  piecesFor(type, parsePath(expression))
    .map((piece) => JSON.stringify(piece))
    .filter((piece) => !piece.includes('"SampledData"'));

/** A path that is asked of the resource as a whole. */
function onWhole(tree: Tree, type: string): Tree {
  const start: Tree = { kind: 'member', of: null, name: type };
  if (tree.kind === 'member') return { ...tree, of: tree.of ? onWhole(tree.of, type) : start };
  if (tree.kind === 'call') return { ...tree, of: tree.of ? onWhole(tree.of, type) : start };
  return tree;
}

test('[fhir F19] a parameter without rows of its own has the values of those that answer for it', () => {
  let held = 0;
  for (const type of ['Observation', 'Patient', 'Person', 'Practitioner', 'RelatedPerson']) {
    const all = searchParameters(type);
    for (const one of all.filter(({ code, kind }) => kind !== 'composite' && isHeldByOthers(type, code))) {
      held += 1;
      const holders = heldBy(type, one.code).map((id) => all.find(({ paramId }) => paramId === id)!);
      assert.ok(holders.every((holder) => holder.kind === one.kind && !isHeldByOthers(type, holder.code)));
      const theirs = holders.flatMap(({ expression }) => piecesOf(type, expression));
      assert.deepEqual(theirs.sort(), piecesOf(type, one.expression).sort(), `${type} ${one.code}`);
    }
  }
  assert.equal(held, 8);
});

test('[fhir F19] a pair of a whole resource stands in the rows of its two parameters, a wider composite in its own', () => {
  const all = searchParameters('Observation');
  const composites = all.filter(
    ({ code, kind }) => kind === 'composite' && isHeldByOthers('Observation', code),
  );
  assert.equal(composites.length, 4);
  for (const { code, expression, components = [] } of composites) {
    const ways = compositeRows('Observation', code, components.length);
    assert.equal(ways.length, piecesOf('Observation', expression).length, code);
    for (const { params } of ways.filter((way) => !way.byPart)) {
      for (const [at, component] of components.entries()) {
        const holder = all.find(({ paramId }) => paramId === params[at])!;
        assert.equal(holder.kind, component.kind);
        const whole = JSON.stringify(onWhole(parsePath(component.expression), 'Observation'));
        assert.deepEqual(piecesOf('Observation', holder.expression), [whole], `${code} ${component.code}`);
      }
    }
    const parts = ways.filter((way) => way.byPart).map((way) => way.params);
    const own = code.replace('combo-', 'component-');
    assert.deepEqual(parts, code === own ? [] : [[0, 1].map((at) => componentId('Observation', own, at))]);
  }
});
