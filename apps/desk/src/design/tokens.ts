// The design tokens of docs/DESIGN.md: one source for the style sheets (as CSS variables) and for the component theme.

export type Tone = 'light' | 'dark';

/** Colours by tone; every text pair is at least 4.5:1, every state at least 3:1 against the ground. */
export const COLOURS = {
  light: {
    ground: '#F6F7F5',
    surface: '#FFFFFF',
    raised: '#FFFFFF',
    sunken: '#EEF1EF',
    ink: '#1B2426',
    muted: '#5C6B6E',
    line: '#DDE3E0',
    lineStrong: '#C3CCC8',
    accent: '#0B6E5A',
    accentStrong: '#08574A',
    accentSoft: '#E3F0EC',
    onAccent: '#FFFFFF',
    done: '#2A7548',
    waiting: '#5C6B6E',
    soon: '#9A5B00',
    soonSoft: '#FBF1E1',
    late: '#B3261E',
    lateSoft: '#FBEAE8',
    onLate: '#FFFFFF',
  },
  dark: {
    ground: '#14181A',
    surface: '#1C2225',
    raised: '#242B2E',
    sunken: '#171C1E',
    ink: '#E6ECEA',
    muted: '#93A3A4',
    line: '#2D3639',
    lineStrong: '#465256',
    accent: '#3FB79B',
    accentStrong: '#66CDB4',
    accentSoft: '#1B3531',
    onAccent: '#0B1A17',
    done: '#5DB882',
    waiting: '#93A3A4',
    soon: '#E0A046',
    soonSoft: '#352A18',
    late: '#F2837B',
    lateSoft: '#3A2120',
    onLate: '#FFFFFF',
  },
} as const satisfies Record<Tone, Record<string, string>>;

export const FONT = '"PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC",sans-serif';

export type TypeSize = 'desk' | 'phone' | 'large';

/** The six sizes 12/14/16/20/28/40; phone and large type move each step up the same ladder. */
export const SIZES: Record<TypeSize, readonly [number, number, number, number, number, number]> = {
  desk: [12, 14, 16, 20, 28, 40],
  phone: [14, 16, 16, 20, 28, 40],
  large: [16, 20, 20, 28, 28, 40],
};

const SIZE_NAMES = ['xs', 's', 'm', 'l', 'xl', 'xxl'] as const;

const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

function colourRules(tone: Tone): string {
  return Object.entries(COLOURS[tone])
    .map(([name, value]) => `--${kebab(name)}:${value}`)
    .join(';');
}

const sizeRules = (size: TypeSize) =>
  SIZES[size].map((pixels, index) => `--t-${SIZE_NAMES[index]}:${pixels}px`).join(';');

/** The style sheet with all tokens; put into the page once, before anything is drawn. */
export function tokenSheet(): string {
  return [
    `:root{${colourRules('light')};${sizeRules('desk')};--font:${FONT};--row:44px;color-scheme:light}`,
    `[data-tone=dark]{${colourRules('dark')};color-scheme:dark}`,
    '[data-density=compact]{--row:36px}',
    `@media (max-width:767px){:root{${sizeRules('phone')}}}`,
    `[data-type=large]{${sizeRules('large')};--row:52px}`,
    `@media print{:root,[data-tone=dark]{${colourRules('light')};color-scheme:light}}`,
  ].join('\n');
}
