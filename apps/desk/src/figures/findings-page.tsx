// Findings of data quality: check, owner, how many rows, the correction that was opened; the rows as the reader may see them.
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { get } from '../api/client.ts';
import { useSay } from '../app/preferences.tsx';
import { Blank, Bones, Loaded } from '../design/loaded.tsx';
import { ScrollBox } from '../design/scroll-box.tsx';
import type { FigureCase, QualityPage } from './contract.ts';
import './figures.css';
import { clockText } from './format.ts';
import { Behind } from './table-result.tsx';
import { useTableWords } from './table-words.ts';
import { query } from './use-figures.ts';
import { useWords } from './words.ts';

const MONTHS = 12;

/** This month and the eleven before it, newest first. */
function months(): readonly string[] {
  const now = new Date();
  return Array.from({ length: MONTHS }, (_, back) => {
    const at = now.getFullYear() * 12 + now.getMonth() - back;
    return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`;
  });
}

export function FindingsPage() {
  const words = useTableWords();
  const figures = useWords();
  const [period, choose] = useState(months()[0]!);
  const page = useQuery({
    queryKey: ['figures', 'quality', period],
    queryFn: ({ signal }) => get<QualityPage>(`/desk/quality?${query({ period })}`, signal),
  });
  return (
    <div className="page figures">
      <header className="page-head">
        <div>
          <h1>{words.findings}</h1>
          <p>{words.findingsIntro}</p>
        </div>
        <select
          className="input"
          style={{ maxWidth: 160 }}
          aria-label={figures.period}
          value={period}
          onChange={(event) => choose(event.target.value)}
        >
          {months().map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      </header>
      <Loaded query={page} bones={<Bones rows={8} />}>
        {(data) => <Findings data={data} />}
      </Loaded>
    </div>
  );
}

function Findings({ data }: { readonly data: QualityPage }) {
  const words = useTableWords();
  const figures = useWords();
  const say = useSay();
  const rows = useMutation({
    mutationFn: (asked: { check: string; owner: string }) =>
      get<{ cases: readonly FigureCase[] }>(`/desk/quality/rows?${query({ ...asked, period: data.period })}`),
  });
  return (
    <section className="panel" aria-label={words.findings}>
      <header>
        <h2>
          {data.period}{' '}
          {data.findings.length > 0 && (
            <span className="muted small">{words.findingCount(data.findings.length)}</span>
          )}
        </h2>
        {data.dataAt && (
          <span className="muted small">
            {figures.asOf} {clockText(data.dataAt)}
          </span>
        )}
      </header>
      {data.findings.length === 0 ? (
        <Blank title={words.findingsNone}>
          <p>{data.checks.map((check) => say(check.name)).join('、')}</p>
        </Blank>
      ) : (
        <ScrollBox label={words.findings}>
          <table className="table">
            <thead>
              <tr>
                <th>{words.check}</th>
                <th>{words.responsible}</th>
                <th>{words.found}</th>
                <th>{words.correction}</th>
              </tr>
            </thead>
            <tbody>
              {data.findings.map((finding) => (
                <tr key={`${finding.check} ${finding.owner.id}`}>
                  <td>{say(finding.name)}</td>
                  <td>{finding.owner.name}</td>
                  <td>
                    <button
                      type="button"
                      className="link-button"
                      onClick={() => rows.mutate({ check: finding.check, owner: finding.owner.id })}
                    >
                      {say(finding.detail)}
                    </button>
                  </td>
                  <td>
                    {finding.case ? (
                      <Link to="/cases/$caseId" params={{ caseId: finding.case.id }}>
                        {finding.case.state}
                      </Link>
                    ) : (
                      <span className="muted">{words.noCorrection}</span>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
      )}
      {rows.data && <Behind cases={rows.data.cases} close={() => rows.reset()} />}
    </section>
  );
}
