// What the county works with right now: queues of the diagnostic centres, beds, and the fund against the year.
import type { Pulse } from '@yimai/desk/contract';
import type { LocalDate, Text } from '@yimai/kit';
import type { OrgFact } from '@yimai/measures';
import type { OpenFigures } from './figure-shelf.ts';

const CENTRES: Readonly<Record<string, Text>> = {
  'remote-imaging': { zh: '影像诊断中心', en: 'Imaging centre' },
  'remote-ecg': { zh: '心电诊断中心', en: 'ECG centre' },
  'remote-pathology': { zh: '病理诊断中心', en: 'Pathology centre' },
  'remote-test': { zh: '检验中心', en: 'Laboratory centre' },
  'remote-consultation': { zh: '远程会诊中心', en: 'Consultation centre' },
};

export interface Means {
  readonly queues: Pulse['queues'];
  readonly beds: Pulse['beds'];
  readonly fundByMonth: Pulse['fundByMonth'];
}

export async function meansOf(figures: OpenFigures, county: OrgFact, today: LocalDate): Promise<Means> {
  return {
    queues: await queuesOf(figures, today),
    beds: await bedsOf(figures, county, today),
    fundByMonth: await fundOf(figures, county, today),
  };
}

/** Requests that wait for a report, since when the oldest waits, and what was reported today. */
async function queuesOf({ snapshot }: OpenFigures, today: LocalDate): Promise<Pulse['queues']> {
  const kinds = Object.keys(CENTRES);
  const reader = await snapshot.connection.runAndReadAll(
    `select kind, count(*) filter (where status in ('requested', 'received', 'accepted', 'ready', 'in-progress')),
        min(opened_at) filter (where status in ('requested', 'received', 'accepted', 'ready', 'in-progress')),
        count(*) filter (where status = 'completed' and left(done_at, 10) = $1)
      from task where kind in (${kinds.map((_, index) => `$${index + 2}`).join(', ')}) group by 1 order by 1`,
    [today, ...kinds],
  );
  return reader.getRows().map(([kind, waiting, oldest, done]) => ({
    id: String(kind),
    name: CENTRES[String(kind)]!,
    waiting: Number(waiting),
    oldest: oldest === null ? null : String(oldest),
    doneToday: Number(done),
  }));
}

/** Stays that have begun and not ended against the beds last reported as open. */
async function bedsOf(
  { snapshot, engine }: OpenFigures,
  county: OrgFact,
  today: LocalDate,
): Promise<Pulse['beds']> {
  const reader = await snapshot.connection.runAndReadAll(
    `with open_beds as (select org, arg_max(value, started_at) as open from reported_line
        where line = 'open-beds' and status = 'complete' and started_at <= $1 group by 1),
      lying as (select s.scope as org, count(*) as taken from encounter v join org_scope s on s.org = v.org
        where v.class = 'IMP' and v.status in ('in-progress', 'onleave') and v.ended_at is null group by 1)
      select b.org, b.open, coalesce(l.taken, 0) from open_beds b left join lying l using (org)
      join org_fact f on f.org = b.org where f.county = $2 and b.open > 0 order by 2 desc, 1`,
    [today, county.id],
  );
  return reader.getRows().map(([org, open, taken]) => ({
    id: String(org),
    name: engine.tree.orgs.get(String(org))?.name ?? String(org),
    open: Number(open),
    taken: Number(taken),
  }));
}

/** What the fund paid for the county's insured, month by month, added up; beside it the year before. */
async function fundOf(
  { snapshot }: OpenFigures,
  county: OrgFact,
  today: LocalDate,
): Promise<Pulse['fundByMonth']> {
  const year = Number(today.slice(0, 4));
  const reader = await snapshot.connection.runAndReadAll(
    `select left(ended_at, 7), cast(sum(cast(round(fund_yuan * 100) as bigint)) as double) / 100
      from settlement v join org_fact f on f.org = v.insurer
      where f.county = $1 and v.status = 'active' and v.outcome = 'complete'
        and v.ended_at >= $2 and v.ended_at < $3 group by 1`,
    [county.id, `${year - 1}-01-01`, `${year + 1}-01-01`],
  );
  const paid = new Map(reader.getRows().map(([month, yuan]) => [String(month), Number(yuan)]));
  if (paid.size === 0) return [];
  const first = [...paid.keys()].sort()[0]!;
  let [sum, before] = [0, 0];
  return Array.from({ length: 12 }, (_, index) => {
    const month = String(index + 1).padStart(2, '0');
    sum += paid.get(`${year}-${month}`) ?? 0;
    before += paid.get(`${year - 1}-${month}`) ?? 0;
    // A year of which the record has only a part is not drawn: it would look cheap.
    return {
      month: `${year}-${month}`,
      paid: `${year}-${month}` <= today.slice(0, 7) ? Math.round(sum * 100) / 100 : null,
      before: first > `${year - 1}-01` ? null : Math.round(before * 100) / 100,
    };
  });
}
