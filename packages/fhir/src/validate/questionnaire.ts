// Questionnaires: a condition asks a question of the same questionnaire, and never its own.
import { isObject } from '../path/node.ts';
import type { Findings } from './findings.ts';

type Json = Readonly<Record<string, unknown>>;

interface Placed {
  readonly item: Json;
  readonly at: string;
}

export function checkQuestionnaire(questionnaire: Json, at: string, findings: Findings): void {
  const items = [...itemsOf(questionnaire, at)];
  const linkIds = new Set(items.map(({ item }) => item['linkId']));
  for (const { item, at: place } of items) {
    const conditions: readonly unknown[] = Array.isArray(item['enableWhen']) ? item['enableWhen'] : [];
    conditions.forEach((condition, index) => {
      const question = isObject(condition) ? condition['question'] : undefined;
      if (typeof question !== 'string') return;
      const there = `${place}.enableWhen[${index}].question`;
      if (!linkIds.has(question))
        findings.error('value', there, '没有这个问题', 'there is no question with this linkId', 'F28');
      else if (question === item['linkId'])
        findings.error('value', there, '条件不能引用自身', 'a condition cannot ask its own item', 'F28');
    });
  }
}

function* itemsOf(holder: Json, at: string): Generator<Placed> {
  const items: readonly unknown[] = Array.isArray(holder['item']) ? holder['item'] : [];
  for (const [index, item] of items.entries()) {
    if (!isObject(item)) continue;
    const place = `${at}.item[${index}]`;
    yield { item, at: place };
    yield* itemsOf(item, place);
  }
}
