// Rules of single data types that the definitions state in words or in expressions that every element would run.
import { checkExtension } from './extensions.ts';
import type { Findings } from './findings.ts';
import { narrativeFault } from './narrative.ts';

type Json = Readonly<Record<string, unknown>>;

const ABSOLUTE = /^[a-zA-Z][a-zA-Z0-9+.-]*:/;

export function checkDataType(findings: Findings, type: string, value: Json, at: string): void {
  switch (type) {
    case 'Extension':
      checkExtension(findings, value, at);
      return;
    case 'Coding':
    case 'Identifier':
      checkSystem(findings, type, value, at);
      return;
    case 'Narrative':
      checkNarrative(findings, value['div'], at);
      return;
    case 'Attachment':
    case 'Binary':
      checkAttachment(findings, value, at);
      return;
    default:
      return;
  }
}

/** The uri type promises no more than text; these systems name something and must be absolute. */
function checkSystem(findings: Findings, type: string, value: Json, at: string): void {
  const { system } = value;
  if (typeof system !== 'string' || system === '') return;
  const place = `${at}.system`;
  if (!ABSOLUTE.test(system)) {
    findings.error(
      'value',
      place,
      `${type}.system 必须是绝对 URI`,
      `${type}.system must be an absolute URI`,
      'F12',
    );
  } else if (type === 'Coding' && system.startsWith('http://hl7.org/fhir/ValueSet/')) {
    const en = 'the Coding names a value set, not a code system';
    findings.error('value', place, '编码系统处填写了值集', en, 'F12');
  } else if (
    type === 'Identifier' &&
    system === 'urn:ietf:rfc:3986' &&
    typeof value['value'] === 'string' &&
    !ABSOLUTE.test(value['value'])
  ) {
    const en = 'with system urn:ietf:rfc:3986 the value must be a full URI';
    findings.error('value', `${at}.value`, '系统为 urn:ietf:rfc:3986 时，值必须是完整 URI', en, 'F12');
  }
}

function checkNarrative(findings: Findings, div: unknown, at: string): void {
  if (typeof div !== 'string') return;
  const fault = narrativeFault(div);
  if (fault) findings.error('invariant', `${at}.div`, fault.zh, fault.en, fault.rule);
}

const MEDIA_TYPE = /^[\w!#$&^.+*-]+\/[\w!#$&^.+*-]+ *(?:;.*)?$/;

/** A MIME type by its form; the stated size is that of the bytes, when both are here. */
function checkAttachment(findings: Findings, { contentType, data, size }: Json, at: string): void {
  if (typeof contentType === 'string' && !MEDIA_TYPE.test(contentType))
    findings.error('value', `${at}.contentType`, '不是媒体类型', 'this is no MIME type', 'F12');
  if (typeof data !== 'string' || typeof size !== 'number') return;
  const packed = data.replace(/\s+/g, '');
  const bytes = Math.floor((packed.replace(/=+$/, '').length * 3) / 4);
  if (bytes === size) return;
  findings.error(
    'value',
    at,
    `附件声明 ${size} 字节，实为 ${bytes} 字节`,
    `the stated size ${size} differs from the actual ${bytes}`,
    'F12',
  );
}
