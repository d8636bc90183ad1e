// The made-up system: its moment, its session and sign-ins.
import type { DemoSignIn, Session, SystemInfo, Text } from '../contract.ts';
import { PLACES } from '../contract.ts';

export const NOW = '2026-03-05T02:20:00Z';

export const text = (zh: string, en: string): Text => ({ zh, en });

export const hoursAgo = (hours: number) => new Date(Date.parse(NOW) - hours * 3_600_000).toISOString();

export const system: SystemInfo = {
  name: text('清江县紧密型县域医共体', 'Qingjiang County Health Consortium'),
  synthetic: true,
  loading: null,
  now: NOW,
};

export const session: Session = {
  expiresAt: '2026-03-05T14:00:00Z',
  user: { id: '018f0000-0000-7000-8000-000000000001', name: '周晓梅', login: 'zhouxm' },
  roles: [
    {
      org: 'township-3',
      orgName: '柳溪镇中心卫生院',
      role: 'township-director',
      roleName: text('卫生院院长', 'Township director'),
      places: PLACES,
    },
    {
      org: 'county-hr',
      orgName: '清江县医共体人力资源中心',
      role: 'hr-clerk',
      roleName: text('人力资源中心', 'HR centre'),
      places: PLACES,
    },
  ],
};

export const demoSignIns: readonly DemoSignIn[] = [
  {
    login: 'township',
    password: 'synthetic-1',
    name: '周晓梅',
    role: text('卫生院院长', 'Township director'),
    org: '柳溪镇中心卫生院',
  },
  {
    login: 'hr',
    password: 'synthetic-2',
    name: '欧阳德海',
    role: text('人力资源中心', 'HR centre'),
    org: '清江县医共体人力资源中心',
  },
  {
    login: 'expert',
    password: 'synthetic-3',
    name: '阿卜杜热依木·买买提',
    role: text('下派专家', 'Dispatched expert'),
    org: '清江县人民医院',
  },
  {
    login: 'inspector',
    password: 'synthetic-4',
    name: '赵岚',
    role: text('卫生监督员', 'Inspector'),
    org: '清江县卫生监督所',
  },
];
