// The made-up house: organisations and duties, a register and one object of it.
import type { ObjectFile, Office, Organisation, RegisterPage } from '../contract.ts';
import { act, reviewForm } from './story-case.ts';
import { item, ORGS } from './story-cases.ts';
import { hoursAgo, text } from './story-frame.ts';

export const organisations: readonly Organisation[] = [
  {
    id: 'city',
    name: '江北市卫生健康委员会',
    kind: null,
    level: 'city',
    parent: null,
    staff: null,
    offices: [],
    kindCode: null,
  },
  {
    id: 'county',
    name: '清江县医共体总医院',
    kind: text('牵头医院', 'Head hospital'),
    level: 'county',
    parent: 'city',
    staff: 1260,
    offices: [],
    kindCode: null,
  },
  ...ORGS.map((name, index) => ({
    id: `township-${index}`,
    name,
    kind: text('乡镇卫生院', 'Township hospital'),
    level: 'township' as const,
    parent: 'county',
    staff: 42 + index,
    offices: [],
    kindCode: null,
  })),
  ...Array.from({ length: 12 }, (_, index) => ({
    id: `village-${index}`,
    name: `${['上坪', '下坪', '桃源'][index % 3]}村卫生室（${index + 1}）`,
    kind: null,
    level: 'village' as const,
    parent: `township-${index % 4}`,
    staff: 1,
    offices: [],
    kindCode: null,
  })),
];

export const offices: readonly Office[] = [
  {
    id: 'hr-centre',
    name: text('人力资源中心', 'HR centre'),
    holder: { id: 'county', name: '清江县医共体总医院' },
    programmes: [{ id: 'hr/order-dispatch', name: text('订单式下派', 'Order-based dispatch') }],
  },
  { id: 'bureau', name: text('卫生健康局', 'Health bureau'), holder: null, programmes: [] },
];

export const registerPage: RegisterPage = {
  register: {
    id: 'insp/one-object-one-file/object',
    name: text('监督对象台账', 'Inspected objects'),
    programme: { id: 'insp/one-object-one-file', name: text('一户一档', 'One object, one file') },
    entries: 2604,
  },
  columns: [
    { id: 'name', name: text('名称', 'Name'), kind: 'text' },
    { id: 'kind', name: text('类别', 'Kind'), kind: 'choice' },
    { id: 'address', name: text('地址', 'Address'), kind: 'text' },
    { id: 'staff', name: text('从业人数', 'Staff'), kind: 'number' },
  ],
  items: Array.from({ length: 24 }, (_, index) => ({
    key: `object-${index}`,
    cells: [
      `清江县${['碧波', '金色', '阳光'][index % 3]}游泳馆 ${index + 1} 号`,
      '游泳场所',
      `柳溪镇人民路 ${index + 3} 号`,
      String(12 + index),
    ],
    effectiveFrom: '2025-01-01',
    effectiveTo: index % 7 === 3 ? '2025-12-31' : null,
  })),
  next: 'next',
  total: { count: 999, more: true },
  asOf: '2026-03-05',
  coverage: [
    {
      name: text('已建档的乡镇', 'Townships with files'),
      have: 6,
      of: 8,
      missing: [
        { id: 'a', name: '白马乡' },
        { id: 'b', name: '双河彝族苗族乡' },
      ],
    },
  ],
  canImport: true,
  write: act('add', text('登记', 'Add'), 'main', {
    form: { declaration: reviewForm, pickers: {}, prefill: {}, last: {} },
  }),
};

export const objectFile: ObjectFile = {
  register: registerPage.register,
  title: '清江县碧波游泳馆 1 号',
  grade: { name: text('B 级', 'Grade B'), colour: 'green', on: '2026-02-16', score: 84, recheck: '6 months' },
  story: [],
  cases: [item(0), item(5)],
  facts: [
    { label: text('类别', 'Kind'), value: '游泳场所' },
    { label: text('地址', 'Address'), value: '柳溪镇人民路 3 号' },
    { label: text('从业人数', 'Staff'), value: '12' },
  ],
  versions: [
    {
      at: hoursAgo(400),
      who: '赵岚',
      effectiveFrom: '2025-01-01',
      effectiveTo: null,
      facts: [{ label: text('从业人数', 'Staff'), value: '12' }],
    },
  ],
};
