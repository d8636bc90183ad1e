// Hands chosen cases over to one person with one reason; what nobody had taken on is claimed first.
import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { commands } from '../api/client.ts';
import { useToast } from '../app/toast.tsx';
import type { CommandAnswer, WorkItem } from '../contract.ts';
import { Bones, useErrorWords } from '../design/loaded.tsx';
import { type BulkEnd, refusedOf } from './work-refused.tsx';

const PickField = lazy(() =>
  import('../form/pick-field.tsx').then((module) => ({ default: module.PickField })),
);

interface WorkHandOverProps {
  readonly items: readonly WorkItem[];
  readonly close: () => void;
  readonly end: (bulk: BulkEnd) => void;
}

export function WorkHandOver({ items, close, end }: WorkHandOverProps) {
  const { t } = useTranslation();
  const toast = useToast();
  const words = useErrorWords();
  const queries = useQueryClient();
  const id = useId();
  const [to, setTo] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    try {
      const answers = await commands(items.flatMap((item) => handingOver(item, to!, reason.trim())));
      const told = new Map<string, CommandAnswer>();
      for (const [index, item] of items
        .flatMap((each) => handingOver(each, '', '').map(() => each))
        .entries())
        told.set(item.id, answers[index]!);
      const refused = refusedOf(
        items,
        items.map((item) => told.get(item.id)),
      );
      const done = items.length - refused.length;
      if (done > 0) toast(t('work.handedOver', { n: done }));
      end({ done, refused });
      close();
    } catch (error) {
      toast(words(error), { tone: 'late' });
      setBusy(false);
    }
    for (const key of ['work', 'home']) void queries.invalidateQueries({ queryKey: [key] });
  };
  return (
    <form
      className="stack work-hand-over"
      onSubmit={(event) => {
        event.preventDefault();
        if (to !== null && reason.trim() !== '') void run();
      }}
    >
      <div className="field">
        <label htmlFor={`${id}-to`}>{t('work.handOverTo')}</label>
        <Suspense fallback={<Bones rows={1} />}>
          <PickField
            id={`${id}-to`}
            item={{ id: 'to', text: { zh: '', en: '' }, type: 'reference' }}
            value={to}
            picker={{ kind: 'person' }}
            about={`${id}-to`}
            last={undefined}
            fault={undefined}
            onPaste={() => false}
            onChange={(value) => setTo(typeof value === 'string' ? value : null)}
          />
        </Suspense>
      </div>
      <div className="field">
        <label htmlFor={`${id}-why`}>{t('audit.reason')}</label>
        <input
          id={`${id}-why`}
          className="input"
          required
          maxLength={200}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </div>
      <span className="row">
        <button type="submit" className="button main" disabled={busy || to === null || reason.trim() === ''}>
          {t('work.handOver')}
        </button>
        <button type="button" className="button" onClick={close}>
          {t('act.cancel')}
        </button>
      </span>
    </form>
  );
}

function handingOver(item: WorkItem, to: string, reason: string) {
  const act = (event: string, more: object) => ({
    type: 'loop.act',
    subject: `Task/${item.id}`,
    payload: { case: item.id, event, ...more },
  });
  const over = act('$hand-over', { answers: { to }, reason });
  return item.claim === null ? [act('$claim', {}), over] : [over];
}
