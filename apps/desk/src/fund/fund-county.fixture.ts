// A small made-up county with an insurer, its houses and a year of settlement lists as a file, for the fund's browser test.
import { join } from 'node:path';
import { rowKey } from '@yimai/fhir';
import { must, SimulatedClock } from '@yimai/kit';
import { testDatabase } from '@yimai/postgres/testing';
import { assignRole, createUser, type Resource } from '@yimai/record';
import { type Consortium, openConsortium, startServer } from '@yimai/server';
import { ensureBuilt } from '../index.ts';

export const PASSWORD = 'synthetic-sign-in-1';
export const CLERK = '何清算';
const NOW = '2026-12-31T02:00:00Z';
const OFFICE = 'https://yimai.example/fhir/office';
const LEVEL = 'https://yimai.example/fhir/CodeSystem/organisation-level';

const HOUSES: readonly (readonly [id: string, name: string, level: string])[] = [
  ['consortium', '清江县紧密型县域医共体（虚构）', 'county'],
  ['insurer', '清江县医疗保障局（虚构）', 'county'],
  ['county-hospital', '清江县人民医院（虚构）', 'county'],
  ['tcm-hospital', '清江县中医医院（虚构）', 'county'],
  ['township-1', '柳溪镇中心卫生院（虚构）', 'township'],
  ['township-2', '双河彝族苗族乡卫生院（虚构）', 'township'],
  ['city-hospital', '云州市第一人民医院（虚构）', 'city'],
];

export interface FundCounty {
  readonly url: string;
  readonly consortium: Consortium;
  close(): Promise<void>;
}

export async function fundCounty(): Promise<FundCounty> {
  const place = await testDatabase();
  const log = () => undefined;
  const consortium = await openConsortium({
    dataDir: join(place.dir, 'data'),
    databaseUrls: { owner: place.ownerUrl, app: place.appUrl },
    schema: place.schema,
    keyFile: join(place.dir, 'keys.json'),
    clock: new SimulatedClock(NOW),
    log,
  });
  const { record, database, policy, clock } = consortium;
  await record.transaction(record.systemAccess(), { via: 'command' }, async (tx) => {
    for (const resource of resources()) await tx.update(resource);
  });
  const practitioner = rowKey('Practitioner', 'staff-insurer');
  const user = { login: 'insurer', name: CLERK, password: PASSWORD, practitioner, demo: true };
  const made = must(await createUser(database, policy, user, clock.now()));
  const role = { user: made.id, role: 'insurer-clerk', org: 'insurer' };
  must(await assignRole(database, policy, role, clock.now()));
  const server = await startServer(consortium, {
    port: 0,
    demo: true,
    keepsViews: false,
    demoSignIns: [
      {
        login: 'insurer',
        password: PASSWORD,
        name: CLERK,
        role: { zh: '医保经办人员', en: "Insurer's clerk" },
        org: '清江县医疗保障局（虚构）',
      },
    ],
    deskFolder: await ensureBuilt(),
    log,
  });
  return {
    url: server.url,
    consortium,
    async close() {
      await server.close();
      await consortium.close();
      await place.close();
    },
  };
}

function resources(): Resource[] {
  const houses = HOUSES.map(
    ([id, name, level]): Resource => ({
      resourceType: 'Organization',
      id,
      name,
      ...(id === 'insurer' ? { identifier: [{ system: OFFICE, value: id }] } : {}),
      type: [{ coding: [{ system: LEVEL, code: level }] }],
    }),
  );
  const people = ['staff-insurer', 'staff-village', 'staff-township'].map(
    (id): Resource => ({ resourceType: 'Practitioner', id, active: true, name: [{ text: CLERK }] }),
  );
  return [...houses, ...people];
}

const COLUMNS =
  'id,patient,org,level,payer,gender,birthDate,weight,dept,admittedOn,dischargedOn,leavingType,dx,proc,cost,patientBorne';

const REASONS: readonly (readonly [dx: string, proc: string, days: number, cost: number])[] = [
  ['J18.000|I10.x00x002', '', 8, 5200],
  ['I63.500|I10.x00x002|E11.900', '', 11, 9100],
  ['K80.100x001|K76.000', '51.2300', 8, 11_800],
  ['K35.800x001', '47.0100', 6, 9400],
  ['I20.000|I10.x00x002', '36.0700', 8, 38_600],
  ['H25.900', '13.4100x001', 3, 5900],
  ['E11.900|N18.300', '', 9, 4700],
  ['J44.100|J96.000', '', 9, 7300],
  ['M51.202', '', 10, 4100],
  ['S72.000', '81.5200x004', 15, 41_000],
];

/** `count` lists over the year; the same on every machine. All persons are synthetic. */
export function listLines(count: number): string[] {
  const houses = [
    'county-hospital',
    'county-hospital',
    'tcm-hospital',
    'township-1',
    'township-2',
    'city-hospital',
  ];
  const lines = Array.from({ length: count }, (_, index) => {
    const [dx, proc, days, cost] = REASONS[(index * 7) % REASONS.length]!;
    const org = houses[(index * 5 + Math.floor(index / 12)) % houses.length]!;
    const level = org.startsWith('township') ? 'primary' : org === 'city-hospital' ? 'tertiary' : 'secondary';
    const month = String((index % 12) + 1).padStart(2, '0');
    const spread = 70 + ((index * 37) % 61) + (index % 97 === 0 ? 260 : 0);
    const fen = Math.round(cost * spread) + (index % 100);
    const borne = Math.round(fen * 0.3);
    const money = (amount: number): string => (amount / 100).toFixed(2);
    const year = 1940 + ((index * 13) % 60);
    const from = `2026-${month}-${String(1 + (index % 9)).padStart(2, '0')}`;
    const to = `2026-${month}-${String(1 + (index % 9) + days).padStart(2, '0')}`;
    const payer = index % 4 === 0 ? 'employee' : 'resident';
    const number = `QJ2026-${String(index + 1).padStart(5, '0')}`;
    return `${number},made-up-${index % 400},${org},${level},${payer},${(index % 2) + 1},${year}-05-01,,,${from},${to},1,${dx},${proc},${money(fen)},${money(borne)}`;
  });
  return [COLUMNS, ...lines];
}

/** The same file with three rows that no insurer could settle. */
export function withFaults(lines: readonly string[]): string {
  const [head, ...rows] = lines;
  const bad = [
    'BAD-1,made-up-x,county-hospital,secondary,resident,1,1960-05-01,,,2026-03-12,2026-03-02,1,J18.000,,100.00,10.00',
    'BAD-2,made-up-x,county-hospital,secondary,resident,1,1960-05-01,,,2026-03-02,2026-03-12,1,,,100.00,10.00',
    'BAD-3,made-up-x,county-hospital,secondary,resident,1,1960-05-01,,,2026-03-02,2026-03-12,1,J18.000,,12.345,10.00',
  ];
  return [head, ...bad, ...rows].join('\n');
}
