// The loop as a slim track for the desk: states in columns from opening to close, edges between them.
import type { Text } from '@yimai/kit';
import type { Loop } from './compile.ts';
import { asList } from './compile.ts';
import type { StateDeclaration, TransitionKind } from './types.ts';

export interface DiagramNode {
  readonly id: string;
  readonly title: Text;
  readonly kind: StateDeclaration['kind'];
  readonly column: number;
  readonly row: number;
  /** The state that holds the branch this state belongs to. */
  readonly within?: string;
}

export interface DiagramEdge {
  readonly from: string;
  readonly to: string;
  readonly event: string;
  readonly title: Text;
  readonly kind: TransitionKind | 'branch' | 'join';
  /** Runs against the reading direction: a return or a re-opening. */
  readonly back: boolean;
}

export interface Diagram {
  readonly nodes: readonly DiagramNode[];
  readonly edges: readonly DiagramEdge[];
  readonly columns: number;
  readonly rows: number;
}

/** Column = longest way from the opening along forward edges; row = order within the column, the main line on row 0. */
export function loopDiagram(loop: Loop): Diagram {
  const links = linksOf(loop);
  const column = columnsOf(loop, links);
  const within = new Map<string, string>();
  for (const [name, state] of loop.states) for (const [, start] of state.branches) within.set(start, name);
  const rows = new Map<number, number>();
  const nodes: DiagramNode[] = [];
  const order = [...loop.states.values()].sort((a, b) => rank(a.declaration.kind) - rank(b.declaration.kind));
  for (const state of order) {
    const at = column.get(state.name) ?? 0;
    const row = rows.get(at) ?? 0;
    rows.set(at, row + 1);
    const home = within.get(state.name);
    nodes.push({
      id: state.name,
      title: state.declaration.title,
      kind: state.declaration.kind,
      column: at,
      row,
      ...(home === undefined ? {} : { within: home }),
    });
  }
  const edges = links.map((link) => ({
    ...link,
    back: (column.get(link.to) ?? 0) <= (column.get(link.from) ?? 0),
  }));
  const columns = Math.max(...nodes.map((node) => node.column)) + 1;
  return { nodes, edges, columns, rows: Math.max(...nodes.map((node) => node.row)) + 1 };
}

const rank = (kind: StateDeclaration['kind']): number => (kind === 'closed-without-result' ? 1 : 0);

type Link = Omit<DiagramEdge, 'back'>;

function linksOf(loop: Loop): Link[] {
  const links: Link[] = [];
  for (const transition of loop.declaration.transitions) {
    for (const from of asList(transition.from)) {
      if (transition.to === undefined) continue;
      links.push({
        from,
        to: transition.to,
        event: transition.event,
        title: transition.title,
        kind: transition.kind ?? 'forward',
      });
    }
  }
  for (const [name, state] of loop.states) {
    const { join, title } = state.declaration;
    for (const [branch, start] of state.branches)
      links.push({ from: name, to: start, event: branch, title, kind: 'branch' });
    if (join !== undefined) links.push({ from: name, to: join, event: 'join', title, kind: 'join' });
  }
  return links;
}

function columnsOf(loop: Loop, links: readonly Link[]): Map<string, number> {
  const column = new Map<string, number>([[loop.declaration.initial, 0]]);
  const forward = links.filter(
    (link) => link.kind !== 'return' && link.kind !== 'reopen' && link.kind !== 'withdraw',
  );
  const path = new Set<string>();
  const visit = (name: string, at: number): void => {
    if (path.has(name) || at > loop.states.size) return;
    if ((column.get(name) ?? -1) < at || at === 0) {
      column.set(name, at);
      path.add(name);
      for (const link of forward) if (link.from === name) visit(link.to, at + 1);
      path.delete(name);
    }
  };
  visit(loop.declaration.initial, 0);
  const last = Math.max(...column.values());
  for (const name of loop.states.keys()) if (!column.has(name)) column.set(name, last);
  return column;
}
