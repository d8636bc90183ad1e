// Settlement lists in: a file, its report by row and column, and only then the import of all or of the good rows.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { download, post, upload } from '../api/client.ts';
import { useSay } from '../app/preferences.tsx';
import { Icon } from '../design/icon.tsx';
import { useErrorWords } from '../design/loaded.tsx';
import { State } from '../design/state.tsx';
import { dateTime } from '../design/time.ts';
import { FileDrop } from '../form/file-drop.tsx';
import '../pages/register.css';
import { RowButton } from './form-parts.tsx';
import { FundFrame } from './fund-frame.tsx';
import { FundTable } from './fund-table.tsx';
import type { FundListReport, FundListsImported, FundUnfinishedFiles } from './list-contract.ts';
import { useFundCommand } from './use-fund-command.ts';
import { useWords } from './words.ts';

export function FundListsPage() {
  const words = useWords();
  const errorWords = useErrorWords();
  const queries = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const check = useMutation({
    mutationFn: (chosen: File) => upload<FundListReport>('/desk/fund/lists/check', chosen),
  });
  const bring = useMutation({
    mutationFn: ({ chosen, good }: { chosen: File; good: boolean }) =>
      upload<FundListsImported>(`/desk/fund/lists/import${good ? '?goodRows=1' : ''}`, chosen),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['fund'] }),
  });
  const choose = (chosen: File) => {
    setFile(chosen);
    bring.reset();
    check.mutate(chosen);
  };
  const failed = check.error ?? bring.error;
  return (
    <FundFrame
      title={words.lists}
      text={words.listsText}
      tools={
        <button
          type="button"
          className="button"
          onClick={() => void download('/desk/fund/lists/template', {}, `${words.tabs.lists}.xlsx`)}
        >
          <Icon name="download" size={16} />
          {words.template}
        </button>
      }
    >
      {bring.data ? (
        <section className="panel">
          <div className="body between">
            <State kind="done" word={words.imported(bring.data.imported, bring.data.leftOut)} />
            <span className="row">
              <Link to="/fund" className="button main">
                {words.tabs.board}
              </Link>
              <button
                type="button"
                className="button"
                onClick={() => {
                  check.reset();
                  bring.reset();
                }}
              >
                {words.another}
              </button>
            </span>
          </div>
        </section>
      ) : (
        <FileDrop
          word={check.isPending ? words.reading : words.drop}
          accept=".xlsx,.csv,.jsonl,.ndjson,.json"
          busy={check.isPending}
          choose={choose}
        />
      )}
      <Unfinished />
      {failed && (
        <p className="note late" role="alert">
          <Icon name="alert" size={16} />
          {errorWords(failed)}
        </p>
      )}
      {check.data && !bring.data && (
        <Report
          report={check.data}
          busy={bring.isPending}
          bring={(good) => file && bring.mutate({ chosen: file, good })}
        />
      )}
    </FundFrame>
  );
}

/** Long files that stopped half-way: to be sent again, or given up so that another file may bring their lists. */
function Unfinished() {
  const words = useWords();
  const { send, busy } = useFundCommand({ done: words.fileDropped, saysFault: true });
  const query = useQuery({
    queryKey: ['fund', 'unfinished'],
    queryFn: ({ signal }) => post<FundUnfinishedFiles>('/desk/fund/lists/unfinished', {}, signal),
  });
  return query.data?.files.map(({ batch, begunAt }) => (
    <p key={batch} className="note soon">
      <Icon name="alert" size={16} />
      <span>{words.unfinished(dateTime(begunAt))}</span>
      <RowButton
        word={words.dropFile}
        of={dateTime(begunAt)}
        busy={busy}
        press={() => send('settlement-list.drop', { batch })}
      />
    </p>
  ));
}

interface ReportProps {
  readonly report: FundListReport;
  readonly busy: boolean;
  readonly bring: (goodOnly: boolean) => void;
}

function Report({ report, busy, bring }: ReportProps) {
  const words = useWords();
  const say = useSay();
  return (
    <>
      <section className="panel">
        <div className="body between">
          <span className="stack tight">
            <strong className="import-counts">{words.report(report.rows, report.good, report.bad)}</strong>
            {report.warnings > 0 && <span className="muted">{words.warningsCount(report.warnings)}</span>}
            {report.missingColumns.length > 0 && (
              <span className="field-error">{words.missingColumns(report.missingColumns.join('、'))}</span>
            )}
          </span>
          <button
            type="button"
            className="button main"
            disabled={busy || report.good === 0}
            onClick={() => bring(report.bad > 0)}
          >
            {report.bad > 0 ? words.importGood(report.good) : words.importAll}
          </button>
        </div>
      </section>
      {report.problems.length > 0 && (
        <section className="panel">
          <FundTable<FundListReport['problems'][number]>
            label={words.problem}
            rows={report.problems}
            keyOf={({ row, column, code }, index) => `${row} ${column} ${code} ${index}`}
            columns={[
              { head: words.fileRow, kind: 'number', cell: ({ row }) => row },
              { head: words.column, kind: 'nowrap', cell: ({ column }) => column },
              { head: words.written, cell: ({ value }) => <code>{value || '—'}</code> },
              {
                head: words.problem,
                cell: ({ severity, detail, code }) => (
                  <span className="row">
                    <State
                      kind={severity === 'error' ? 'late' : 'due-soon'}
                      word={words.severities[severity] ?? ''}
                    />
                    <span>{say(detail)}</span>
                    <code className="muted small">{code}</code>
                  </span>
                ),
              },
            ]}
          />
          {report.more > 0 && <footer className="muted">{words.moreProblems(report.more)}</footer>}
        </section>
      )}
    </>
  );
}
