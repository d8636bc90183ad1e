// JSON Patch (RFC 6902) and FHIRPath Patch on the text of a resource. Numbers of a JSON Patch travel as marked texts, so
// that an untouched 1.00 stays 1.00.
import { applyFhirPathPatch, parseResourceText } from '@yimai/fhir';
import { must } from '@yimai/kit';
import { applyPatch as apply6902, type Operation } from 'rfc6902';
import { say } from './interaction-context.ts';

const MARK = '\u0001';

interface SourceJson {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown;
}

/** Answers the JSON text of the patched resource. */
export function applyPatch(text: string, body: string, mediaType: string): string {
  if (/^application\/(fhir\+)?json\s*(;|$)/.test(mediaType)) {
    must(parseResourceText(body));
    return must(applyFhirPathPatch(text, body));
  }
  if (!mediaType.startsWith('application/json-patch+json')) {
    throw say(
      'unsupported-media-type',
      'Content-Type',
      '补丁请用 application/json-patch+json，或 application/fhir+json 的 Parameters（FHIRPath Patch）',
      'send a patch as application/json-patch+json, or as Parameters (FHIRPath Patch) in application/fhir+json',
    );
  }
  const operations = parseOperations(body);
  const copy = parseMarked(text);
  const failures = apply6902(copy, [...operations]);
  const at = failures.findIndex((failure) => failure !== null);
  if (at >= 0) {
    const operation = operations[at]!;
    throw say(
      'patch-failed',
      `[${at}]${operation.path}`,
      `补丁第 ${at + 1} 步“${operation.op}”不成立`,
      `step ${at + 1} (${operation.op}) of the patch does not apply`,
    );
  }
  return JSON.stringify(copy).replace(/"\\u0001([^"]*)"/g, '$1');
}

function parseMarked(text: string): unknown {
  return (JSON as unknown as SourceJson).parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined ? MARK + source : value,
  );
}

const OPS = new Set(['add', 'remove', 'replace', 'move', 'copy', 'test']);

function parseOperations(body: string): readonly Operation[] {
  let value: unknown;
  try {
    value = parseMarked(body);
  } catch {
    throw say('invalid-json', '', '补丁不是合法 JSON', 'the patch is not JSON');
  }
  if (!Array.isArray(value)) throw say('patch-malformed', '', '补丁应为数组', 'a patch is an array');
  for (const [index, step] of value.entries()) {
    const { op, path } = (step ?? {}) as { op?: unknown; path?: unknown };
    if (
      typeof op !== 'string' ||
      !OPS.has(op) ||
      typeof path !== 'string' ||
      !(path === '' || path.startsWith('/'))
    ) {
      throw say(
        'patch-malformed',
        `[${index}]`,
        '补丁的步骤缺少 op 或 path',
        'a step of the patch lacks op or path',
      );
    }
    // A path into the prototype would change more than the resource.
    if (/\/(__proto__|constructor|prototype)(\/|$)/.test(path)) {
      throw say('patch-malformed', `[${index}].path`, '不允许的路径', 'this path is not allowed');
    }
  }
  return value as Operation[];
}
