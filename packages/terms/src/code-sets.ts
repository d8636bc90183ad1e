// Short national code sets as data (facts 9.4): sex, marriage, ethnicity, blood groups, education, insurance, levels.

export type CodeSet = Readonly<Record<string, string>>;

const byOrder = (names: string): CodeSet =>
  Object.fromEntries(names.split(' ').map((name, at) => [String(at + 1).padStart(2, '0'), name]));

/** GB/T 2261.1 */
export const SEX: CodeSet = { 0: '未知的性别', 1: '男性', 2: '女性', 9: '未说明的性别' };

/** GB/T 2261.2 */
export const MARRIAGE: CodeSet = {
  10: '未婚',
  20: '已婚',
  21: '初婚',
  22: '再婚',
  23: '复婚',
  30: '丧偶',
  40: '离婚',
  90: '未说明的婚姻状况',
};

const ETHNIC_NAMES =
  '汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇 ' +
  '柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 ' +
  '塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺';

/** GB/T 3304: 56 peoples, other, and naturalised. */
export const ETHNICITY: CodeSet = {
  ...Object.fromEntries(Object.entries(byOrder(ETHNIC_NAMES)).map(([code, name]) => [code, `${name}族`])),
  97: '其他',
  98: '外国血统中国籍人士',
};

/** CV02.01.101 */
export const ID_DOCUMENT_TYPE: CodeSet = {
  '01': '居民身份证',
  '02': '居民户口簿',
  '03': '护照',
  '04': '军官证',
  '05': '驾驶证',
  '06': '港澳居民来往内地通行证',
  '07': '台湾居民来往内地通行证',
  99: '其他法定有效证件',
};

/** CV04.50.005 */
export const ABO_BLOOD_GROUP: CodeSet = { 1: 'A型', 2: 'B型', 3: 'O型', 4: 'AB型', 5: '不详' };
/** CV04.50.020 */
export const RH_BLOOD_GROUP: CodeSet = { 1: 'Rh阴性', 2: 'Rh阳性', 3: '不详' };

/** GB/T 4658 (main classes) */
export const EDUCATION: CodeSet = {
  10: '研究生教育',
  20: '大学本科教育',
  30: '大学专科教育',
  40: '中等职业教育',
  50: '技工学校教育',
  60: '普通高级中学教育',
  70: '初级中学教育',
  80: '小学教育',
  90: '文盲或半文盲',
};

/** CV02.01.204 */
export const INSURANCE: CodeSet = {
  '01': '城镇职工基本医疗保险',
  '02': '城乡居民基本医疗保险',
  '03': '新型农村合作医疗',
  '04': '贫困救助',
  '05': '商业医疗保险',
  '06': '全公费',
  '07': '全自费',
  '08': '其他社会保险',
  99: '其他',
};

/** Hospital level and grade (医院等级), 1 first-level C to 9 third-level A. */
export const HOSPITAL_LEVEL: CodeSet = {
  1: '一级丙等',
  2: '一级乙等',
  3: '一级甲等',
  4: '二级丙等',
  5: '二级乙等',
  6: '二级甲等',
  7: '三级丙等',
  8: '三级乙等',
  9: '三级甲等',
};

export const hasCode = (set: CodeSet, code: string): boolean => Object.hasOwn(set, code);
