// Trees of tasks at the desk: how far each area is, what is late, who leads, and the acts of who answers for a task.
import type { Act, TreeNode, TreePage } from '@yimai/desk/contract';
import type { FormDeclaration } from '@yimai/forms';
import { chinaDate } from '@yimai/kit';
import { sql } from '@yimai/postgres';
import { treeStatus } from '@yimai/runtime';
import type { FastifyInstance } from 'fastify';
import { type DeskDeps, type Reader, readerOf } from './desk-deps.ts';
import { notFound } from './read-body.ts';
import { namesOf } from './resources.ts';
import { programmeHolding } from './work-items.ts';

interface NodeRow {
  readonly id: string;
  readonly node: string;
  readonly co_leads: string[];
  readonly due: string | null;
  readonly done_at: Date | null;
  readonly progress: number;
  readonly evidence: string[];
}

export function register(app: FastifyInstance, deps: DeskDeps): void {
  app.get('/desk/trees/:id', async (request): Promise<TreePage> => {
    const reader = await readerOf(deps, request);
    return pageOf(deps, reader, (request.params as { id: string }).id);
  });
}

async function pageOf(deps: DeskDeps, reader: Reader, id: string): Promise<TreePage> {
  const tree = deps.runtime.trees.get(id);
  if (!tree) throw notFound();
  const today = chinaDate(reader.now);
  const [status, { rows }] = await Promise.all([
    treeStatus(deps.database, id, today),
    deps.database.run<NodeRow>(sql`select id, node, co_leads, due_date::text as due, done_at, progress, evidence
      from tree_node where tree = ${id}`),
  ]);
  const details = new Map(rows.map((row) => [row.node, row]));
  const leads = status.map((node) => node.lead);
  const names = await namesOf(deps, reader, [...leads, ...rows.flatMap((row) => row.co_leads)]);
  const named = (lead: string) => names.get(lead) ?? lead;
  const mayAll = tree.by.includes(reader.actor.role);
  const nodes = status.map((node): TreeNode => {
    const row = details.get(node.node);
    const answering = [node.lead, ...(row?.co_leads ?? [])];
    const mine = mayAll || answering.includes(reader.actor.organisation);
    const done = row?.done_at ?? null;
    return {
      id: node.node,
      parent: node.parent,
      title: node.title,
      leaf: node.leaf,
      lead: node.lead === null ? null : named(node.lead),
      coLeads: (row?.co_leads ?? []).map(named),
      due: row?.due ?? null,
      doneOn: done ? chinaDate(done) : null,
      late: node.leaf && done === null && row?.due != null && row.due < today,
      tasks: node.tasks,
      done: node.done,
      overdue: node.overdue,
      progress: node.progress,
      evidence: (row?.evidence ?? []).map((url) => ({
        id: url,
        title: url,
        contentType: 'application/octet-stream',
        href: `/desk/files/${encodeURIComponent(url)}`,
        bytes: null,
      })),
      acts: node.leaf && mine && done === null && row ? [reportAct(row), closeAct(row)] : [],
    };
  });
  return {
    id,
    name: tree.title,
    programme: programmeHolding(deps, (one) => one.trees.some((each) => each.id === id)),
    nodes,
    asOf: today,
  };
}

const REPORT: FormDeclaration = {
  id: 'task-report',
  version: '1',
  title: { zh: '报送进度', en: 'Report progress' },
  items: [
    {
      id: 'progress',
      text: { zh: '进度', en: 'Progress' },
      type: 'whole',
      unit: '%',
      min: 0,
      max: 100,
      required: true,
    },
    { id: 'note', text: { zh: '进展说明', en: 'What was done' }, type: 'long-text' },
    { id: 'evidence', text: { zh: '佐证材料', en: 'Evidence' }, type: 'file', repeats: true },
  ],
};

const shared = { needsReason: false, barred: null, answersAs: 'payload' } as const;

function reportAct(row: NodeRow): Act {
  const form = { declaration: REPORT, pickers: {}, prefill: { progress: row.progress }, last: {} };
  const command = { type: 'task.report', payload: { task: row.id } };
  return {
    ...shared,
    id: 'report',
    name: { zh: '报送进度', en: 'Report' },
    tone: 'main',
    form,
    command,
    final: false,
  };
}

function closeAct(row: NodeRow): Act {
  const command = { type: 'task.close', payload: { task: row.id } };
  return {
    ...shared,
    id: 'close',
    name: { zh: '销号', en: 'Close' },
    tone: 'plain',
    form: null,
    command,
    final: true,
  };
}
