// Entries of registers whose words are fixed or whose rows other programmes look up by their key.

type Row = Readonly<Record<string, unknown>>;

const LINKS = [
  '信息采集',
  '风险研判',
  '任务派发',
  '现场检查',
  '问题交办',
  '整改落实',
  '复查验收',
  '量化评级',
  '结果公示',
  '归档评价',
];

const SITES = ['溪口镇', '白石镇', '望江镇', '青竹乡', '云台乡', '沙坪镇', '双河乡', '松岭乡'];

export const SEEDED_ROWS: Readonly<Record<string, readonly Row[]>> = {
  'ten-link-standards': LINKS.map((link, index) => ({
    link,
    standard: `${link}：一次告知、限时办结、留痕可查（合成）`,
    form: `JD-${String(index + 1).padStart(2, '0')}`,
  })),
  'sentinel-pay-rates': [
    { kind: '公共场所异常', fen: 2_000 },
    { kind: '饮用水异常', fen: 3_000 },
    { kind: '非法行医线索', fen: 5_000 },
    { kind: '医疗废物异常', fen: 3_000 },
    { kind: '学校卫生隐患', fen: 2_000 },
  ],
  'sentinel-sites': SITES.map((town, index) => ({
    site: `${town}监督哨点`,
    institution: true,
    staff: true,
    powers: true,
    equipment: index % 5 !== 3,
    funds: index % 7 !== 5,
  })),
};
