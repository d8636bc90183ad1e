// The places of the main navigation, in groups; the phone's bottom bar holds the first three and "more".
import type { IconName } from '../design/icon.tsx';

interface Place {
  readonly to:
    | '/'
    | '/work'
    | '/residents'
    | '/registers'
    | '/programmes'
    | '/centre'
    | '/figures'
    | '/fund'
    | '/pay'
    | '/organisations'
    | '/users'
    | '/audit'
    | '/notices'
    | '/field'
    | '/mechanisms';
  readonly word:
    | 'home'
    | 'work'
    | 'residents'
    | 'registers'
    | 'programmes'
    | 'centre'
    | 'figures'
    | 'fund'
    | 'pay'
    | 'organisations'
    | 'users'
    | 'audit'
    | 'notices'
    | 'field'
    | 'mechanisms';
  readonly icon: IconName;
}

export const PLACES: readonly {
  readonly group: 'groupWork' | 'groupFigures' | 'groupRecords' | 'groupManage';
  readonly places: readonly Place[];
}[] = [
  {
    group: 'groupWork',
    places: [
      { to: '/', word: 'home', icon: 'home' },
      { to: '/work', word: 'work', icon: 'work' },
      { to: '/field', word: 'field', icon: 'route' },
      { to: '/notices', word: 'notices', icon: 'bell' },
    ],
  },
  {
    group: 'groupFigures',
    places: [
      { to: '/centre', word: 'centre', icon: 'history' },
      { to: '/figures', word: 'figures', icon: 'figures' },
      { to: '/fund', word: 'fund', icon: 'money' },
      { to: '/pay', word: 'pay', icon: 'register' },
    ],
  },
  {
    group: 'groupRecords',
    places: [
      { to: '/residents', word: 'residents', icon: 'people' },
      { to: '/registers', word: 'registers', icon: 'register' },
      { to: '/programmes', word: 'programmes', icon: 'programme' },
      { to: '/mechanisms', word: 'mechanisms', icon: 'cycle' },
    ],
  },
  {
    group: 'groupManage',
    places: [
      { to: '/organisations', word: 'organisations', icon: 'organisation' },
      { to: '/users', word: 'users', icon: 'user' },
      { to: '/audit', word: 'audit', icon: 'audit' },
    ],
  },
];

/** Roles whose day is on the way: their phone has the route where others have the residents. */
const OUTSIDE = new Set(['inspector']);

/** The phone's first three places. */
export const bottomFor = (role: string | undefined): readonly Place[] =>
  role !== undefined && OUTSIDE.has(role)
    ? [BOTTOM[0]!, { to: '/field', word: 'field', icon: 'route' }, BOTTOM[1]!]
    : BOTTOM;

const BOTTOM: readonly Place[] = [
  { to: '/', word: 'home', icon: 'home' },
  { to: '/work', word: 'work', icon: 'work' },
  { to: '/residents', word: 'residents', icon: 'people' },
];
