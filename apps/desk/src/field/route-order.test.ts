// Tests of the order of a day's visits: nothing lost, urgent ones in, the way no longer than the order given.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Stop, WorkItem } from '../contract.ts';
import { chooseStops, kmBetween, orderStops } from './route-order.ts';

const stop = (key: string, more: Partial<Stop> = {}): Stop => ({
  register: 'objects',
  key,
  name: key,
  trade: null,
  grid: null,
  address: null,
  at: null,
  grade: null,
  checks: [],
  cases: [],
  ...more,
});
const at = (latitude: number, longitude: number) => ({ at: { latitude, longitude } });
const keys = (stops: readonly { readonly stop: Stop }[]) => stops.map((one) => one.stop.key).join(' ');

test('[desk D39] the nearest comes next, from where the person is or from the most urgent stop', () => {
  const stops = [stop('far', at(30, 110.3)), stop('near', at(30, 110.01)), stop('mid', at(30, 110.1))];
  assert.equal(keys(orderStops(stops, { latitude: 30, longitude: 110 })), 'near mid far');
  assert.equal(keys(orderStops(stops)), 'far mid near');
  const [first, second] = orderStops(stops);
  assert.equal(first?.km, null);
  assert.ok(second?.km && Math.abs(second.km - kmBetween(stops[0]!.at!, stops[2]!.at!)) < 1e-9);
});

test('[desk D39] a degree of latitude has 111 km', () => {
  assert.equal(
    Math.round(kmBetween({ latitude: 30, longitude: 110 }, { latitude: 31, longitude: 110 })),
    111,
  );
});

test('[desk D39] without coordinates grid follows grid, 2 before 10, beginning with the most urgent', () => {
  const stops = [
    stop('a', { grid: '柳溪镇第10网格' }),
    stop('b', { grid: '柳溪镇第2网格' }),
    stop('c', { grid: '双河乡第1网格' }),
    stop('d', { grid: '柳溪镇第10网格' }),
  ];
  const order = keys(orderStops(stops)).split(' ');
  assert.deepEqual([...order].sort(), ['a', 'b', 'c', 'd']);
  assert.deepEqual(order.slice(0, 2), ['a', 'd']);
  const tens = keys(orderStops([stops[1]!, stops[0]!, stops[3]!])).split(' ');
  assert.deepEqual(tens, ['b', 'a', 'd']);
});

test('[desk D39] stops with cases are in, then their grids fill the day', () => {
  const cased = stop('case', { grid: 'B', cases: [{ id: 'c' } as WorkItem] });
  const stops = [stop('x1', { grid: 'A' }), cased, stop('x2', { grid: 'A' }), stop('y', { grid: 'B' })];
  assert.deepEqual(
    chooseStops(stops, 2).map((one) => one.key),
    ['case', 'y'],
  );
  assert.equal(chooseStops(stops, 9).length, 4);
});
