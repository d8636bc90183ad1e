// A tree of tasks: areas with their progress, late branches first in sight, each task with lead, due date and evidence.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '../api/client.ts';
import { addressOf } from '../app/link-to.ts';
import { useSay } from '../app/preferences.tsx';
import { useSession } from '../app/session.tsx';
import { useToast } from '../app/toast.tsx';
import type { Act, TreePage as TreeAnswer, TreeNode } from '../contract.ts';
import { Icon } from '../design/icon.tsx';
import { Blank, Loaded } from '../design/loaded.tsx';
import { State } from '../design/state.tsx';
import { ActForm } from '../form/act-form.tsx';
import './tree.css';

export function TreePage() {
  const { treeId = '' } = useParams({ strict: false });
  const query = useQuery({
    queryKey: ['tree', treeId],
    queryFn: ({ signal }) => get<TreeAnswer>(`/desk/trees/${encodeURIComponent(treeId)}`, signal),
  });
  return (
    <div className="page">
      <Loaded query={query}>{(tree) => <TreeView tree={tree} />}</Loaded>
    </div>
  );
}

function TreeView({ tree }: { readonly tree: TreeAnswer }) {
  const { t } = useTranslation();
  const say = useSay();
  const [lateOnly, setLateOnly] = useState(false);
  const roots = tree.nodes.filter((node) => node.parent === null);
  const total = roots.reduce((sum, node) => sum + node.tasks, 0);
  const done = roots.reduce((sum, node) => sum + node.done, 0);
  const late = roots.reduce((sum, node) => sum + node.overdue, 0);
  return (
    <>
      <header className="page-head">
        <div>
          <p>
            <Link to={addressOf({ kind: 'programme', id: tree.programme.id })}>
              {say(tree.programme.name)}
            </Link>
          </p>
          <h1>{say(tree.name)}</h1>
        </div>
        <div className="row wrap">
          <span>{t('tree.done', { done, total })}</span>
          {late > 0 ? (
            <State kind="late" word={t('home.lineLate', { n: late })} />
          ) : (
            <State kind="done" word={t('tree.noneLate')} />
          )}
          <label className="check no-print">
            <input
              type="checkbox"
              checked={lateOnly}
              onChange={(event) => setLateOnly(event.target.checked)}
            />
            {t('work.lateOnly')}
          </label>
          <button type="button" className="button no-print" onClick={() => print()}>
            <Icon name="print" size={16} />
            {t('act.print')}
          </button>
        </div>
      </header>
      {roots.length === 0 ? (
        <Blank title={t('tree.empty')}>
          <p>{t('tree.emptyText')}</p>
        </Blank>
      ) : (
        roots
          .filter((root) => !lateOnly || root.overdue > 0)
          .map((root) => (
            <Area key={root.id} node={root} all={tree.nodes} lateOnly={lateOnly} depth={0} treeId={tree.id} />
          ))
      )}
    </>
  );
}

interface AreaProps {
  readonly node: TreeNode;
  readonly all: readonly TreeNode[];
  readonly lateOnly: boolean;
  readonly depth: number;
  readonly treeId: string;
}

function Area(props: AreaProps) {
  const { node, all, lateOnly, depth, treeId } = props;
  const { t } = useTranslation();
  const below = all.filter((each) => each.parent === node.id && (!lateOnly || each.overdue > 0));
  if (node.leaf) return <TaskRow node={node} treeId={treeId} />;
  return (
    <section className={depth === 0 ? 'panel' : 'tree-area'} aria-label={node.title}>
      <header>
        <h2>{node.title}</h2>
        <span className="row tree-sum">
          {node.overdue > 0 && <State kind="late" word={t('home.late', { n: node.overdue })} />}
          <span className="muted">{t('tree.done', { done: node.done, total: node.tasks })}</span>
          <Progress value={node.progress} label={node.title} />
        </span>
      </header>
      <ul>
        {below.map((each) => (
          <li key={each.id}>
            <Area {...props} node={each} depth={depth + 1} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function TaskRow({ node, treeId }: { readonly node: TreeNode; readonly treeId: string }) {
  const { t } = useTranslation();
  const say = useSay();
  const toast = useToast();
  const queries = useQueryClient();
  const { session } = useSession();
  const [chosen, setChosen] = useState<Act | null>(null);
  const kind = node.doneOn ? 'done' : node.late ? 'late' : node.progress > 0 ? 'running' : 'waiting';
  const act = node.acts.find((each) => each.id === chosen?.id);
  return (
    <div className="tree-task">
      <div className="tree-line">
        <span className="tree-title">
          <span className="muted small">{node.id}</span> {node.title}
        </span>
        <span className="muted">{[node.lead, ...node.coLeads].filter(Boolean).join(t('listComma'))}</span>
        <span className="nowrap">{node.due}</span>
        <State kind={kind} {...(node.doneOn ? { word: t('tree.closedOn', { on: node.doneOn }) } : {})} />
        <Progress value={node.progress} label={node.title} />
        <span className="row no-print">
          {node.acts.map((each) => (
            <button
              key={each.id}
              type="button"
              className={`button ${each.id === chosen?.id ? 'chosen' : ''}`}
              aria-expanded={each.id === chosen?.id}
              onClick={() => setChosen(each)}
            >
              {say(each.name)}
            </button>
          ))}
        </span>
      </div>
      {node.evidence.length > 0 && (
        <p className="row wrap small">
          {node.evidence.map((file, index) => (
            <a key={file.id} href={file.href} target="_blank" rel="noreferrer" className="row">
              <Icon name="file" size={14} />
              {t('tree.evidence', { n: index + 1 })}
            </a>
          ))}
        </p>
      )}
      {act && (
        <ActForm
          key={act.id}
          act={act}
          draftKey={`${session?.user.id ?? ''}.tree.${treeId}.${node.id}.${act.id}`}
          onCancel={() => setChosen(null)}
          onDone={() => {
            setChosen(null);
            toast(t('case.done', { act: say(act.name) }));
            void queries.invalidateQueries({ queryKey: ['tree', treeId] });
          }}
        />
      )}
    </div>
  );
}

function Progress({ value, label }: { readonly value: number; readonly label: string }) {
  return (
    <span className="tree-progress">
      <span
        className="bar"
        role="progressbar"
        aria-label={label}
        aria-valuenow={value}
        aria-valuemin={0}
        aria-valuemax={100}
      >
        <i style={{ width: `${value}%` }} />
      </span>
      <span className="small">{value}%</span>
    </span>
  );
}
