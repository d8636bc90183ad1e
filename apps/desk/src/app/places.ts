// The places of the main navigation, in groups, as far as the acting role has them; the phone's bottom bar holds three and "more".
import type { Place } from '../contract.ts';
import type { IconName } from '../design/icon.tsx';

interface Entry {
  readonly place: Place;
  readonly to: `/${Exclude<Place, 'home' | 'map'>}` | '/' | '/field/map';
  readonly icon: IconName;
}

interface Group {
  readonly group: 'groupWork' | 'groupFigures' | 'groupRecords' | 'groupManage';
  readonly places: readonly Entry[];
}

/** What the navigation shows: groups without a place of the role are left out. */
export const groupsFor = (places: readonly Place[]): readonly Group[] =>
  GROUPS.map(({ group, places: all }) => ({
    group,
    places: all.filter((one) => places.includes(one.place)),
  })).filter((each) => each.places.length > 0);

/** The phone's first three places: who goes out has the route there, others the residents or the next they have. */
export const bottomFor = (places: readonly Place[]): readonly Entry[] =>
  BOTTOM.flatMap((place) =>
    places.includes(place) ? ENTRIES.filter((one) => one.place === place) : [],
  ).slice(0, 3);

/** The place that this address belongs to; objects of the route are reached from the map too and belong to neither. */
export const placeAt = (path: string): Place | null =>
  ENTRIES.find(
    ({ to }) => path === to || (to.lastIndexOf('/') === 0 && to !== '/field' && path.startsWith(`${to}/`)),
  )?.place ?? null;

const GROUPS: readonly Group[] = [
  {
    group: 'groupWork',
    places: [
      { place: 'home', to: '/', icon: 'home' },
      { place: 'work', to: '/work', icon: 'work' },
      { place: 'field', to: '/field', icon: 'route' },
      { place: 'notices', to: '/notices', icon: 'bell' },
    ],
  },
  {
    group: 'groupFigures',
    places: [
      { place: 'centre', to: '/centre', icon: 'history' },
      { place: 'figures', to: '/figures', icon: 'figures' },
      { place: 'map', to: '/field/map', icon: 'grid' },
      { place: 'fund', to: '/fund', icon: 'money' },
      { place: 'pay', to: '/pay', icon: 'register' },
    ],
  },
  {
    group: 'groupRecords',
    places: [
      { place: 'residents', to: '/residents', icon: 'people' },
      { place: 'registers', to: '/registers', icon: 'register' },
      { place: 'programmes', to: '/programmes', icon: 'programme' },
      { place: 'mechanisms', to: '/mechanisms', icon: 'cycle' },
    ],
  },
  {
    group: 'groupManage',
    places: [
      { place: 'organisations', to: '/organisations', icon: 'organisation' },
      { place: 'users', to: '/users', icon: 'user' },
      { place: 'audit', to: '/audit', icon: 'audit' },
    ],
  },
];

const ENTRIES = GROUPS.flatMap((each) => each.places);

const BOTTOM: readonly Place[] = ['home', 'field', 'work', 'residents', 'figures', 'notices'];
