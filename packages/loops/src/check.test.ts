// Tests that a wrong declaration is refused with its place and a stable code.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkLoop } from './check.ts';
import { compileLoop } from './compile.ts';
import { loopDiagram } from './diagram.ts';
import { loopFigures } from './figures.ts';
import { SAMPLE } from './sample.ts';

type Loose = Record<string, unknown>;

/** A copy of the sample with one thing changed. */
function changed(
  change: (loop: Loose & { states: Record<string, Loose>; transitions: Loose[] }) => void,
): unknown {
  const copy = JSON.parse(JSON.stringify(SAMPLE)) as Loose & {
    states: Record<string, Loose>;
    transitions: Loose[];
  };
  change(copy);
  return copy;
}

function finds(change: Parameters<typeof changed>[0], code: string, at: string): void {
  const issues = checkLoop(changed(change));
  assert.ok(
    issues.some((one) => one.code === code && one.at === at),
    `expected ${code} at ${at}, found ${JSON.stringify(issues.map((one) => [one.code, one.at]))}`,
  );
}

test('[loops D1] the sample declaration has no issue', () => {
  assert.deepEqual(checkLoop(SAMPLE), []);
});

test('[loops D2] an open state without owner, deadline or edge rule is named', () => {
  finds((loop) => delete loop.states['filed']!['owner'], 'owner-missing', 'states.filed');
  finds((loop) => delete loop.states['filed']!['due'], 'deadline-missing', 'states.filed');
  finds(
    (loop) => delete (loop.states['filed']!['due'] as Loose)['edge'],
    'edge-missing',
    'states.filed.due.edge',
  );
});

test('[loops D3] a state nobody reaches, nobody can leave, or that never closes is named', () => {
  const due = { within: '1 day', edge: 'including' };
  const title = { zh: '甲', en: 'A' };
  finds(
    (loop) => (loop.states['island'] = { title, kind: 'open', owner: 'centre', due }),
    'state-unreachable',
    'states.island',
  );
  const trap = (loop: Loose & { states: Record<string, Loose>; transitions: Loose[] }) => {
    loop.states['pit'] = { title, kind: 'open', owner: 'centre', due };
    loop.transitions.push({ event: 'fall', title, from: 'filed', to: 'pit', by: 'centre' });
  };
  finds(trap, 'state-trap', 'states.pit');
  finds(
    (loop) => {
      trap(loop);
      loop.states['pit-two'] = { title, kind: 'open', owner: 'centre', due };
      loop.transitions.push({ event: 'circle', title, from: 'pit', to: 'pit-two', by: 'centre' });
      loop.transitions.push({ event: 'circle', title, from: 'pit-two', to: 'pit', by: 'centre' });
    },
    'state-never-closes',
    'states.pit',
  );
});

test('[loops D4] names that do not exist are told with their place', () => {
  finds((loop) => (loop.transitions[0]!['to'] = 'nowhere'), 'name-unknown', 'transitions[0].to');
  finds((loop) => (loop.transitions[0]!['by'] = 'nobody'), 'name-unknown', 'transitions[0].by');
  finds(
    (loop) => (loop.transitions[0]!['set'] = { reviewer: 'data.nothing' }),
    'expression-invalid',
    'transitions[0].set.reviewer',
  );
  const issues = checkLoop(
    changed((loop) => (loop.transitions[0]!['form'] = 'ghost')),
    { forms: new Set(), registers: new Set() },
  );
  assert.deepEqual(
    issues.map((one) => [one.code, one.at]),
    [
      ['name-unknown', 'transitions[0].form'],
      ['name-unknown', 'transitions[7].do[0]'],
    ],
  );
});

test('[loops D5] a misspelt key, a wrong period and a title in one language are told', () => {
  finds((loop) => (loop.transitions[0]!['gaurds'] = []), 'unknown-key', 'transitions[0].gaurds');
  finds(
    (loop) => ((loop.states['filed']!['due'] as Loose)['within'] = '5 working dayz'),
    'period-invalid',
    'states.filed.due.within',
  );
  finds((loop) => (loop['title'] = { zh: '只有中文' }), 'title-missing', 'title');
  assert.ok(checkLoop('not a loop').length > 0);
});

test('[loops D9] a long period that would roll into a year without a table is told at load', () => {
  finds(
    (loop) => delete (loop.states['on-site']!['due'] as Loose)['roll'],
    'long-deadline-rolls',
    'states.on-site.due.roll',
  );
});

test('[loops D6] only a re-opening leaves a closed state, and a timer fires only what the system may do', () => {
  const title = { zh: '甲', en: 'A' };
  finds(
    (loop) => loop.transitions.push({ event: 'sneak', title, from: 'closed', to: 'filed', by: 'centre' }),
    'leaves-closed',
    'states.closed',
  );
  finds(
    (loop) => ((loop.states['placed']!['due'] as Loose)['event'] = 'accept'),
    'event-not-system',
    'states.placed.due',
  );
});

test('[loops D7] the diagram has a column for each stage, places every state once and marks edges that run back', () => {
  const diagram = loopDiagram(compileLoop(SAMPLE).loop);
  assert.equal(diagram.nodes.length, Object.keys(SAMPLE.states).length);
  const column = (id: string) => diagram.nodes.find((node) => node.id === id)!.column;
  const main = ['filed', 'placed', 'on-site', 'rating', 'rated', 'closed'].map(column);
  assert.deepEqual(
    main,
    [...main].sort((a, b) => a - b),
  );
  assert.equal(new Set(diagram.nodes.map((node) => `${node.column}/${node.row}`)).size, diagram.nodes.length);
  assert.deepEqual(
    diagram.edges.filter((edge) => edge.back && edge.kind === 'return').map((edge) => edge.event),
    ['send-back', 'lapse', 'lapse'],
  );
});

test('[loops D8] closure rate leaves out cases closed without result; overdue work is counted by owner', () => {
  const stay = (caseId: string, until: number | null, due: number | null) => ({
    caseId,
    state: 'filed',
    owner: 'org-hr',
    since: 0,
    until,
    due,
  });
  const figures = loopFigures(
    [
      { caseId: 'a', outcome: 'closed', rating: 4 },
      { caseId: 'b', outcome: 'closed-without-result', rating: null },
      { caseId: 'c', outcome: 'open', rating: 5 },
    ],
    [stay('a', 10, 20), stay('b', 30, 20), stay('c', null, 20)],
    40,
  );
  assert.deepEqual(figures.closureRate, { numerator: 1, denominator: 2 });
  assert.deepEqual(figures.onTime, { numerator: 1, denominator: 2 });
  assert.equal(figures.ratingMean, 4.5);
  assert.deepEqual([...figures.overdueByOwner], [['org-hr', 1]]);
  assert.equal(figures.timeInState.get('filed')?.longestMs, 40);
});
