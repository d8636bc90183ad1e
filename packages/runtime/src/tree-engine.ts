// Trees of tasks: areas hold tasks, tasks have a lead, co-leads, a due date and evidence; progress rolls up.
import type { Task } from '@medplum/fhirtypes';
import { ok, type Result, refuse, uuidv7 } from '@yimai/kit';
import { type Actor, type CaseData, dayOfDate, endOfDay } from '@yimai/loops';
import { sql } from '@yimai/postgres';
import { type CommandHandler, ENGINE_TAG_SYSTEM, type RecordTx, type Resource } from '@yimai/record';
import { mustHoldRole } from './actor.ts';
import { declared, type RuntimeContext, SYSTEMS } from './context.ts';
import type { DueHandler } from './due-runner.ts';
import { handler } from './handler.ts';
import type { TreeDeclaration, TreeNodeDeclaration } from './programme.ts';
import { isObject, list, optionalDate, optionalText, text, texts, whole } from './read-payload.ts';

interface Node {
  readonly id: string;
  readonly parent: string | null;
  readonly leaf: boolean;
  readonly title: string;
  readonly due: string | null;
  readonly lead: string | null;
  readonly coLeads: readonly string[];
}

function flatten(nodes: readonly TreeNodeDeclaration[], parent: string | null): Node[] {
  return nodes.flatMap((node): Node[] => {
    const inner = flatten(node.nodes ?? [], node.id);
    const own: Node = {
      id: node.id,
      parent,
      leaf: node.nodes === undefined,
      title: node.title.zh,
      due: node.due ?? null,
      lead: node.lead ?? null,
      coLeads: node.with ?? [],
    };
    return [own, ...inner];
  });
}

/** Adds the declared nodes (once) and the rows given; a wrong row refuses the whole list, so that no half tree stands. */
async function loadTree(
  context: RuntimeContext,
  tx: RecordTx,
  id: string,
  rows: readonly unknown[],
  actor: Actor,
): Promise<Result<unknown>> {
  const found = declared(context.trees, id, 'payload.tree');
  if (!found.ok) return found;
  const tree = found.value;
  const allowed = mustHoldRole(tx, tree.by);
  if (!allowed.ok) return allowed;
  const fixed = flatten(tree.nodes, null);
  const areas = areasOf(fixed);
  const added: Node[] = [];
  for (const [index, row] of rows.entries()) {
    const node = readRow(row, index, areas);
    if (!node.ok) return node;
    added.push(node.value);
  }
  const parents = new Set(added.map((node) => node.parent));
  const nodes = [...fixed.map((node) => (parents.has(node.id) ? { ...node, leaf: false } : node)), ...added];
  const counted = checkCounts(tree, nodes);
  if (!counted.ok) return counted;
  const ids = new Map(nodes.map((node) => [node.id, `${tree.id}-${node.id}`]));
  for (const node of nodes) await writeNode(tx, tree, node, ids, actor);
  return ok({
    areas: nodes.filter((node) => !node.leaf).length,
    tasks: nodes.filter((node) => node.leaf).length,
  });
}

/** Tasks hang under the lowest declared areas: a node that holds areas of its own is too high. */
function areasOf(fixed: readonly Node[]): Set<string> {
  const holders = new Set(fixed.filter((node) => !node.leaf).map((node) => node.parent));
  return new Set(fixed.filter((node) => !holders.has(node.id)).map((node) => node.id));
}

/** One task more, hung by a case: what it came from stays on it. */
export async function hangTask(
  context: RuntimeContext,
  tx: RecordTx,
  id: string,
  row: CaseData,
  source: string,
  actor: Actor,
): Promise<Result<{ task: string }>> {
  const found = declared(context.trees, id, 'payload.tree');
  if (!found.ok) return found;
  const fixed = flatten(found.value.nodes, null);
  const own = { ...row, id: row['id'] ?? `from-${source.replace(/^Task\//, '')}` };
  const read = readRow(own, 0, areasOf(fixed));
  if (!read.ok) return read;
  const ids = new Map([...fixed, read.value].map((node) => [node.id, `${id}-${node.id}`]));
  await writeNode(tx, found.value, read.value, ids, actor, source);
  return ok({ task: `${id}-${read.value.id}` });
}

function readRow(row: unknown, index: number, areas: ReadonlySet<string>): Result<Node> {
  const at = `payload.tasks[${index}]`;
  if (!isObject(row)) return refuse('payload-invalid', { zh: '应为对象', en: 'should be an object' }, { at });
  const word = (key: string): string | null =>
    typeof row[key] === 'string' && row[key] !== '' ? (row[key] as string) : null;
  const area = word('area');
  if (area === null || !areas.has(area)) {
    return refuse(
      'area-missing',
      { zh: `第 ${index + 1} 项任务没有所属方面`, en: `task ${index + 1} belongs to no area` },
      { at: `${at}.area` },
    );
  }
  const [id, title] = [word('id'), word('title')];
  if (id === null || title === null)
    return refuse('field-missing', { zh: '任务须有编号和名称', en: 'a task needs id and title' }, { at });
  const coLeads = Array.isArray(row['with'])
    ? row['with'].filter((one): one is string => typeof one === 'string')
    : [];
  return ok({ id, parent: area, leaf: true, title, due: word('due'), lead: word('lead'), coLeads });
}

function checkCounts(tree: TreeDeclaration, nodes: readonly Node[]): Result<void> {
  const areas = nodes.filter((node) => node.parent === null).length;
  const tasks = nodes.filter((node) => node.leaf).length;
  const wanted = tree.counts;
  if (wanted?.areas !== undefined && areas !== wanted.areas) {
    return refuse(
      'count-wrong',
      {
        zh: `应有 ${wanted.areas} 个方面，实有 ${areas} 个`,
        en: `${wanted.areas} areas expected, ${areas} given`,
      },
      { at: 'payload.tasks' },
    );
  }
  if (wanted?.tasks !== undefined && tasks !== wanted.tasks) {
    return refuse(
      'count-wrong',
      {
        zh: `应有 ${wanted.tasks} 项任务，实有 ${tasks} 项`,
        en: `${wanted.tasks} tasks expected, ${tasks} given`,
      },
      { at: 'payload.tasks' },
    );
  }
  return ok(undefined);
}

async function writeNode(
  tx: RecordTx,
  tree: TreeDeclaration,
  node: Node,
  ids: ReadonlyMap<string, string>,
  actor: Actor,
  source?: string,
): Promise<void> {
  const id = ids.get(node.id)!;
  const { rowCount } =
    await tx.run(sql`insert into tree_node (id, tree, node, parent, leaf, title, lead, co_leads, due_date)
    values (${id}, ${tree.id}, ${node.id}, ${node.parent}, ${node.leaf}, ${node.title}, ${node.lead}, ${[...node.coLeads]},
      ${node.due}::date) on conflict (tree, node) do nothing`);
  if (rowCount === 0) return;
  const requester = /^Organization\//.test(actor.organisation) ? actor.organisation : undefined;
  const owner = node.lead?.startsWith('Organization/') ? node.lead : undefined;
  const task: Task = {
    resourceType: 'Task',
    id,
    meta: { tag: [{ system: ENGINE_TAG_SYSTEM, code: 'tree' }] },
    status: 'requested',
    intent: 'plan',
    code: { coding: [{ system: SYSTEMS.tree, code: tree.id, display: tree.title.zh }], text: tree.title.zh },
    description: node.title,
    ...(node.parent === null
      ? {}
      : { partOf: [{ reference: `Task/${ids.get(node.parent) ?? `${tree.id}-${node.parent}`}` }] }),
    ...(source === undefined ? {} : { basedOn: [{ reference: source }] }),
    ...(requester === undefined ? {} : { requester: { reference: requester } }),
    ...(owner === undefined ? {} : { owner: { reference: owner } }),
    ...(node.due === null ? {} : { restriction: { period: { end: node.due } } }),
  };
  await tx.create(task as unknown as Resource, { id, engine: 'tree' });
  if (node.leaf && node.due !== null) await watchDue(tx, id, node.due);
}

async function watchDue(tx: RecordTx, id: string, due: string): Promise<void> {
  const late = new Date(endOfDay(dayOfDate(due as never)) + 1);
  await tx.run(sql`insert into due_time (id, mechanism, at, target, key) values (${`${id}|due`}, 'tree', ${late}, ${id}, 'due')
    on conflict (id) do update set at = excluded.at`);
}

interface NodeRow {
  id: string;
  tree: string;
  title: string;
  leaf: boolean;
  lead: string | null;
  co_leads: string[];
  evidence: string[];
  reported: string[];
  done_at: Date | null;
}

const NODE = sql`id, tree, title, leaf, lead, co_leads, evidence, reported, done_at`;

async function lockTask(
  context: RuntimeContext,
  tx: RecordTx,
  id: string,
  actor: Actor,
): Promise<Result<NodeRow>> {
  const { rows } = await tx.run<NodeRow>(sql`select ${NODE} from tree_node where id = ${id} for update`);
  const node = rows[0];
  if (!node?.leaf)
    return refuse(
      'task-unknown',
      { zh: '没有这项任务', en: 'there is no such task' },
      { at: 'payload.task' },
    );
  if (node.done_at !== null)
    return refuse('task-closed', { zh: '任务已销号', en: 'the task is closed' }, { at: 'payload.task' });
  const answering = [node.lead, ...node.co_leads].filter((one) => one !== null);
  const tree = context.trees.get(node.tree);
  const mayAll = tree !== undefined && mustHoldRole(tx, tree.by).ok;
  if (!mayAll && !answering.includes(actor.organisation)) {
    return refuse(
      'not-your-task',
      { zh: '本单位不是该任务的牵头或配合单位', en: 'your house neither leads nor supports this task' },
      { at: 'actingAs.org' },
    );
  }
  return ok(node);
}

async function updateTask(tx: RecordTx, id: string, change: Partial<Task>): Promise<void> {
  const found = await tx.readAsSystem('Task', id, { forUpdate: true });
  if (found)
    await tx.update({ ...(found.resource as object), ...change } as unknown as Resource, { engine: 'tree' });
}

export function treeCommands(context: RuntimeContext): CommandHandler<never>[] {
  return [
    handler(
      'tree.load',
      {
        tree: text,
        tasks: (payload, key) => (payload[key] === undefined ? ok([]) : list(payload, key, 2_000)),
      },
      (tx, { tree, tasks }, actor) => loadTree(context, tx, tree, tasks, actor),
    ),
    handler(
      'task.report',
      {
        task: text,
        progress: (payload, key) => whole(payload, key),
        note: optionalText,
        evidence: texts,
        by: optionalText,
      },
      async (tx, { task, progress, note, evidence, by }, actor) => {
        const found = await lockTask(context, tx, task, actor);
        if (!found.ok) return found;
        if (progress > 100)
          return refuse(
            'payload-invalid',
            { zh: '进度为 0 至 100', en: 'progress is 0 to 100' },
            { at: 'payload.progress' },
          );
        const office = context.trees.get(found.value.tree)?.by ?? [];
        if (by !== undefined && by !== actor.organisation && !mustHoldRole(tx, office).ok) {
          return refuse(
            'reports-for-other',
            { zh: '不能替其他单位报送', en: 'your house cannot report for another' },
            { at: 'payload.by' },
          );
        }
        const all = [...new Set([...found.value.evidence, ...evidence])];
        const reporter = by ?? actor.organisation;
        const reported = [...new Set([...found.value.reported, reporter])];
        await tx.run(
          sql`update tree_node set progress = ${progress}, evidence = ${all}, reported = ${reported} where id = ${task}`,
        );
        await updateTask(tx, task, {
          status: 'in-progress',
          ...(note === undefined ? {} : { note: [{ text: note }] }),
        });
        return ok({ task, progress, evidence: all.length });
      },
    ),
    handler(
      'task.assign',
      { task: text, lead: text, with: texts, due: optionalDate },
      async (tx, { task, lead, with: coLeads, due }, actor) => {
        const found = await lockTask(context, tx, task, actor);
        if (!found.ok) return found;
        const allowed = mustHoldRole(tx, context.trees.get(found.value.tree)?.by ?? []);
        if (!allowed.ok) return allowed;
        await tx.run(sql`update tree_node set lead = ${lead}, co_leads = ${coLeads.filter((one) => one !== lead)},
          due_date = coalesce(${due ?? null}::date, due_date) where id = ${task}`);
        if (due !== undefined) await watchDue(tx, task, due);
        await updateTask(tx, task, {
          ...(lead.startsWith('Organization/') ? { owner: { reference: lead } } : {}),
          ...(due === undefined ? {} : { restriction: { period: { end: due } } }),
        });
        return ok({ task, lead });
      },
    ),
    handler('task.close', { task: text }, async (tx, { task }, actor) => {
      const found = await lockTask(context, tx, task, actor);
      if (!found.ok) return found;
      const node = found.value;
      if (context.trees.get(node.tree)?.evidence && node.evidence.length === 0) {
        return refuse(
          'evidence-missing',
          { zh: '没有佐证材料，不能销号', en: 'a task without evidence cannot be closed' },
          { at: 'payload.task' },
        );
      }
      const silent = node.co_leads.filter((one) => !node.reported.includes(one));
      if (silent.length > 0) {
        return refuse(
          'report-missing',
          {
            zh: `配合单位尚未报送：${silent.join('、')}`,
            en: `these have not reported: ${silent.join(', ')}`,
          },
          { at: 'payload.task' },
        );
      }
      await tx.run(sql`update tree_node set done_at = ${tx.recordedAt}, progress = 100 where id = ${task}`);
      await tx.run(sql`delete from due_time where target = ${task}`);
      await updateTask(tx, task, { status: 'completed' });
      return ok({ task });
    }),
  ];
}

/** A task that passes its due date is told to its lead and to the office that keeps the tree. */
export function treeDue(context: RuntimeContext): DueHandler {
  return async (tx, row) => {
    const { rows } = await tx.run<NodeRow>(sql`select ${NODE} from tree_node where id = ${row.target}`);
    const node = rows[0];
    if (!node || node.done_at !== null) return;
    const tree = context.trees.get(node.tree);
    const told: readonly (readonly [string | null, readonly string[]])[] = [
      [node.lead, []],
      [null, tree?.by ?? []],
    ];
    for (const [org, roles] of told) {
      await tx.run(sql`insert into notice (id, at, org, roles, about, text_zh, text_en)
        values (${uuidv7(tx.recordedAt.getTime())}, ${tx.recordedAt}, ${org}, ${[...roles]}, 'overdue',
          ${`任务逾期：${node.title}`}, ${`task overdue: ${node.title}`})`);
    }
  };
}
