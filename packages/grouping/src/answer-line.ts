// One line in, one line out: parses a record, groups it and writes the answer; a line that is no record answers an error.
import type { Refusal } from '@yimai/kit';
import type { CompiledScheme } from './compile.ts';
import { group } from './group.ts';
import type { Line } from './line-reader.ts';
import { readStay } from './read-stay.ts';
import { groupWithTrail } from './trail.ts';
import { type CodeNames, type GroupResult, STATUS } from './types.ts';

export interface AnswerOptions {
  readonly scheme: CompiledScheme;
  /** Names turn the trail on. */
  readonly names: CodeNames | undefined;
}

/** Answers lines one after the other and counts those that were no record. */
export class Answerer {
  readonly #options: AnswerOptions;
  readonly #tails = new Map<GroupResult, string>();
  lineCount = 0;
  errorCount = 0;

  constructor(options: AnswerOptions) {
    this.#options = options;
  }

  answer(line: Line): string {
    this.lineCount += 1;
    if (typeof line !== 'string') return this.#error(null, LINE_FAULTS[line.fault]);
    if (line.trim() === '') return this.#error(null, LINE_FAULTS['line-empty']);
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (error) {
      return this.#error(null, notJson(error));
    }
    const stay = readStay(value);
    if (!stay.ok) return this.#error(idOf(value), stay.refusal);
    const { scheme, names } = this.#options;
    if (names !== undefined) {
      return `${JSON.stringify({ id: stay.value.id, ...groupWithTrail(stay.value, scheme, names) })}\n`;
    }
    return `{"id":${JSON.stringify(stay.value.id)}${this.#tail(group(stay.value, scheme))}`;
  }

  /** The answer after the id; the same few hundred results come again and again. */
  #tail(result: GroupResult): string {
    let tail = this.#tails.get(result);
    if (tail === undefined) {
      tail = `,${JSON.stringify(result).slice(1)}\n`;
      this.#tails.set(result, tail);
    }
    return tail;
  }

  #error(id: string | null, refusal: Refusal): string {
    this.errorCount += 1;
    const line = this.lineCount;
    const text = `第 ${line} 行：${refusal.detail?.zh ?? ''} (line ${line}: ${refusal.detail?.en ?? refusal.code})`;
    const error = { code: refusal.code, line, at: refusal.at ?? '$', text };
    return `${JSON.stringify({ id, status: STATUS.notARecord, mdc: '', adrg: '', drg: '', error })}\n`;
  }
}

const LINE_FAULTS = {
  'not-utf8': { code: 'not-utf8', detail: { zh: '不是 UTF-8 文本', en: 'not UTF-8 text' } },
  'line-too-long': {
    code: 'line-too-long',
    detail: { zh: '一行超过 16 MB', en: 'a line of more than 16 MB' },
  },
  'line-empty': { code: 'line-empty', detail: { zh: '空行', en: 'an empty line' } },
  'gzip-damaged': {
    code: 'gzip-damaged',
    detail: { zh: 'gzip 数据损坏，其后内容未读', en: 'the gzip data are damaged; what follows was not read' },
  },
} satisfies Record<string, Refusal>;

/** Only the place is told: the parser's own message would quote the record. */
function notJson(error: unknown): Refusal {
  const position = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
  return {
    code: 'not-json',
    ...(position === undefined ? {} : { at: `column ${Number(position) + 1}` }),
    detail: { zh: '不是 JSON', en: 'not JSON' },
  };
}

function idOf(value: unknown): string | null {
  const id = (value as { id?: unknown } | null)?.id;
  return typeof id === 'string' ? id : null;
}
