// Checks the values of FHIR primitives: JSON type, form, and dates that exist.

/** What is wrong with the value, in both languages; null if it is right. */
export type PrimitiveFault = readonly [zh: string, en: string] | null;
export type PrimitiveCheck = (value: unknown) => PrimitiveFault;

const MAX_STRING = 1024 * 1024;
const INT_MAX = 2_147_483_647;
/** Control characters other than tab, line feed and carriage return. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to refuse
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/;

function textFault(value: unknown): PrimitiveFault {
  if (typeof value !== 'string') return ['应为字符串', 'a string is expected'];
  if (value === '') return ['字符串不能为空', 'a string must not be empty'];
  if (value.length > MAX_STRING) return ['字符串超过 1 MB', 'a string must not exceed 1 MB'];
  if (CONTROL.test(value)) return ['字符串含有控制字符', 'the string holds a control character'];
  if (!value.isWellFormed())
    return ['字符串含有残缺的 Unicode 字符', 'the string holds half a Unicode character'];
  return null;
}

const formOf =
  (form: RegExp, zh: string, en: string): PrimitiveCheck =>
  (value) => {
    const fault = textFault(value);
    if (fault) return fault;
    return form.test(value as string) ? null : [zh, en];
  };

const YEAR = '(?!0000)\\d{4}';
const TIME = '(?:[01]\\d|2[0-3]):[0-5]\\d:(?:[0-5]\\d|60)(?:\\.\\d+)?';
const ZONE = '(?:Z|[+-](?:(?:0\\d|1[0-3]):[0-5]\\d|14:00))';
const DATE = new RegExp(`^${YEAR}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\\d|3[01]))?)?$`);
const DATE_TIME = new RegExp(
  `^${YEAR}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\\d|3[01])(?:T${TIME}${ZONE})?)?)?$`,
);
const INSTANT = new RegExp(`^${YEAR}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])T${TIME}${ZONE}$`);
const NO_ZONE = new RegExp(`^\\d{4}-\\d{2}-\\d{2}T${TIME}$`);

/** 28 days exist in every month; only later days need the calendar. */
function dayExists(text: string): boolean {
  const day = Number(text.slice(8, 10));
  if (text.length < 10 || day <= 28) return true;
  return day <= new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0)).getUTCDate();
}

const calendar =
  (form: RegExp, zh: string, en: string): PrimitiveCheck =>
  (value) => {
    if (typeof value !== 'string') return ['应为字符串', 'a string is expected'];
    if (!form.test(value)) {
      if (NO_ZONE.test(value)) return ['带时间的日期必须带时区', 'a date with a time must have a time zone'];
      return [zh, en];
    }
    return dayExists(value) ? null : ['该日期不存在', 'this date does not exist'];
  };

const integer =
  (min: number, zh: string, en: string): PrimitiveCheck =>
  (value) => {
    if (typeof value !== 'number') return ['应为数字', 'a number is expected'];
    return Number.isInteger(value) && value >= min && value <= INT_MAX ? null : [zh, en];
  };

const uriForm = formOf(/^\S*$/, 'URI 中不能有空白', 'a URI must not hold white space');

function uri(value: unknown): PrimitiveFault {
  const fault = uriForm(value);
  if (fault) return fault;
  const text = value as string;
  if (text.startsWith('urn:oid:')) return OID.test(text) ? null : ['OID 格式不正确', 'this is not an OID'];
  if (text.startsWith('urn:uuid:')) return UUID.test(text) ? null : ['UUID 格式不正确', 'this is not a UUID'];
  return null;
}

const OID = /^urn:oid:[0-2](?:\.(?:0|[1-9]\d*))+$/;
const UUID = /^urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
// Looked through from left to right: an expression that repeats groups would need a stack as deep as the text is long.
const NOT_BASE64 = /[^A-Za-z0-9+/]/;
const PADDING = /={1,2}$/;

function base64(value: unknown): PrimitiveFault {
  if (typeof value !== 'string') return ['应为字符串', 'a string is expected'];
  if (value === '') return ['字符串不能为空', 'a string must not be empty'];
  const packed = /\s/.test(value) ? value.replace(/\s+/g, '') : value;
  return packed.length % 4 === 0 && !NOT_BASE64.test(packed.replace(PADDING, ''))
    ? null
    : ['不是合法的 base64', 'this is not base64'];
}

/** The id of an element, unlike that of a resource, is any text without white space. */
export const ELEMENT_ID = formOf(
  /^\S+$/,
  '元素的 id 中不能有空白',
  'the id of an element holds no white space',
);

/** A language by its form (BCP 47). */
export const LANGUAGE = formOf(
  /^[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*$/,
  '语言代码格式不正确',
  'this is no language tag',
);

/** One check for each primitive type of R4. */
export const PRIMITIVES: Readonly<Record<string, PrimitiveCheck>> = {
  boolean: (value) =>
    typeof value === 'boolean' ? null : ['应为 true 或 false', 'true or false is expected'],
  integer: integer(-INT_MAX - 1, '应为 32 位整数', 'a 32-bit integer is expected'),
  unsignedInt: integer(0, '应为不小于 0 的整数', 'an integer of at least 0 is expected'),
  positiveInt: integer(1, '应为不小于 1 的整数', 'an integer of at least 1 is expected'),
  decimal: (value) => {
    if (typeof value !== 'number') return ['应为数字', 'a number is expected'];
    return Number.isFinite(value) ? null : ['数字过大', 'the number is too large'];
  },
  string: textFault,
  markdown: textFault,
  xhtml: textFault,
  code: formOf(/^\S+(?: \S+)*$/, '代码首尾及连续处不能有空白', 'a code has no outer or doubled white space'),
  id: formOf(
    /^[A-Za-z0-9\-.]{1,64}$/,
    'id 只能由 1–64 位字母、数字、- 和 . 组成',
    'an id is 1 to 64 letters, digits, - or .',
  ),
  uri,
  url: uri,
  canonical: uri,
  oid: formOf(OID, 'OID 格式不正确', 'this is not an OID'),
  uuid: formOf(UUID, 'UUID 格式不正确', 'this is not a UUID'),
  base64Binary: base64,
  date: calendar(
    DATE,
    '应为日期 YYYY、YYYY-MM 或 YYYY-MM-DD',
    'a date YYYY, YYYY-MM or YYYY-MM-DD is expected',
  ),
  dateTime: calendar(DATE_TIME, '日期时间格式不正确', 'this is not a dateTime'),
  instant: calendar(
    INSTANT,
    '应为带时区、精确到秒的时刻',
    'an instant with seconds and time zone is expected',
  ),
  time: formOf(new RegExp(`^${TIME}$`), '应为时间 HH:MM:SS', 'a time HH:MM:SS is expected'),
};
