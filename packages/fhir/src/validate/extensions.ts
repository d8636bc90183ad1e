// Extensions: a value or parts, an absolute URL, and for HL7's own what they are defined to hold and where they may stand.
import { definitions, isKindOf } from '../definitions/load.ts';
import type { ExtensionPart } from '../definitions/types.ts';
import { isObject } from '../path/node.ts';
import type { Findings } from './findings.ts';

type Json = Readonly<Record<string, unknown>>;

/** The element around an extension: its type, and how its owner names it (`HumanName.family`). */
export interface Host {
  readonly type: string;
  readonly path: string;
}

const ABSOLUTE = /^[a-zA-Z][a-zA-Z0-9+.-]*:/;
const LISTS = ['extension', 'modifierExtension'] as const;

/** One Extension by itself: its shape, and what its definition says it holds. */
export function checkExtension(findings: Findings, value: Json, at: string): void {
  const carried = carriedType(value);
  if ((value['extension'] !== undefined) === (carried !== null)) {
    findings.error(
      'invariant',
      at,
      '扩展必须有值或子扩展，且只能有其一',
      'ext-1: an extension has a value or extensions, not both',
      'ext-1',
    );
    return;
  }
  const known = definitionOf(value['url']);
  if (known) checkHeld(findings, value, known, at);
}

/** The extensions that stand on one element. */
export function checkExtensionPlaces(findings: Findings, element: Json, host: Host, at: string): void {
  if (host.type === 'Extension') return;
  for (const list of LISTS) {
    const extensions = element[list];
    if (!Array.isArray(extensions)) continue;
    extensions.forEach((one: unknown, index) => {
      if (isObject(one))
        checkPlace(findings, one['url'], list === 'modifierExtension', host, `${at}.${list}[${index}]`);
    });
  }
}

function checkPlace(findings: Findings, url: unknown, modifies: boolean, host: Host, at: string): void {
  if (typeof url !== 'string') return;
  if (!ABSOLUTE.test(url)) {
    const en = 'the URL of an extension must be absolute';
    findings.error('value', `${at}.url`, '扩展的 url 必须是绝对地址', en, 'F12');
    return;
  }
  const known = definitionOf(url);
  if (!known) return;
  if (!known.on.some((one) => one === 'Element' || one === host.path || isKindOf(host.type, one))) {
    const allowed = known.on.join(', ');
    findings.error(
      'structure',
      at,
      `此扩展不能用在这里，只能用在 ${allowed}`,
      `this extension may not stand here, only on ${allowed}`,
      'F12',
    );
  }
  if ((known.modifier === true) === modifies) return;
  const [zh, en] = known.modifier
    ? ['此扩展应放在 modifierExtension 中', 'this extension is a modifierExtension']
    : ['此扩展不是 modifierExtension', 'this extension is no modifierExtension'];
  findings.error('structure', at, zh, en, 'F12');
}

function checkHeld(
  findings: Findings,
  value: Json,
  known: Pick<ExtensionPart, 'values' | 'parts'>,
  at: string,
): void {
  const carried = carriedType(value);
  if (known.values) {
    if (carried !== null && known.values.some((type) => upperFirst(type) === carried)) return;
    const allowed = known.values.join(', ');
    findings.error(
      'structure',
      at,
      `此扩展的值类型应为 ${allowed}`,
      `this extension carries a value of type ${allowed}`,
      'F12',
    );
  } else if (known.parts && carried !== null) {
    findings.error('structure', at, '此扩展由子扩展组成', 'this extension holds extensions, no value', 'F12');
  } else if (known.parts) checkParts(findings, value, known.parts, at);
}

function checkParts(
  findings: Findings,
  value: Json,
  parts: Readonly<Record<string, ExtensionPart>>,
  at: string,
): void {
  const held: readonly unknown[] = Array.isArray(value['extension']) ? value['extension'] : [];
  const counts = new Map<string, number>();
  held.forEach((one, index) => {
    const url = isObject(one) ? one['url'] : undefined;
    if (!isObject(one) || typeof url !== 'string') return;
    const place = `${at}.extension[${index}]`;
    const part = Object.hasOwn(parts, url) ? parts[url] : undefined;
    if (part) {
      counts.set(url, (counts.get(url) ?? 0) + 1);
      checkHeld(findings, one, part, place);
    } else if (!ABSOLUTE.test(url))
      findings.error('structure', place, '此扩展没有这个子扩展', 'this extension has no such part', 'F12');
  });
  for (const [url, { min, max }] of Object.entries(parts)) {
    const count = counts.get(url) ?? 0;
    if (count < min)
      findings.error(
        'required',
        at,
        `此扩展缺少子扩展 ${url}`,
        `this extension lacks its part ${url}`,
        'F12',
      );
    else if (max >= 0 && count > max)
      findings.error('structure', at, `子扩展 ${url} 最多 ${max} 个`, `at most ${max} of part ${url}`, 'F12');
  }
}

function definitionOf(url: unknown) {
  const { extensions } = definitions();
  return typeof url === 'string' && Object.hasOwn(extensions, url) ? extensions[url] : undefined;
}

/** `String` of `valueString`; null without a value. */
function carriedType(value: Json): string | null {
  for (const key in value) if (/^_?value/.test(key)) return key.replace(/^_?value/, '');
  return null;
}

const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
