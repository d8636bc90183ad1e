// Warnings of stays as a work list: in the ward, at discharge, afterwards; each answered with a reason, none twice.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { command, post } from '../api/client.ts';
import { usePreferences, useSay } from '../app/preferences.tsx';
import { useToast } from '../app/toast.tsx';
import { Icon } from '../design/icon.tsx';
import { Blank, Loaded, useErrorWords } from '../design/loaded.tsx';
import { State } from '../design/state.tsx';
import { dateTime } from '../design/time.ts';
import { ReasonForm } from './form-parts.tsx';
import { FundFrame } from './fund-frame.tsx';
import { FundPanel, FundTable } from './fund-table.tsx';
import { Select } from './select.tsx';
import type { FundWarning, FundWarningList } from './warnings-contract.ts';

const zh = {
  title: '病例预警',
  text: '在院、出院、出院后三个环节的提醒；界限来自支付规则。在院只比对候选病组，不据此编码。处理须写明理由。',
  month: '月份',
  stage: '环节',
  stages: { 'in-stay': '在院', discharge: '出院', after: '出院后' },
  all: '全部',
  open: '待处理',
  show: '显示',
  list: '清单',
  house: '机构',
  group: '病组（候选）',
  warning: '预警',
  answer: '处理',
  answerIt: '处理',
  reason: '理由或处理情况',
  send: '确认已处理',
  sent: '已处理',
  none: '没有预警',
  noneText: '这个月没有达到支付规则中预警界限的病例。',
  count: (open: number, of: number) => `${of} 条预警，${open} 条待处理`,
  overall: '本年机构与基金',
  more: (n: number) => `另有 ${n} 条未列出`,
};
type Words = typeof zh;
const en: Words = {
  title: 'Warnings of stays',
  text: 'In the ward, at discharge and afterwards; the limits are rows of the payment rules. A running stay is compared with a candidate group only. Every answer has a reason.',
  month: 'Month',
  stage: 'Stage',
  stages: { 'in-stay': 'In the ward', discharge: 'At discharge', after: 'Afterwards' },
  all: 'All',
  open: 'Open',
  show: 'Show',
  list: 'List',
  house: 'House',
  group: 'Group (candidate)',
  warning: 'Warning',
  answer: 'Answer',
  answerIt: 'Answer',
  reason: 'Reason, or what was done',
  send: 'Confirm',
  sent: 'Answered',
  none: 'No warnings',
  noneText: 'No stay of this month reaches a limit of the payment rules.',
  count: (open, of) => `${of} warnings, ${open} open`,
  overall: 'Houses and fund this year',
  more: (n) => `${n} more are not listed`,
};

const useWords = (): Words => (usePreferences().preferences.language === 'en' ? en : zh);
const route = getRouteApi('/fund/warnings');

export function FundWarningsPage() {
  const words = useWords();
  const { month } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery({
    queryKey: ['fund', 'warnings', month ?? ''],
    queryFn: ({ signal }) => post<FundWarningList>('/desk/fund/warnings', month ? { month } : {}, signal),
  });
  return (
    <FundFrame
      title={words.title}
      text={words.text}
      tools={
        query.data && (
          <Select
            label={words.month}
            value={query.data.month}
            options={query.data.months.map((one) => ({ value: one, word: one }))}
            change={(next) => void navigate({ search: { month: next } })}
          />
        )
      }
    >
      <Loaded query={query}>{(list) => <List list={list} />}</Loaded>
    </FundFrame>
  );
}

function List({ list }: { readonly list: FundWarningList }) {
  const words = useWords();
  const say = useSay();
  const [stage, setStage] = useState('');
  const [onlyOpen, setOnlyOpen] = useState(true);
  if (list.items.length === 0)
    return (
      <>
        <Overall list={list} />
        <Blank title={words.none}>
          <p>{words.noneText}</p>
        </Blank>
      </>
    );
  const shown = list.items.filter(
    (one) => (stage === '' || one.stage === stage) && (!onlyOpen || one.answer === null),
  );
  const open = list.items.filter(({ answer }) => answer === null).length;
  return (
    <>
      <Overall list={list} />
      <div className="fund-filters">
        <Select
          label={words.stage}
          value={stage}
          options={[
            { value: '', word: words.all },
            ...Object.entries(words.stages).map(([value, word]) => ({ value, word })),
          ]}
          change={setStage}
        />
        <Select
          label={words.show}
          value={onlyOpen ? 'open' : ''}
          options={[
            { value: 'open', word: words.open },
            { value: '', word: words.all },
          ]}
          change={(next) => setOnlyOpen(next === 'open')}
        />
        <span className="muted small">{words.count(open, list.items.length)}</span>
      </div>
      <FundPanel title={words.title}>
        <FundTable<FundWarning>
          label={words.title}
          rows={shown}
          keyOf={({ stay, code }) => `${stay} ${code}`}
          columns={[
            { head: words.stage, cell: (one) => words.stages[one.stage], kind: 'nowrap' },
            { head: words.warning, cell: ({ text }) => say(text), kind: 'name' },
            {
              head: words.list,
              cell: ({ stage: at, stay }) =>
                at === 'in-stay' ? (
                  <code className="small">{stay}</code>
                ) : (
                  <Link to="/fund/cases/$caseId" params={{ caseId: stay }}>
                    {stay}
                  </Link>
                ),
            },
            { head: words.house, cell: ({ house }) => house.name, kind: 'name' },
            { head: words.group, cell: ({ group }) => <span className="fund-code">{group || '—'}</span> },
            {
              head: words.answer,
              kind: 'name',
              cell: (one) => <Answered warning={one} may={list.may.answer} />,
            },
          ]}
        />
        {list.more > 0 && <footer className="muted">{words.more(list.more)}</footer>}
      </FundPanel>
    </>
  );
}

/** What no single list answers for: the houses' shares and the pace of the fund. */
function Overall({ list: { overall } }: { readonly list: FundWarningList }) {
  const words = useWords();
  const say = useSay();
  if (overall.length === 0) return null;
  return (
    <section className="note soon" aria-label={words.overall}>
      <Icon name="alert" size={16} />
      <div className="stack tight">
        <strong>{words.overall}</strong>
        <ul>
          {overall.map((warning) => (
            <li key={warning.zh}>{say(warning)}</li>
          ))}
        </ul>
      </div>
    </section>
  );
}

function Answered({ warning, may }: { readonly warning: FundWarning; readonly may: boolean }) {
  const words = useWords();
  const toast = useToast();
  const errorWords = useErrorWords();
  const queries = useQueryClient();
  const [open, setOpen] = useState(false);
  const { stay, code, answer } = warning;
  const send = useMutation({
    mutationFn: (reason: string) => command({ type: 'warning.acknowledge', payload: { stay, code, reason } }),
    onSuccess: () => {
      toast(words.sent);
      return queries.invalidateQueries({ queryKey: ['fund', 'warnings'] });
    },
  });
  if (answer !== null)
    return (
      <span className="stack tight small">
        <State kind="done" word={answer.reason} />
        <span className="muted">
          {answer.by} {dateTime(answer.at)}
        </span>
      </span>
    );
  if (!may) return <State kind="waiting" word={words.open} />;
  if (!open)
    return (
      <button type="button" className="button" onClick={() => setOpen(true)}>
        {words.answerIt}
        <span className="sr"> {`${stay} ${code}`}</span>
      </button>
    );
  return (
    <ReasonForm
      label={words.reason}
      busy={send.isPending}
      fault={send.isError ? errorWords(send.error) : null}
      acts={[{ word: words.send, main: true, run: (reason) => send.mutate(reason) }]}
    />
  );
}
