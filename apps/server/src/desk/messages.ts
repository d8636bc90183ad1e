// Messages in a case: a command writes a Communication about its Task; the case page shows them in the time line.
import type { TimelineEntry } from '@yimai/desk/contract';
import { ok, type Result, refuse } from '@yimai/kit';
import type { CommandHandler } from '@yimai/record';
import type { DeskDeps, Reader } from './desk-deps.ts';
import { type Json, namesOf, searchPage } from './resources.ts';

interface MessagePayload {
  readonly case: string;
  readonly text: string;
}

const LONGEST = 2000;

/** `case.message {case, text}`: whoever may see a case may write to those who are in it. */
export function messageCommand(): CommandHandler<MessagePayload> {
  return {
    type: 'case.message',
    parse(payload): Result<MessagePayload> {
      const { case: id, text } = (payload ?? {}) as Partial<MessagePayload>;
      if (typeof id !== 'string' || id === '')
        return wrong('payload.case', '缺少事项', 'the case is missing');
      if (typeof text !== 'string' || text.trim() === '' || text.length > LONGEST)
        return wrong('payload.text', `请写 1 至 ${LONGEST} 个字`, `write 1 to ${LONGEST} characters`);
      return ok({ case: id, text: text.trim() });
    },
    async apply(tx, command, payload) {
      const found = await tx.read('Task', payload.case);
      if (!found)
        return refuse(
          'case-unknown',
          { zh: '没有这件事', en: 'there is no such case' },
          { at: 'payload.case' },
        );
      const { actor } = tx.access;
      const sender = actor.practitioner ? await tx.nameOf(actor.practitioner) : null;
      const org = { reference: `Organization/${command.actingAs.org}` };
      const row = await tx.create(
        {
          resourceType: 'Communication',
          status: 'completed',
          partOf: [{ reference: `Task/${payload.case}` }],
          ...(found.resource['for'] ? { subject: found.resource['for'] } : {}),
          ...recipientsOf(found.resource),
          sender: sender ? { reference: `${sender.type}/${sender.id}` } : org,
          sent: tx.recordedAt.toISOString(),
          payload: [{ contentString: payload.text }],
        },
        {
          engine: 'desk',
          labels: {
            kind: found.row.kind,
            org: found.row.org,
            patient: found.row.patient,
            locks: found.row.locks,
          },
        },
      );
      return ok({ message: row.fhirId });
    },
  };
}

/** Everyone who is a party to the case hears it: the houses and people that its Task names. */
function recipientsOf(task: Json): { recipient?: readonly Json[] } {
  const parties: Json[] = task.restriction?.recipient ?? [];
  const heard = parties.filter((party) => /^(Organization|Practitioner)\//.test(party.reference ?? ''));
  return heard.length > 0 ? { recipient: heard } : {};
}

const wrong = (at: string, zh: string, en: string) => refuse('payload-invalid', { zh, en }, { at });

export async function messagesOf(deps: DeskDeps, reader: Reader, caseId: string): Promise<TimelineEntry[]> {
  const partOf = encodeURIComponent(`Task/${caseId}`);
  const page = await searchPage(
    deps,
    reader.access,
    'Communication',
    `_sort=sent&_count=100&part-of=${partOf}`,
  ).catch(() => null);
  if (!page) return [];
  const names = await namesOf(
    deps,
    reader,
    page.items.map((each) => each.resource.sender?.reference),
  );
  return page.items.map(({ resource }) => toEntry(resource, names));
}

function toEntry(resource: Json, names: ReadonlyMap<string, string>): TimelineEntry {
  return {
    id: `m-${resource.id}`,
    at: resource.sent,
    recordedAt: resource.meta?.lastUpdated ?? resource.sent,
    kind: 'message',
    title: { zh: '留言', en: 'Message' },
    who: names.get(resource.sender?.reference) ?? null,
    org: null,
    from: null,
    to: null,
    answers: [],
    note: resource.payload?.[0]?.contentString ?? '',
    files: [],
  };
}
