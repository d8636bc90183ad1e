// JSON Patch (RFC 6902) on a resource; the result is validated like any other update.
import type { Resource } from '@yimai/record';
import { applyPatch as apply6902, type Operation } from 'rfc6902';
import { say } from './interaction-context.ts';

export function applyPatch(resource: Resource, body: string, mediaType: string): Resource {
  if (!mediaType.startsWith('application/json-patch+json')) {
    throw say(
      'unsupported-media-type',
      'Content-Type',
      '补丁请用 application/json-patch+json',
      'send a patch as application/json-patch+json',
    );
  }
  const operations = parseOperations(body);
  const copy = structuredClone(resource) as Resource;
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
  return copy;
}

const OPS = new Set(['add', 'remove', 'replace', 'move', 'copy', 'test']);

function parseOperations(body: string): readonly Operation[] {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw say('invalid-json', '', '补丁不是合法 JSON', 'the patch is not JSON');
  }
  if (!Array.isArray(value)) throw say('patch-malformed', '', '补丁应为数组', 'a patch is an array');
  for (const [index, step] of value.entries()) {
    const { op, path } = (step ?? {}) as { op?: unknown; path?: unknown };
    if (typeof op !== 'string' || !OPS.has(op) || typeof path !== 'string' || !(path === '' || path.startsWith('/'))) {
      throw say('patch-malformed', `[${index}]`, '补丁的步骤缺少 op 或 path', 'a step of the patch lacks op or path');
    }
    // A path into the prototype would change more than the resource.
    if (/\/(__proto__|constructor|prototype)(\/|$)/.test(path)) {
      throw say('patch-malformed', `[${index}].path`, '不允许的路径', 'this path is not allowed');
    }
  }
  return value as Operation[];
}
