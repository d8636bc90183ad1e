// A small fictional consortium for the first look: organisations, staff who can sign in, and a few hundred residents.
// Every person is synthetic: region 99 exists nowhere, the phone numbers cannot be dialled, and each resource says so.
import { ORGANISATION_LEVEL_SYSTEM, REGION_EXTENSION } from '@yimai/fhir';
import type { Text } from '@yimai/kit';
import type { Resource } from '@yimai/record';
import { nationalIdCheckDigit } from '@yimai/terms';

export interface DemoUser {
  readonly login: string;
  readonly name: string;
  readonly role: string;
  readonly roleName: Text;
  readonly org: string;
  readonly orgName: string;
}

/** Known to everybody, which is why a server with demo sign-ins never opens to the network. */
export const DEMO_PASSWORD = 'yimai-demo-2026';

const RESIDENTS = 360;
const SYNTHETIC = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason',
  code: 'HTEST',
  display: 'synthetic 虚构',
};
const TOWNS = ['青溪镇', '石桥镇', '白云乡', '临江镇'];
const VILLAGES = ['上坪村', '下坪村', '柳树村'];
const SURNAMES = [...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗'];
const GIVEN = [...'伟芳娜敏静强磊军洋勇艳杰涛明超秀霞平刚桂英华建国玉兰春梅海燕志红'];

interface Org {
  readonly id: string;
  readonly name: string;
  readonly level: string;
  readonly above?: string;
}

const ORGS: readonly Org[] = [
  { id: 'consortium', name: '云岭县紧密型医共体（虚构）', level: 'county' },
  { id: 'county-hospital', name: '云岭县人民医院', level: 'county', above: 'consortium' },
  { id: 'county-tcm-hospital', name: '云岭县中医医院', level: 'county', above: 'consortium' },
  { id: 'county-maternal-hospital', name: '云岭县妇幼保健院', level: 'county', above: 'consortium' },
  ...TOWNS.flatMap((town, at) => [
    { id: `township-${at + 1}`, name: `${town}卫生院`, level: 'township', above: 'consortium' },
    ...VILLAGES.map((village, place) => ({
      id: `village-${at + 1}-${place + 1}`,
      name: `${town}${village}卫生室`,
      level: 'village',
      above: `township-${at + 1}`,
    })),
  ]),
];

export const DEMO_USERS: readonly DemoUser[] = [
  demoUser('president', '陈立新', 'consortium-president', '医共体院长', 'Consortium president', 'consortium'),
  demoUser('doctor', '周明', 'hospital-doctor', '县医院医师', 'Hospital doctor', 'county-hospital'),
  demoUser('referral', '孙晓燕', 'referral-desk', '转诊办', 'Referral desk', 'county-hospital'),
  demoUser('township', '李秀兰', 'township-doctor', '乡镇医生', 'Township doctor', 'township-1'),
  demoUser('village', '王建国', 'village-doctor', '村医', 'Village doctor', 'village-1-1'),
  demoUser('insurer', '何静', 'insurer-clerk', '医保经办', "Insurer's clerk", 'consortium'),
  demoUser('inspector', '高勇', 'inspector', '卫生监督员', 'Inspector', 'consortium'),
];

function demoUser(login: string, name: string, role: string, zh: string, en: string, org: string): DemoUser {
  return { login, name, role, roleName: { zh, en }, org, orgName: ORGS.find(({ id }) => id === org)!.name };
}

/** The same resources with the same ids each time, so that loading twice changes nothing. */
export function demoResources(): Resource[] {
  const residents = Array.from({ length: RESIDENTS }, (_, index) => resident(index));
  return [...ORGS.map(organisation), ...residents] as unknown as Resource[];
}

function organisation({ id, name, level, above }: Org): object {
  return {
    resourceType: 'Organization',
    id,
    meta: { tag: [SYNTHETIC] },
    active: true,
    type: [{ coding: [{ system: ORGANISATION_LEVEL_SYSTEM, code: level }] }],
    name,
    ...(above ? { partOf: { reference: `Organization/${above}` } } : {}),
  };
}

function resident(index: number): object {
  const random = seeded(index + 1);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const family = pick(SURNAMES);
  const given = random() < 0.3 ? pick(GIVEN) : pick(GIVEN) + pick(GIVEN);
  const female = random() < 0.49;
  const born = new Date(
    Date.UTC(1935 + Math.floor(random() * 88), Math.floor(random() * 12), 1 + Math.floor(random() * 28)),
  );
  const birthDate = born.toISOString().slice(0, 10);
  const serial = String((index % 499) * 2 + (female ? 0 : 1)).padStart(3, '0');
  const first17 = `990101${birthDate.replaceAll('-', '')}${serial}`;
  const town = index % TOWNS.length;
  const village = Math.floor(index / TOWNS.length) % VILLAGES.length;
  return {
    resourceType: 'Patient',
    id: `resident-${String(index + 1).padStart(4, '0')}`,
    meta: { tag: [SYNTHETIC] },
    identifier: [
      { system: 'https://yimai.example/id/national-id', value: first17 + nationalIdCheckDigit(first17) },
    ],
    active: true,
    name: [{ text: family + given, family, given: [given] }],
    // Mobile prefixes begin with 13 to 19: a number that begins with 10 reaches nobody.
    telecom: [{ system: 'phone', use: 'mobile', value: `109${String(10_000_000 + index * 37)}` }],
    gender: female ? 'female' : 'male',
    birthDate,
    address: [
      {
        extension: [{ url: REGION_EXTENSION, valueCoding: { code: '990101' } }],
        text: `云岭县${TOWNS[town]}${VILLAGES[village]}${1 + (index % 60)}号`,
        district: '云岭县',
        city: '虚构市',
      },
    ],
    managingOrganization: { reference: `Organization/village-${town + 1}-${village + 1}` },
  };
}

/** Mulberry32: small, and the same on every machine. */
function seeded(seed: number): () => number {
  let state = seed * 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}
