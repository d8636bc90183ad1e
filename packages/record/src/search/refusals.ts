// Every way a search can say no, in the order in which they are found.
import { type No, refuse } from '@yimai/kit';

export const SEARCH_REFUSALS = [
  'search-too-long',
  'search-page-invalid',
  'search-parameter-unknown',
  'search-parameter-unsupported',
  'search-modifier-unsupported',
  'search-chain-invalid',
  'search-value-invalid',
  'search-value-set-unknown',
  'search-type-unknown',
  'search-include-invalid',
  'search-sort-invalid',
  'search-control-invalid',
] as const;
export type SearchRefusal = (typeof SEARCH_REFUSALS)[number];

const RULE: Readonly<Record<SearchRefusal, string>> = {
  'search-too-long': 'R-S5',
  'search-page-invalid': 'R-S62',
  'search-parameter-unknown': 'R-S2',
  'search-parameter-unsupported': 'R-S3',
  'search-modifier-unsupported': 'R-S4',
  'search-chain-invalid': 'R-S40',
  'search-value-invalid': 'R-S1',
  'search-value-set-unknown': 'R-S17',
  'search-type-unknown': 'R-S6',
  'search-include-invalid': 'R-S50',
  'search-sort-invalid': 'R-S57',
  'search-control-invalid': 'R-S7',
};

const TITLE: Readonly<Record<SearchRefusal, readonly [zh: string, en: string]>> = {
  'search-too-long': ['查询过长', 'the search is too long'],
  'search-page-invalid': [
    '翻页链接无效或已过期，请重新检索',
    'the page link is not valid or too old; search again',
  ],
  'search-parameter-unknown': ['没有这个检索参数', 'there is no such search parameter'],
  'search-parameter-unsupported': ['不支持这个检索参数', 'this search parameter is not supported'],
  'search-modifier-unsupported': [
    '这个检索参数不支持该修饰符',
    'this modifier does not apply to the parameter',
  ],
  'search-chain-invalid': ['链式检索写法有误', 'the chain cannot be followed'],
  'search-value-invalid': ['检索值写法有误', 'the value cannot be read'],
  'search-value-set-unknown': ['没有这个值集', 'the value set is not known'],
  'search-type-unknown': ['没有这个资源类型', 'there is no such resource type'],
  'search-include-invalid': ['附带资源的写法有误', 'the include cannot be read'],
  'search-sort-invalid': ['不能按此排序', 'this cannot be sorted by'],
  'search-control-invalid': ['检索控制参数的值有误', 'the value of this result parameter cannot be read'],
};

/** `at` is the parameter as written in the query; the value never appears, because it may be a person's. */
export function no(code: SearchRefusal, at: string, hint?: { zh: string; en: string }): No {
  const [zh, en] = TITLE[code];
  const detail = hint ? { zh: `${zh}：${hint.zh}`, en: `${en}: ${hint.en}` } : { zh, en };
  return refuse(code, detail, { at: at.slice(0, 200), rule: RULE[code] });
}
