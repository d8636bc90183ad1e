// Rules of single data types that the definitions state in words or in expressions that every element would run.
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
      checkSystem(findings, type, value['system'], at);
      return;
    case 'Narrative':
      checkNarrative(findings, value['div'], at);
      return;
    case 'Attachment':
      checkAttachment(findings, value, at);
      return;
    default:
      return;
  }
}

function checkExtension(findings: Findings, value: Json, at: string): void {
  const hasExtension = value['extension'] !== undefined;
  let hasValue = false;
  for (const key in value) if (key.startsWith('value') || key.startsWith('_value')) hasValue = true;
  if (hasExtension === hasValue) {
    findings.error(
      'invariant',
      at,
      '扩展必须有值或子扩展，且只能有其一',
      'ext-1: an extension has a value or extensions, not both',
      'ext-1',
    );
  }
}

function checkSystem(findings: Findings, type: string, system: unknown, at: string): void {
  if (typeof system !== 'string' || system === '' || ABSOLUTE.test(system)) return;
  findings.error(
    'value',
    `${at}.system`,
    `${type}.system 必须是绝对 URI`,
    `${type}.system must be an absolute URI`,
    'F12',
  );
}

function checkNarrative(findings: Findings, div: unknown, at: string): void {
  if (typeof div !== 'string') return;
  const fault = narrativeFault(div);
  if (fault) findings.error('invariant', `${at}.div`, fault.zh, fault.en, fault.rule);
}

/** The stated size is that of the bytes, when both are here. */
function checkAttachment(findings: Findings, { data, size }: Json, at: string): void {
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
