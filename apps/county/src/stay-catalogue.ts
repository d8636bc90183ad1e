// Reasons for which people of the county are admitted: diagnosis, department, frequency, where, how long, operations.
import type { Disease } from './diseases.ts';

/** C county hospital, T hospital of Chinese medicine, M maternal and child hospital, P own township, O outside. */
export type Site = 'C' | 'T' | 'M' | 'P' | 'O';

export interface Operation {
  readonly code: string;
  readonly chance: number;
  /** Level of surgery 1 to 4; 0 for a procedure that is no operation. */
  readonly level: number;
  readonly minimallyInvasive?: boolean;
  readonly incision?: 'I' | 'II' | 'III';
}

export interface AdmissionReason {
  readonly code: string;
  readonly department: string;
  readonly frequency: number;
  readonly ages: readonly [from: number, to: number];
  readonly sex?: 'male' | 'female';
  /** One letter for each share. */
  readonly sites: string;
  readonly days: number;
  readonly operations?: readonly Operation[];
  /** Per mille. */
  readonly deaths?: number;
  /** Much more often in people with this disease. */
  readonly of?: Disease;
}

const op = (
  code: string,
  chance: number,
  level: number,
  more: Partial<Operation> = {},
): readonly Operation[] => [{ code, chance, level, ...more }];

const CT = { minimallyInvasive: true } as const;

export const ADMISSION_REASONS: readonly AdmissionReason[] = [
  reason('J15.902', 'internal', 70, [18, 110], 'CCTTPPPO', 8, { deaths: 6 }),
  reason('J18.000', 'paediatrics', 110, [0, 12], 'CCMMPPP', 6),
  reason('J44.100', 'internal', 60, [40, 110], 'CCTPPPO', 9, { deaths: 12, of: 'copd' }),
  reason('J20.900', 'internal', 35, [3, 110], 'PPPPC', 6),
  reason('J45.900x001', 'internal', 14, [5, 110], 'CTPP', 7),
  reason('I63.500', 'internal', 75, [45, 110], 'CCCTTPPOO', 11, { deaths: 15, of: 'hypertension' }),
  reason('I69.300', 'internal', 35, [50, 110], 'TTPPPC', 13, { of: 'stroke' }),
  reason('I20.000', 'cardiology', 50, [45, 110], 'CCCCTOO', 8, {
    of: 'coronary',
    operations: [
      { code: '88.5600', chance: 0.4, level: 0 },
      { code: '36.0700', chance: 0.2, level: 4, minimallyInvasive: true },
    ],
  }),
  reason('I25.103', 'cardiology', 45, [45, 110], 'CCTPPO', 8, { of: 'coronary' }),
  reason('I50.900', 'cardiology', 30, [60, 110], 'CCTPPO', 9, { deaths: 25, of: 'coronary' }),
  reason('I21.001', 'cardiology', 8, [45, 110], 'CCO', 9, {
    deaths: 60,
    operations: op('36.0700', 0.6, 4, CT),
  }),
  reason('I10.x00x002', 'internal', 40, [40, 110], 'PPPPTC', 7, { of: 'hypertension' }),
  reason('E11.900', 'internal', 45, [40, 110], 'CCTTPPO', 9, { of: 'diabetes' }),
  reason('N18.300', 'internal', 12, [35, 110], 'CCTOO', 10, {
    of: 'kidney',
    operations: op('39.9500', 0.5, 0),
  }),
  reason('K29.500', 'internal', 28, [18, 110], 'PPPTC', 6),
  reason('K25.400x001', 'internal', 16, [30, 110], 'CCCT', 8, {
    deaths: 6,
    operations: op('44.4300x001', 0.5, 3, CT),
  }),
  reason('K85.900', 'internal', 12, [20, 110], 'CCCO', 9, { deaths: 6 }),
  reason('A09.000x001', 'internal', 22, [0, 110], 'PPPCC', 4),
  reason('K80.100x001', 'surgery', 34, [25, 110], 'CCCTO', 8, { operations: op('51.2300', 0.75, 3, CT) }),
  reason('K35.800x001', 'surgery', 24, [6, 80], 'CCCT', 6, {
    operations: op('47.0100', 0.8, 2, { ...CT, incision: 'II' }),
  }),
  reason('K40.900x002', 'surgery', 20, [2, 90], 'CCT', 6, {
    operations: op('53.0002', 0.9, 2, { ...CT, incision: 'I' }),
  }),
  reason('K64.200', 'surgery', 16, [20, 80], 'TTTCC', 8, { operations: op('49.4600', 0.8, 2) }),
  reason('N20.100', 'surgery', 22, [20, 80], 'CCCT', 6, { operations: op('56.0x00x003', 0.55, 3, CT) }),
  reason('N40.x00', 'surgery', 14, [55, 110], 'CCCO', 9, {
    sex: 'male',
    operations: op('60.2100x001', 0.65, 3, CT),
  }),
  reason('S72.000', 'surgery', 11, [60, 110], 'CCCTO', 15, {
    deaths: 8,
    operations: op('81.5200x004', 0.6, 4, { incision: 'I' }),
  }),
  reason('S52.500x001', 'surgery', 16, [4, 110], 'CCTTO', 10, {
    operations: op('79.3200x001', 0.55, 3, { incision: 'I' }),
  }),
  reason('S06.000', 'surgery', 16, [5, 110], 'CCPP', 7),
  reason('M51.202', 'surgery', 45, [25, 110], 'TTTTCPPO', 10, {
    operations: op('80.5900x001', 0.2, 3, { incision: 'I' }),
  }),
  reason('M54.500', 'internal', 20, [25, 110], 'TTTPP', 8),
  reason('M17.000', 'surgery', 12, [55, 110], 'TTCCO', 11, {
    operations: op('81.5400', 0.25, 4, { incision: 'I' }),
  }),
  reason('H25.900', 'surgery', 16, [60, 110], 'CCOO', 3, {
    operations: op('13.4100x001', 0.95, 3, { ...CT, incision: 'I' }),
  }),
  reason('G45.900', 'internal', 15, [45, 110], 'CCTPO', 7, { of: 'hypertension' }),
  reason('H81.100', 'internal', 20, [30, 110], 'CTPPP', 6),
  reason('R42.x00x001', 'internal', 15, [30, 110], 'TPPP', 5),
  reason('L03.103', 'surgery', 8, [10, 110], 'CCPP', 7),
  reason('B02.900x001', 'internal', 8, [40, 110], 'CTTP', 8),
  reason('N39.000', 'internal', 14, [15, 110], 'CPPP', 6, { sex: 'female' }),
  reason('C34.000', 'surgery', 10, [40, 110], 'COO', 12, {
    deaths: 40,
    of: 'cancer',
    operations: op('32.4100', 0.35, 4, CT),
  }),
  reason('Z51.101', 'internal', 24, [35, 85], 'CCCOO', 5, {
    of: 'cancer',
    operations: op('99.2500', 0.95, 0),
  }),
  reason('C16.900', 'surgery', 5, [45, 85], 'COO', 16, {
    deaths: 15,
    of: 'cancer',
    operations: op('43.7x00x001', 0.5, 4),
  }),
  reason('C18.200', 'surgery', 4, [45, 85], 'COO', 16, {
    deaths: 10,
    of: 'cancer',
    operations: op('45.7300x003', 0.6, 4),
  }),
  reason('C50.900', 'surgery', 4, [35, 75], 'COO', 12, {
    sex: 'female',
    of: 'cancer',
    operations: op('85.4100x001', 0.6, 3, { incision: 'I' }),
  }),
  reason('D25.000', 'obstetrics', 9, [30, 55], 'MMCCO', 9, {
    sex: 'female',
    operations: op('68.4101', 0.5, 4, CT),
  }),
  reason('O80.000', 'obstetrics', 75, [20, 40], 'MMMC', 4, {
    sex: 'female',
    operations: op('73.5100', 1, 1),
  }),
  reason('O82.000', 'obstetrics', 50, [20, 42], 'MMMC', 6, {
    sex: 'female',
    operations: op('74.1x01', 1, 3, { incision: 'II' }),
  }),
  reason('F20.000', 'internal', 7, [18, 75], 'O', 28, { of: 'psychosis' }),
  reason('J35.000', 'surgery', 14, [3, 14], 'CCO', 6, { operations: op('28.2x00x002', 0.85, 2) }),
];

/** A child that was born in a hospital has a stay of its own. */
export const NEWBORN_REASONS: readonly (AdmissionReason & { readonly grams: readonly [number, number] })[] = [
  { ...reason('P59.000', 'paediatrics', 70, [0, 0], 'MMMC', 5), grams: [2300, 4200] },
  { ...reason('P22.000', 'paediatrics', 16, [0, 0], 'MCC', 10), grams: [2000, 3600] },
  { ...reason('P07.200', 'paediatrics', 8, [0, 0], 'CCO', 14), grams: [1500, 2490] },
];

/** Second diagnoses that stays carry, by the disease behind them or by age. */
export const OTHER_DIAGNOSES: Readonly<Record<Disease, string>> = {
  hypertension: 'I10.x00x002',
  diabetes: 'E11.900',
  copd: 'J44.900',
  stroke: 'I69.300',
  coronary: 'I25.103',
  kidney: 'N18.300',
  cancer: 'D64.900',
  psychosis: 'G47.000',
};
/** Second diagnoses that pass; the later ones weigh more and are rarer. */
export const PASSING_DIAGNOSES = [
  'E87.600',
  'K76.000',
  'E78.500',
  'E46.x00',
  'D64.900',
  'I48.200',
  'E87.100',
  'J96.000',
  'I50.900',
  'N17.900',
] as const;

function reason(
  code: string,
  department: string,
  frequency: number,
  ages: readonly [number, number],
  sites: string,
  days: number,
  more: Partial<AdmissionReason> = {},
): AdmissionReason {
  return { code, department, frequency, ages, sites, days, ...more };
}
