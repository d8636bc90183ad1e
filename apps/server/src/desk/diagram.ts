// A loop's declaration as the desk draws it: states with owner and deadline in words, moves between them.
import type { LoopDiagram } from '@yimai/desk/contract';
import type { Text } from '@yimai/kit';
import { type Loop, loopDiagram } from '@yimai/loops';

export function diagramOf(loop: Loop): LoopDiagram {
  const diagram = loopDiagram(loop);
  return {
    states: diagram.nodes.map((node) => {
      const declared = loop.declaration.states[node.id];
      const owner =
        declared?.owner === undefined ? null : (loop.declaration.parties[declared.owner]?.title ?? null);
      const end = node.kind === 'closed' ? 'done' : node.kind === 'closed-without-result' ? 'closed' : null;
      return {
        id: node.id,
        name: node.title,
        owner,
        deadline: declared?.due ? spanWords(declared.due.within) : null,
        end,
        column: node.column,
        row: node.row,
      };
    }),
    moves: diagram.edges.map(({ from, to, title, kind, back }) => ({ from, to, name: title, kind, back })),
  };
}

const UNITS: Readonly<Record<string, string>> = {
  minute: '分钟',
  hour: '小时',
  'working hour': '个工作小时',
  day: '天',
  'working day': '个工作日',
  month: '个月',
};

/** `5 working days` -> `5 个工作日`. */
function spanWords(span: string): Text {
  const match = /^(\d+) (.+?)s?$/.exec(span.trim());
  const unit = UNITS[match?.[2] ?? ''];
  return { zh: match && unit ? `${match[1]} ${unit}` : span, en: span };
}
