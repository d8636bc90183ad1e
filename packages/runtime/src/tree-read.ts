// Reading trees: how far each area and each lead is, what is overdue.
import { type Database, sql } from '@yimai/postgres';

export interface TreeStatus {
  readonly node: string;
  readonly parent: string | null;
  readonly title: string;
  readonly leaf: boolean;
  readonly lead: string | null;
  readonly tasks: number;
  readonly done: number;
  readonly overdue: number;
  readonly progress: number;
}

/** Each node with the tasks below it: how many, how many done, how many late, mean progress; of one party only its own. */
export async function treeStatus(
  database: Database,
  tree: string,
  today: string,
  seenBy?: string,
): Promise<TreeStatus[]> {
  const { rows } = await database.run<TreeStatus>(sql`with recursive below as (
      select node as root, node, leaf from tree_node where tree = ${tree}
      union all
      select b.root, n.node, n.leaf from below b join tree_node n on n.tree = ${tree} and n.parent = b.node)
    select r.node, r.parent, r.title, r.leaf, r.lead,
      count(t.id)::int as tasks, count(t.done_at)::int as done,
      (count(t.id) filter (where t.done_at is null and t.due_date < ${today}::date))::int as overdue,
      coalesce(round(avg(t.progress)), 0)::int as progress
    from tree_node r join below b on b.root = r.node
    left join tree_node t on t.tree = ${tree} and t.node = b.node and t.leaf
      and (${seenBy ?? null}::text is null or t.lead = ${seenBy ?? null} or ${seenBy ?? null} = any(t.co_leads))
    where r.tree = ${tree} group by r.node, r.parent, r.title, r.leaf, r.lead
    having ${seenBy ?? null}::text is null or count(t.id) > 0 order by r.node`);
  return rows;
}

export interface LeadStatus {
  readonly lead: string | null;
  readonly tasks: number;
  readonly done: number;
  readonly overdue: number;
}

/** What each lead answers for. */
export async function treeByLead(database: Database, tree: string, today: string): Promise<LeadStatus[]> {
  const { rows } =
    await database.run<LeadStatus>(sql`select lead, count(*)::int as tasks, count(done_at)::int as done,
      (count(*) filter (where done_at is null and due_date < ${today}::date))::int as overdue
    from tree_node where tree = ${tree} and leaf group by lead order by lead`);
  return rows;
}

export async function overdueTasks(
  database: Database,
  tree: string,
  today: string,
): Promise<{ node: string; lead: string | null; due: string }[]> {
  const { rows } = await database.run<{
    node: string;
    lead: string | null;
    due: string;
  }>(sql`select node, lead, due_date::text as due
    from tree_node where tree = ${tree} and leaf and done_at is null and due_date < ${today}::date order by due_date, node`);
  return rows;
}
