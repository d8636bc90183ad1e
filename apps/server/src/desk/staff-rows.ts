// A list of staff as people write it in a sheet: who, where, in which role, with which sign-in.
import type { ImportError, Organisation } from '@yimai/desk/contract';
import { rowKey } from '@yimai/fhir';
import type { Text, Uuid } from '@yimai/kit';
import type { Sheet } from './sheet.ts';
import {
  type Faults,
  faults,
  ID_FORM,
  listed,
  type NamedRow,
  namedRows,
  type SheetColumn,
} from './sheet-rows.ts';

export interface StaffRow {
  readonly row: number;
  /** Staff number: the id of the Practitioner. */
  readonly number: string;
  readonly name: string;
  readonly gender: 'male' | 'female' | null;
  readonly org: string;
  readonly roles: readonly string[];
  /** Null where no role is given: the person works here but does not sign in. */
  readonly login: string | null;
  readonly title: string | null;
  readonly specialty: string | null;
}

export interface KnownForStaff {
  readonly organisations: readonly Organisation[];
  /** Roles that may be given, by code. */
  readonly roles: ReadonlyMap<string, Text>;
  /** Row key of the Practitioner whose each login is; null for a user who is nobody of the staff. */
  readonly logins: ReadonlyMap<string, Uuid | null>;
}

const TITLES: Readonly<Record<string, Text>> = {
  junior: { zh: '初级', en: 'Junior' },
  intermediate: { zh: '中级', en: 'Intermediate' },
  'associate-senior': { zh: '副高', en: 'Associate senior' },
  senior: { zh: '正高', en: 'Senior' },
};
const LOGIN = /^[\p{L}\p{N}][\p{L}\p{N}._@-]{0,63}$/u;

export function staffColumns(roles: KnownForStaff['roles']): readonly SheetColumn[] {
  const names = [...roles.values()];
  return [
    {
      id: 'number',
      name: { zh: '工号', en: 'Staff number' },
      also: ['编号', '人员编号'],
      required: true,
      help: { zh: '字母、数字、点、短横，不重复', en: 'letters, digits, dots, dashes; unique' },
    },
    {
      id: 'name',
      name: { zh: '姓名', en: 'Name' },
      required: true,
      help: { zh: '与身份证一致', en: 'as on the identity card' },
    },
    { id: 'gender', name: { zh: '性别', en: 'Sex' }, help: { zh: '男或女', en: 'male or female' } },
    {
      id: 'org',
      name: { zh: '机构', en: 'Organisation' },
      also: ['单位', '所在机构', '机构编号'],
      required: true,
      help: { zh: '机构的编号或名称', en: 'number or name of the organisation' },
    },
    {
      id: 'roles',
      name: { zh: '岗位', en: 'Roles' },
      also: ['角色', 'role'],
      help: {
        zh: `可填多个；留空则不开账号。任选：${names.map((name) => name.zh).join('、')}`,
        en: `several allowed; empty: no sign-in. Of: ${names.map((name) => name.en).join(', ')}`,
      },
    },
    {
      id: 'login',
      name: { zh: '登录名', en: 'Login' },
      also: ['用户名'],
      help: { zh: '留空则用工号', en: 'empty: the staff number' },
    },
    {
      id: 'title',
      name: { zh: '职称', en: 'Title' },
      help: { zh: '初级、中级、副高、正高', en: 'junior, intermediate, associate senior, senior' },
    },
    { id: 'specialty', name: { zh: '专业', en: 'Specialty' }, help: { zh: '如 超声诊断', en: 'in words' } },
  ];
}

export function readStaff(
  sheet: Sheet,
  known: KnownForStaff,
): { staff: StaffRow[]; errors: readonly ImportError[] } {
  const found = faults();
  const numbers = new Map<string, number>();
  const logins = new Map<string, number>();
  const staff = namedRows(sheet, staffColumns(known.roles), found).flatMap((row): StaffRow[] => {
    const before = found.all.length;
    const number = numberOf(row, numbers, found);
    const org = organisationOf(row, known.organisations, found);
    const roles = rolesOf(row, known.roles, found);
    const login = roles.length === 0 ? null : loginOf(row, known.logins, logins, found);
    const gender = genderOf(row, found);
    const title = titleOf(row, found);
    if (found.all.length > before) return [];
    numbers.set(number, row.row);
    if (login !== null) logins.set(login, row.row);
    const specialty = row.cell('specialty') || null;
    return [{ row: row.row, number, name: row.cell('name'), gender, org, roles, login, title, specialty }];
  });
  return { staff, errors: found.all.sort((a, b) => a.row - b.row) };
}

function numberOf(row: NamedRow, seen: ReadonlyMap<string, number>, found: Faults): string {
  const number = row.cell('number');
  const earlier = seen.get(number);
  if (!ID_FORM.test(number))
    found.add(row.row, '工号', number, '只能用字母、数字、点和短横', 'letters, digits, dots and dashes only');
  else if (earlier !== undefined)
    found.add(row.row, '工号', number, `与第 ${earlier} 行重复`, `the same number as row ${earlier}`);
  return number;
}

function organisationOf(row: NamedRow, all: readonly Organisation[], found: Faults): string {
  const text = row.cell('org');
  const same = all.filter((each) => each.id === text || each.name === text);
  if (same.length === 0)
    found.add(
      row.row,
      '机构',
      text,
      '没有这个机构，请先导入机构',
      'no such organisation; bring organisations in first',
    );
  if (same.length > 1)
    found.add(
      row.row,
      '机构',
      text,
      '同名机构不止一个，请写编号',
      'several have this name; write the number',
    );
  return same[0]?.id ?? '';
}

function rolesOf(row: NamedRow, roles: KnownForStaff['roles'], found: Faults): string[] {
  return listed(row.cell('roles')).flatMap((text) => {
    const role = [...roles].find(([code, name]) =>
      [code, name.zh, name.en.toLowerCase()].includes(text.toLowerCase()),
    );
    if (role) return [role[0]];
    found.add(
      row.row,
      '岗位',
      text,
      `没有岗位“${text}”，见模板的填写说明`,
      `there is no role "${text}"; see the template`,
    );
    return [];
  });
}

function loginOf(
  row: NamedRow,
  known: KnownForStaff['logins'],
  seen: ReadonlyMap<string, number>,
  found: Faults,
): string {
  const login = (row.cell('login') || row.cell('number')).normalize('NFKC').toLowerCase();
  const earlier = seen.get(login);
  if (!LOGIN.test(login))
    found.add(row.row, '登录名', login, '只能用文字、数字和 . _ - @', 'letters, digits and . _ - @ only');
  else if (earlier !== undefined)
    found.add(row.row, '登录名', login, `与第 ${earlier} 行重复`, `the same login as row ${earlier}`);
  else if (known.has(login) && known.get(login) !== rowKey('Practitioner', row.cell('number')))
    found.add(row.row, '登录名', login, '已被其他人使用', 'somebody else has it');
  return login;
}

function genderOf(row: NamedRow, found: Faults): StaffRow['gender'] {
  const text = row.cell('gender').toLowerCase();
  if (text === '') return null;
  if (/^(男|男性|male|m)$/.test(text)) return 'male';
  if (/^(女|女性|female|f)$/.test(text)) return 'female';
  found.add(row.row, '性别', text, '应为 男 或 女', 'should be male or female');
  return null;
}

function titleOf(row: NamedRow, found: Faults): string | null {
  const text = row.cell('title').toLowerCase();
  if (text === '') return null;
  const code = Object.entries(TITLES).find(([id, name]) =>
    [id, name.zh, name.en.toLowerCase()].includes(text),
  )?.[0];
  if (code === undefined)
    found.add(
      row.row,
      '职称',
      text,
      '应为初级、中级、副高、正高之一',
      'junior, intermediate, associate senior or senior',
    );
  return code ?? null;
}
