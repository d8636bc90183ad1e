// Agreements of one kind, and one of them: parties and signatures, duties with fulfilment, rights, term and renewal.
import { Link } from '@tanstack/react-router';
import { useSay } from '../app/preferences.tsx';
import type { AgreementDetail, AgreementState, AgreementsPage as Answer, StateKind } from '../contract.ts';
import { Icon } from '../design/icon.tsx';
import { Blank, Loaded } from '../design/loaded.tsx';
import { ScrollBox } from '../design/scroll-box.tsx';
import { State } from '../design/state.tsx';
import { dateTime } from '../design/time.ts';
import { Acts, AsOf, MechanismHead, Panel, pathOf, useMechanism } from './frame.tsx';
import { useMechanismWords } from './words.ts';

const KINDS: Readonly<Record<AgreementState, StateKind>> = {
  unsigned: 'waiting',
  coming: 'waiting',
  'in-force': 'running',
  'renewal-due': 'due-soon',
  over: 'closed',
  ended: 'closed',
};

export function AgreementsPage({ id }: { readonly id: string }) {
  const query = useMechanism<Answer>(pathOf('agreements', id));
  return (
    <div className="page">
      <Loaded query={query}>{(page) => <All page={page} />}</Loaded>
    </div>
  );
}

function All({ page }: { readonly page: Answer }) {
  const words = useMechanismWords();
  const { columns } = words.agreements;
  return (
    <>
      <MechanismHead kind="agreements" page={page} acts={[page.draft]} />
      <section className="panel">
        {page.rows.length === 0 ? (
          <Blank title={words.agreements.emptyTitle}>
            <p>{words.agreements.emptyText}</p>
          </Blank>
        ) : (
          <ScrollBox label={words.kinds.agreements}>
            <table className="table" aria-label={words.kinds.agreements}>
              <thead>
                <tr>
                  <th>{columns.title}</th>
                  <th>{columns.parties}</th>
                  <th>{columns.term}</th>
                  <th>{columns.state}</th>
                  <th>{columns.signed}</th>
                  <th>{columns.duties}</th>
                </tr>
              </thead>
              <tbody>
                {page.rows.map((row) => (
                  <tr key={row.id}>
                    <td>
                      <Link
                        to="/mechanisms/$kind/$id/$item"
                        params={{ kind: 'agreements', id: page.id, item: row.id }}
                      >
                        {row.title}
                      </Link>
                    </td>
                    <td>{row.parties.join(' · ')}</td>
                    <td className="nowrap">
                      {row.from} – {row.to}
                    </td>
                    <td>
                      <State kind={KINDS[row.state]} word={words.agreements.states[row.state]} />
                    </td>
                    <td>
                      {words.agreements.signedOf(row.signed, row.parties.length)}{' '}
                      {row.mineToSign && <State kind="due-soon" word={words.agreements.mine} />}
                    </td>
                    <td>
                      {row.dutiesCounted > 0
                        ? words.agreements.dutiesOf(row.dutiesDone, row.dutiesCounted)
                        : '–'}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </ScrollBox>
        )}
      </section>
      <AsOf at={page.asOf} />
    </>
  );
}

export function AgreementPage({ kind, id }: { readonly kind: string; readonly id: string }) {
  const query = useMechanism<AgreementDetail>(pathOf('agreements', kind, `/${encodeURIComponent(id)}`));
  return (
    <div className="page">
      <Loaded query={query}>{(detail) => <One detail={detail} />}</Loaded>
    </div>
  );
}

function One({ detail }: { readonly detail: AgreementDetail }) {
  const words = useMechanismWords();
  const { row, term } = detail;
  return (
    <>
      <MechanismHead
        kind="agreements"
        page={detail}
        title={row.title}
        note={
          <>
            <Link to="/mechanisms/$kind/$id" params={{ kind: 'agreements', id: detail.id }} className="row">
              <Icon name="left" size={16} />
              {words.agreements.back}
            </Link>
            <State kind={KINDS[row.state]} word={words.agreements.states[row.state]} />
            <span>
              {term.from} – {term.to}
            </span>
            {term.renewFrom && <span>{words.agreements.renewFrom(term.renewFrom)}</span>}
            {detail.endedOn && <span>{words.agreements.endedOn(detail.endedOn)}</span>}
          </>
        }
        acts={detail.acts}
      />
      {(detail.renewalOf ?? detail.renewedBy) && (
        <p className="row wrap">
          {[
            [detail.renewalOf, words.agreements.renewalOf],
            [detail.renewedBy, words.agreements.renewedBy],
          ].map(
            ([other, word]) =>
              other && (
                <Link
                  key={other}
                  to="/mechanisms/$kind/$id/$item"
                  params={{ kind: 'agreements', id: detail.id, item: other }}
                >
                  {word}
                </Link>
              ),
          )}
        </p>
      )}
      <div className="mechanism-grid">
        <div className="stack">
          <Duties detail={detail} />
          {detail.rights.length > 0 && <Rights detail={detail} />}
        </div>
        <Signers detail={detail} />
      </div>
      <AsOf at={detail.asOf} />
    </>
  );
}

function Signers({ detail }: { readonly detail: AgreementDetail }) {
  const words = useMechanismWords();
  const say = useSay();
  return (
    <Panel id="agreement-signers" title={words.agreements.signers}>
      <ul className="mechanism-rows">
        {detail.signers.map((one) => (
          <li key={one.party.zh}>
            <span className="stack tight grow">
              <span className="muted small">
                {say(one.party)}
                {one.me && ` · ${words.agreements.me}`}
              </span>
              <strong>{one.name}</strong>
            </span>
            <State
              kind={one.signedAt ? 'done' : one.me ? 'due-soon' : 'waiting'}
              word={
                one.signedAt ? words.agreements.signedAt(dateTime(one.signedAt)) : words.agreements.notSigned
              }
            />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Duties({ detail }: { readonly detail: AgreementDetail }) {
  const words = useMechanismWords();
  const say = useSay();
  return (
    <Panel id="agreement-duties" title={words.agreements.duties}>
      <ul className="mechanism-rows">
        {detail.duties.map((duty) => (
          <li key={duty.id}>
            <span className="stack tight grow">
              <strong>{say(duty.name)}</strong>
              <span className="muted small">{say(duty.party)}</span>
            </span>
            <span className="stack tight">
              <State
                kind={
                  duty.of !== null && duty.done >= duty.of ? 'done' : duty.done > 0 ? 'running' : 'waiting'
                }
                word={
                  duty.of === null
                    ? words.agreements.times(duty.done)
                    : words.agreements.timesOf(duty.done, duty.of)
                }
              />
            </span>
            {duty.act && <Acts acts={[duty.act]} place={`agreement.${detail.row.id}.${duty.id}`} />}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Rights({ detail }: { readonly detail: AgreementDetail }) {
  const words = useMechanismWords();
  const say = useSay();
  return (
    <Panel id="agreement-rights" title={words.agreements.rights}>
      <ul className="mechanism-rows">
        {detail.rights.map((right) => (
          <li key={right.id}>
            <span className="stack tight grow">
              <strong>{say(right.name)}</strong>
              <span className="muted small">{say(right.holder)}</span>
              {right.used.length === 0 ? (
                <span className="muted small">{words.agreements.neverUsed}</span>
              ) : (
                right.used.map((use) => (
                  <span key={use.at} className="small">
                    {dateTime(use.at)} {use.what}
                  </span>
                ))
              )}
            </span>
            {right.act && <Acts acts={[right.act]} place={`agreement.${detail.row.id}.${right.id}`} />}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
