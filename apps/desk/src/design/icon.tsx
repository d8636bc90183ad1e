// One set of line icons, 20 px, drawn with the ink of the text beside them; always accompanied by a word.

const PATHS = {
  home: 'M3 9.5 10 3.5l7 6M5 8.5V16.5h10V8.5M8.5 16.5v-5h3v5',
  work: 'M4 4.5h12v12H4zM7 8.5h6M7 12h4M7.5 3v3M12.5 3v3',
  people:
    'M7.5 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM2 16.5c.4-3 2.6-4.5 5.5-4.500s5.1 1.5 5.5 4.500M13 4a3 3 0 0 1 0 5.500M15 12.500c1.7.7 2.7 2 3 4',
  register: 'M5 3.500h10v13H5zM8 3.500v13M10.5 7h2.500M10.5 10h2.5',
  programme:
    'M4 5.500a1.5 1.5 0 1 0 3 0 1.5 1.5 0 0 0-3 0ZM13 5.500a1.5 1.5 0 1 0 3 0 1.5 1.5 0 0 0-3 0ZM8.5 14.500a1.5 1.5 0 1 0 3 0 1.5 1.5 0 0 0-3 0ZM7 5.500h6M6.3 6.800l3 6.400M13.7 6.800l-3 6.4',
  organisation: 'M8 3.500h4v3.500H8zM3 13h4v3.500H3zM13 13h4v3.500h-4zM10 7v3M5 13v-3h10v3',
  user: 'M10 9.500a3.3 3.3 0 1 0 0-6.5 3.3 3.3 0 0 0 0 6.500ZM3.5 17c.5-3.3 3-5 6.5-5s6 1.7 6.5 5',
  audit: 'M10 2.5 16 5v4.500c0 4-2.5 6.5-6 8-3.5-1.5-6-4-6-8V5zM7.5 10l2 2 3.5-4',
  bell: 'M5.5 13.500V9a4.5 4.5 0 0 1 9 0v4.500l1.5 1.500H4zM8.5 17h3',
  search: 'M9 14.500a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11ZM13 13l4 4',
  settings: 'M3 6h8M15 6h2M3 14h2M9 14h8M11 4v4M15 4v4h-4M5 12v4M9 12v4',
  more: 'M4 10h.01M10 10h.01M16 10h.01',
  down: 'M5 8l5 5 5-5',
  right: 'M8 5l5 5-5 5',
  left: 'M12 5l-5 5 5 5',
  close: 'M5 5l10 10M15 5 5 15',
  plus: 'M10 4v12M4 10h12',
  check: 'M4 10.500l4 4 8-9',
  alert: 'M10 3 18 16.500H2zM10 8v4M10 14.300v.1',
  offline:
    'M3 3l14 14M6 11.500a6 6 0 0 1 2-1.400M3 8.500a10 10 0 0 1 3-2M10 15.500v.1M11 6.600a10 10 0 0 1 6 1.900M12.5 10.300a6 6 0 0 1 1.5 1.2',
  file: 'M5.5 2.500h6l3.5 3.500v11.500h-9.500zM11.5 2.500v3.500h3.5',
  upload: 'M10 13V3.500M6.5 7 10 3.5 13.5 7M4 12.500v4h12v-4',
  download: 'M10 3.500V13M6.5 9.5 10 13l3.5-3.500M4 12.500v4h12v-4',
  camera:
    'M3 6.500h3.500L8 4.500h4l1.500 2H17v9.500H3zM10 13.500a2.800 2.800 0 1 0 0-5.600 2.800 2.800 0 0 0 0 5.600Z',
  route:
    'M5 7.500a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM15 16.500a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM7 5.500h6a2.500 2.500 0 0 1 0 5H7a2.500 2.500 0 0 0 0 5h6',
  grid: 'M3.500 3.500h13v13h-13zM3.500 8h13M3.500 12.300h13M8 3.500v13M12.300 3.500v13',
  cycle:
    'M4 10a6 6 0 0 1 10.300-4.200L16 7.500M16 3.500v4h-4M16 10a6 6 0 0 1-10.300 4.200L4 12.500M4 16.500v-4h4',
  print: 'M6 7V3h8v4M5 14H3V7h14v7h-2M6 11.500h8v5H6z',
  message: 'M3 4h14v9.500H9L5.5 16.500v-3H3z',
  eye: 'M2 10c2-3.5 4.7-5.2 8-5.200s6 1.7 8 5.200c-2 3.5-4.7 5.2-8 5.200S4 13.5 2 10ZM10 12.300a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.600Z',
  history: 'M3.5 10a6.5 6.5 0 1 0 2-4.700L3.5 7M3.5 3.500V7H7M10 6.500V10l2.5 2',
  calendar: 'M4 5h12v11.500H4zM4 8.500h12M7 3v3.500M13 3v3.500',
  figures: 'M3 17h14M5 14v-4M9 14V5M13 14V8M17 14v-2',
  money: 'M5 3.500l5 6 5-6M10 9.500v7.500M6 10h8M6 13h8',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 20 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
