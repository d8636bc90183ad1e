// The tree of organisations with search; the chosen one beside it.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '../api/client.ts';
import { useSay } from '../app/preferences.tsx';
import { useSession } from '../app/session.tsx';
import type { Organisation } from '../contract.ts';
import { Icon } from '../design/icon.tsx';
import { Blank, Loaded } from '../design/loaded.tsx';
import { useHouseWords } from './house-words.ts';
import { Duties, OrganisationEdit, useOffices } from './organisation-edit.tsx';
import './organisations.css';

/** Roles that keep the register of organisations; the server decides again on each save. */
const KEEPERS = new Set(['administrator', 'consortium-office']);

export function OrganisationsPage() {
  const { t } = useTranslation();
  const words = useHouseWords();
  const { role } = useSession();
  const mayEdit = role !== null && KEEPERS.has(role.role);
  const [adding, setAdding] = useState(false);
  const query = useQuery({
    queryKey: ['organisations'],
    queryFn: ({ signal }) => get<readonly Organisation[]>('/desk/organisations', signal),
  });
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>{t('organisation.title')}</h1>
          <p>{t('organisation.intro')}</p>
        </div>
        {mayEdit && (
          <div className="row wrap">
            <button type="button" className="button" onClick={() => setAdding(true)}>
              <Icon name="plus" size={16} />
              {words.add}
            </button>
            <Link to="/organisations/import" className="button main">
              <Icon name="upload" size={16} />
              {words.importOrganisations}
            </Link>
          </div>
        )}
      </header>
      <Loaded query={query}>
        {(all) => (
          <>
            <TreeView all={all} mayEdit={mayEdit} adding={adding} endAdding={() => setAdding(false)} />
            <Duties all={all} mayEdit={mayEdit} />
          </>
        )}
      </Loaded>
    </div>
  );
}

interface Node {
  readonly organisation: Organisation;
  readonly below: readonly Node[];
}

interface TreeViewProps {
  readonly all: readonly Organisation[];
  readonly mayEdit: boolean;
  readonly adding: boolean;
  readonly endAdding: () => void;
}

function TreeView({ all, mayEdit, adding, endAdding }: TreeViewProps) {
  const { t } = useTranslation();
  const { role } = useSession();
  const asked = new URLSearchParams(location.search).get('id') ?? role?.org ?? null;
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<string | null>(asked);
  const [editing, setEditing] = useState(false);
  const choose = (id: string) => {
    setChosen(id);
    setEditing(false);
    endAdding();
  };
  const [open, setOpen] = useState<ReadonlySet<string>>(
    () =>
      new Set(
        ancestors(all, asked).concat(
          all.filter((each) => each.level === 'city' || each.level === 'county').map((each) => each.id),
        ),
      ),
  );
  const roots = useMemo(() => treeOf(all), [all]);
  const fits =
    text.trim() === ''
      ? null
      : new Set(
          all
            .filter((each) => each.name.includes(text.trim()))
            .flatMap((each) => [each.id, ...ancestors(all, each.id)]),
        );
  const toggle = (id: string) => {
    const after = new Set(open);
    if (!after.delete(id)) after.add(id);
    setOpen(after);
  };
  const organisation = all.find((each) => each.id === chosen);
  return (
    <div className="org-grid">
      <section className="panel">
        <header>
          <input
            className="input"
            type="search"
            aria-label={t('organisation.search')}
            placeholder={t('organisation.search')}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </header>
        <ul className="org-tree">
          {roots.map((node) => (
            <Branch
              key={node.organisation.id}
              node={node}
              depth={0}
              open={open}
              fits={fits}
              chosen={chosen}
              toggle={toggle}
              choose={choose}
            />
          ))}
        </ul>
      </section>
      <section className="panel org-detail">
        {adding || (editing && organisation) ? (
          <OrganisationEdit
            key={adding ? '' : organisation?.id}
            organisation={adding ? null : (organisation ?? null)}
            all={all}
            close={(id) => {
              if (id !== null) setChosen(id);
              setEditing(false);
              endAdding();
            }}
          />
        ) : organisation ? (
          <Detail
            organisation={organisation}
            all={all}
            choose={choose}
            edit={mayEdit ? () => setEditing(true) : null}
          />
        ) : (
          <Blank title={t('organisation.none')} />
        )}
      </section>
    </div>
  );
}

interface BranchProps {
  readonly node: Node;
  readonly depth: number;
  readonly open: ReadonlySet<string>;
  readonly fits: ReadonlySet<string> | null;
  readonly chosen: string | null;
  readonly toggle: (id: string) => void;
  readonly choose: (id: string) => void;
}

function Branch(props: BranchProps) {
  const { node, depth, open, fits, chosen, toggle, choose } = props;
  const { t } = useTranslation();
  const { organisation, below } = node;
  if (fits && !fits.has(organisation.id)) return null;
  const unfolded = fits !== null || open.has(organisation.id);
  return (
    <li>
      <div
        className={`org-row ${organisation.id === chosen ? 'on' : ''}`}
        style={{ paddingLeft: depth * 20 + 4 }}
      >
        {below.length > 0 ? (
          <button
            type="button"
            className="org-fold"
            aria-expanded={unfolded}
            onClick={() => toggle(organisation.id)}
          >
            <Icon name={unfolded ? 'down' : 'right'} size={14} />
            <span className="sr">
              {unfolded ? t('organisation.collapse') : t('organisation.expand')} {organisation.name}
            </span>
          </button>
        ) : (
          <span className="org-fold" />
        )}
        <button
          type="button"
          className="org-name"
          aria-current={organisation.id === chosen}
          onClick={() => choose(organisation.id)}
        >
          {organisation.name}
          {below.length > 0 && <span className="muted small"> {below.length}</span>}
        </button>
      </div>
      {unfolded && below.length > 0 && (
        <ul>
          {below.map((each) => (
            <Branch key={each.organisation.id} {...props} node={each} depth={depth + 1} />
          ))}
        </ul>
      )}
    </li>
  );
}

function Detail({
  organisation,
  all,
  choose,
  edit,
}: {
  readonly organisation: Organisation;
  readonly all: readonly Organisation[];
  readonly choose: (id: string) => void;
  readonly edit: (() => void) | null;
}) {
  const { t } = useTranslation();
  const say = useSay();
  const words = useHouseWords();
  const { data: offices = [] } = useOffices();
  const held = offices.filter((office) => organisation.offices.includes(office.id));
  const parent = all.find((each) => each.id === organisation.parent);
  const below = all.filter((each) => each.parent === organisation.id);
  return (
    <div className="body stack">
      <div className="between">
        <h2>{organisation.name}</h2>
        {edit && (
          <button type="button" className="button" onClick={edit}>
            {words.edit}
          </button>
        )}
      </div>
      <p className="row wrap">
        <span className="tag">{t(`organisation.levels.${organisation.level}`)}</span>
        {organisation.kind && <span className="tag">{say(organisation.kind)}</span>}
        {organisation.staff !== null && (
          <span className="muted">{t('organisation.staff', { n: organisation.staff })}</span>
        )}
      </p>
      <dl className="facts">
        <dt>{words.number}</dt>
        <dd>
          <code>{organisation.id}</code>
        </dd>
        {held.length > 0 && (
          <>
            <dt>{words.duties}</dt>
            <dd>{held.map((office) => say(office.name)).join(t('listComma'))}</dd>
          </>
        )}
        {parent && (
          <>
            <dt>{t('organisation.parent')}</dt>
            <dd>
              <button type="button" className="link-button" onClick={() => choose(parent.id)}>
                {parent.name}
              </button>
            </dd>
          </>
        )}
      </dl>
      {below.length > 0 && (
        <>
          <h3>{t('organisation.below', { n: below.length })}</h3>
          <ul className="org-below">
            {below.map((each) => (
              <li key={each.id}>
                <button type="button" className="link-button" onClick={() => choose(each.id)}>
                  {each.name}
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function treeOf(all: readonly Organisation[]): Node[] {
  const known = new Set(all.map((each) => each.id));
  const children = new Map<string | null, Organisation[]>();
  for (const each of all) {
    const parent = each.parent !== null && known.has(each.parent) ? each.parent : null;
    children.set(parent, [...(children.get(parent) ?? []), each]);
  }
  const build = (parent: string | null): Node[] =>
    (children.get(parent) ?? []).map((organisation) => ({ organisation, below: build(organisation.id) }));
  return build(null);
}

function ancestors(all: readonly Organisation[], id: string | null): string[] {
  const byId = new Map(all.map((each) => [each.id, each]));
  const found: string[] = [];
  for (
    let at = id === null ? null : (byId.get(id)?.parent ?? null);
    at !== null && !found.includes(at);
    at = byId.get(at)?.parent ?? null
  )
    found.push(at);
  return found;
}
