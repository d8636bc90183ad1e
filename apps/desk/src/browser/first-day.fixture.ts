// The files with which a made-up county begins: houses, staff and two residents with a little history.
import { writeFileSync } from 'node:fs';
import ExcelJS from 'exceljs';

export type Cells = readonly (string | number)[];

export const HOUSES: readonly Cells[] = [
  ['qc', '青川县紧密型医共体（虚构）', '县', '', '医共体', '医共体办公室'],
  ['qc-bureau', '青川县卫生健康局（虚构）', '县', 'qc', '卫生健康局', '卫生健康局'],
  ['qc-hr', '医共体人力资源中心（虚构）', '县', 'qc', '人力资源中心', '人力资源中心'],
  ['qc-watch', '青川县卫生监督所（虚构）', '县', 'qc', '卫生监督所', '卫生监督'],
  ['qc-hospital', '青川县人民医院（虚构）', '县', '青川县紧密型医共体（虚构）', '综合医院', ''],
  ['qc-liuxi', '柳溪镇卫生院（虚构）', '乡镇', 'qc-hospital', '乡镇卫生院', ''],
  ['qc-shangping', '上坪村卫生室（虚构）', '村', 'qc-liuxi', '村卫生室', ''],
];

/** A level that is none, an organisation above that is not there, a number twice. */
export const WRONG_HOUSES: readonly Cells[] = [
  ['qc-a', '白马镇卫生院（虚构）', '片区', 'qc', '乡镇卫生院', ''],
  ['qc-b', '下坪村卫生室（虚构）', '村', '没有的卫生院', '村卫生室', ''],
  ['qc-liuxi', '柳溪镇卫生院（虚构）', '乡镇', 'qc', '乡镇卫生院', ''],
];

export const STAFF: readonly Cells[] = [
  ['w1', '周正明', '男', 'qc-liuxi', '乡镇卫生院院长', 'liuxi', '中级', ''],
  ['w2', '李秀兰', '女', 'qc-liuxi', '乡镇医生', 'doctor', '初级', ''],
  ['w3', '何冬梅', '女', 'qc-liuxi', '公共卫生人员', 'health', '', ''],
  ['w4', '赵满仓', '男', '上坪村卫生室（虚构）', '村医', 'village', '', ''],
  ['w5', '陈立', '男', 'qc-hr', '人事人员', 'hr', '', ''],
  ['w6', '孙倩', '女', 'qc-hospital', '转诊办', 'referral', '', ''],
  ['w7', '吴海', '男', 'qc-hospital', '县级医院医师', 'hospital', '副高', ''],
  ['w8', '阿卜杜热依木·买买提', '男', 'qc-hospital', '下派专家', 'expert', '副高', '超声诊断'],
  ['w9', '郑卫', '男', 'qc-bureau', '卫健局局长', 'bureau', '', ''],
];

/** 5,000 people of the villages of whom 37 rows are wrong, in three ways. */
export function manyStaff(): Cells[] {
  return Array.from({ length: 5_000 }, (_, index): Cells => {
    const number = `v${String(index + 1).padStart(4, '0')}`;
    const wrong = index % 135 === 7 ? index % 3 : -1;
    return [
      number,
      wrong === 0 ? '' : `村民医生${index + 1}`,
      wrong === 1 ? '未知' : index % 2 === 0 ? '男' : '女',
      wrong === 2 ? '没有这个卫生室' : 'qc-shangping',
      '',
      '',
      '',
      '',
    ];
  });
}

/** The template with rows below its heads. */
export async function fillTemplate(
  template: string,
  rows: readonly Cells[],
  path: string,
): Promise<string[]> {
  const book = new ExcelJS.Workbook();
  await book.xlsx.readFile(template);
  const sheet = book.worksheets[0]!;
  for (const row of rows) sheet.addRow([...row]);
  await book.xlsx.writeFile(path);
  return (sheet.getRow(1).values as unknown[]).slice(1).map(String);
}

export async function mergedSheet(path: string): Promise<void> {
  const book = new ExcelJS.Workbook();
  const sheet = book.addWorksheet('机构');
  sheet.addRow(['青川县机构一览']);
  sheet.mergeCells('A1:F1');
  sheet.addRow(['编号', '名称', '级别', '上级机构', '类别', '承担职能']);
  await book.xlsx.writeFile(path);
}

/** Two residents with a condition and a visit, as a hospital system would hand them over. */
export function writeOwnResidents(path: string): void {
  const house = { reference: 'Organization/qc-shangping' };
  const entry = [
    ['resident-wang', '王桂兰', 'female', '1968-07-02', '原发性高血压'],
    ['resident-tohti', '买买提·吐尔逊', 'male', '1959-11-20', '2型糖尿病'],
  ].flatMap(([id, name, gender, birthDate, disease]) => [
    {
      resourceType: 'Patient',
      id,
      active: true,
      name: [{ text: name }],
      gender,
      birthDate,
      managingOrganization: house,
      address: [{ text: '青川县柳溪镇上坪村（虚构）' }],
    },
    {
      resourceType: 'Condition',
      id: `${id}-condition`,
      subject: { reference: `Patient/${id}` },
      code: { text: disease },
      recordedDate: '2024-03-05',
    },
    {
      resourceType: 'Encounter',
      id: `${id}-visit`,
      status: 'finished',
      class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
      subject: { reference: `Patient/${id}` },
      serviceProvider: house,
      period: { start: '2025-05-06T09:00:00+08:00', end: '2025-05-06T09:20:00+08:00' },
    },
  ]);
  writeFileSync(path, `${entry.map((resource) => JSON.stringify(resource)).join('\n')}\n`);
}
