// XHTML of a narrative: well formed, only the elements and attributes that FHIR allows, nothing that runs.
import { HTML_ENTITIES } from './html-entities.ts';

export interface NarrativeFault {
  readonly zh: string;
  readonly en: string;
  readonly rule: 'txt-1' | 'txt-2';
}

const ELEMENTS = new Set(
  `p br div h1 h2 h3 h4 h5 h6 a span b em i strong small big tt dfn q var abbr acronym cite blockquote hr address bdo
  kbd sub sup code samp img map area ul ol li dl dt dd pre table caption colgroup col thead tr tfoot tbody th td ins
  del s u strike center font`.split(/\s+/),
);
const ATTRIBUTES = new Set(
  `title style class id lang xml:lang dir accesskey tabindex xmlns href name charset type hreflang rel rev shape coords
  src alt longdesc height width usemap ismap border cellspacing cellpadding frame rules summary span align valign char
  charoff scope colspan rowspan headers abbr axis cite datetime start value nohref compact clear noshade size color
  face bgcolor nowrap xml:space nav idref`.split(/\s+/),
);
const NAMESPACE = 'http://www.w3.org/1999/xhtml';
const PIECE =
  /<!--(?:(?!--)[\s\S])*-->|<\/([A-Za-z][\w:.-]*)\s*>|<([A-Za-z][\w:.-]*)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|[^<]+/y;
const ATTRIBUTE = /([\w:.-]+)\s*=\s*("[^"]*"|'[^']*')/g;
const ENTITY = /&([A-Za-z][A-Za-z0-9]*);/g;
const LONE_AMPERSAND = /&(?!(?:[A-Za-z][A-Za-z0-9]*|#\d+|#x[0-9A-Fa-f]+);)/;
/** Schemes that run something, once the white space and control characters that browsers skip are gone. */
const RUNS = /^(?:javascript|vbscript|data:text\/html)/i;
const SKIPPED = /[\s\p{Cc}]+/gu;

const fault = (zh: string, en: string): NarrativeFault => ({
  zh: `叙述文本不合规：${zh}`,
  en: `txt-1: ${en}`,
  rule: 'txt-1',
});

export function narrativeFault(div: string): NarrativeFault | null {
  const text = div.trim();
  for (const [, name = ''] of text.matchAll(ENTITY))
    if (!HTML_ENTITIES.has(name))
      return fault('含有未知的字符名', 'a character is named that HTML does not know');
  const open: string[] = [];
  let content = false;
  let closed = false;
  PIECE.lastIndex = 0;
  while (PIECE.lastIndex < text.length) {
    const match = PIECE.exec(text);
    if (!match) return fault('XHTML 不完整或含有不允许的标记', 'the XHTML is not well formed');
    const [whole, end, start, attributes = '', selfClosing] = match;
    if (closed) return fault('div 之后不能有内容', 'nothing may follow the div');
    if (end !== undefined) {
      if (open.pop() !== end) return fault(`标签 </${end}> 不匹配`, `</${end}> closes nothing`);
      closed = open.length === 0;
    } else if (start !== undefined) {
      const bad = open.length === 0 ? rootFault(start, attributes) : null;
      const wrong = bad ?? elementFault(start, attributes);
      if (wrong) return wrong;
      if (start === 'img') content = true;
      if (!selfClosing) open.push(start);
      else if (open.length === 0) closed = true;
    } else if (!whole.startsWith('<!--')) {
      if (open.length === 0) return fault('内容必须在 div 之内', 'content must stand inside the div');
      if (LONE_AMPERSAND.test(whole)) return fault('“&”未转义', 'an ampersand is not escaped');
      if (/\S/.test(whole)) content = true;
    }
  }
  if (!closed) return fault('标签未闭合', 'a tag is not closed');
  if (content) return null;
  return { zh: '叙述文本不能为空', en: 'txt-2: the narrative must have some content', rule: 'txt-2' };
}

function rootFault(name: string, attributes: string): NarrativeFault | null {
  if (name !== 'div') return fault('必须以 <div> 开始', 'it must start with a div');
  return attributes.includes(NAMESPACE)
    ? null
    : fault('div 缺少 XHTML 命名空间', 'the div lacks the XHTML namespace');
}

function elementFault(name: string, attributes: string): NarrativeFault | null {
  if (!ELEMENTS.has(name)) return fault(`不允许元素 ${name}`, `element ${name} is not allowed`);
  const seen = new Set<string>();
  for (const [, attribute = '', quoted = ''] of attributes.matchAll(ATTRIBUTE)) {
    if (seen.has(attribute)) return fault(`属性 ${attribute} 重复`, `attribute ${attribute} stands twice`);
    seen.add(attribute);
    if (!ATTRIBUTES.has(attribute) && !attribute.startsWith('xmlns:'))
      return fault(`不允许属性 ${attribute}`, `attribute ${attribute} is not allowed`);
    const value = decode(quoted.slice(1, -1)).replace(SKIPPED, '');
    if ((attribute === 'href' || attribute === 'src' || attribute === 'cite') && RUNS.test(value)) {
      return fault(`${attribute} 含有可执行内容`, `${attribute} would run a script`);
    }
    if (attribute === 'style' && /expression\(|javascript:|@import|behavior:/i.test(value)) {
      return fault('style 含有可执行内容', 'style would run a script');
    }
  }
  return null;
}

function decode(text: string): string {
  return text.replace(/&#(x[0-9a-fA-F]+|\d+);/g, (_all, code: string) => {
    const point = code.startsWith('x') ? Number.parseInt(code.slice(1), 16) : Number(code);
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : '';
  });
}
