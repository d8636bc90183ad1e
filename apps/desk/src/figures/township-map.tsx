// A scheme of the county: one tile a township around the county seat. Shade follows the visits, and the number says it too.
import { Link } from '@tanstack/react-router';
import { ScrollBox } from '../design/scroll-box.tsx';
import { Shape } from '../design/state.tsx';
import { Turnable } from './chart.tsx';
import type { Pulse } from './contract.ts';
import { count } from './format.ts';
import { useWords } from './words.ts';

type Township = Pulse['townships'][number];

export function TownshipMap({ data }: { readonly data: Pulse }) {
  const words = useWords();
  return (
    <Turnable
      id="centre-map"
      className="centre-map"
      title={words.map}
      note={words.mapText}
      picture={<Picture data={data} />}
      table={<Table data={data} />}
    />
  );
}

/** 溪口镇卫生院 -> 溪口镇 */
const shortName = (name: string): string => name.replace(/(中心)?卫生院(（.*）)?$/, '');

function Picture({ data }: { readonly data: Pulse }) {
  const words = useWords();
  const { townships } = data;
  const most = Math.max(1, ...townships.map(({ visits }) => visits));
  const columns = Math.max(2, Math.ceil(Math.sqrt(townships.length + 1)));
  const middle = Math.floor((townships.length + 1) / 2);
  const county = data.visits.find((each) => each.level === 'county');
  return (
    <ul className="township-map" style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}>
      {townships.slice(0, middle).map((each) => (
        <TownshipTile key={each.id} township={each} shade={each.visits / most} />
      ))}
      <li className="township county">
        <strong>{words.pulseLevels.county}</strong>
        <span className="township-number">{count((county?.visits ?? 0) + (county?.stays ?? 0))}</span>
        <span className="small muted">{words.visits}</span>
      </li>
      {townships.slice(middle).map((each) => (
        <TownshipTile key={each.id} township={each} shade={each.visits / most} />
      ))}
    </ul>
  );
}

function TownshipTile({ township, shade }: { readonly township: Township; readonly shade: number }) {
  const words = useWords();
  const weight = Math.round(shade * 100);
  return (
    <li
      className="township"
      style={{ background: `color-mix(in srgb, var(--accent-soft) ${weight}%, var(--surface))` }}
    >
      <Link to="/figures" search={{ scope: township.id }}>
        {shortName(township.name)}
      </Link>
      <span className="township-number">{count(township.visits)}</span>
      <span className="small muted">{words.visits}</span>
      <span className="small nowrap">
        {words.open} {count(township.open)}
        {township.late > 0 && (
          <span className="state late">
            <Shape kind="late" size={10} /> {words.late} {count(township.late)}
          </span>
        )}
      </span>
    </li>
  );
}

function Table({ data }: { readonly data: Pulse }) {
  const words = useWords();
  return (
    <ScrollBox label={words.map}>
      <table className="table">
        <thead>
          <tr>
            <th>{words.map}</th>
            <th className="number">{words.visits}</th>
            <th className="number">{words.open}</th>
            <th className="number">{words.late}</th>
          </tr>
        </thead>
        <tbody>
          {data.townships.map((each) => (
            <tr key={each.id}>
              <td>
                <Link to="/figures" search={{ scope: each.id }}>
                  {each.name}
                </Link>{' '}
                <span className="muted small">{words.villages(each.villages)}</span>
              </td>
              <td className="number">{count(each.visits)}</td>
              <td className="number">{count(each.open)}</td>
              <td className="number">{count(each.late)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}
