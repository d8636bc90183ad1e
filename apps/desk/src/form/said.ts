// What a form holds, in the words of the person who filled it in: it can be read also when its form is no longer offered.
import type { Answers, ItemDeclaration, Value } from '@yimai/forms';
import { type Text, unitWord } from '../contract.ts';
import { isBlank, questionsOf } from './check.ts';

interface SaidWords {
  readonly say: (text: Text) => string;
  readonly yes: string;
  readonly no: string;
  readonly comma: string;
}

/** Question and answer, line by line; what was chosen from a list of names or taken with the camera has no words here. */
export function saidOf(
  items: readonly ItemDeclaration[],
  answers: Answers,
  words: SaidWords,
): (readonly [question: string, answer: string])[] {
  return questionsOf(items).flatMap((item) => {
    const value = answers[item.id] ?? null;
    if (isBlank(value) || WORDLESS.includes(item.type) || item.calculate !== undefined) return [];
    const said = [value].flat().map((one) => wordOf(item, one as Value, words));
    return [[words.say(item.text), said.join(words.comma)] as const];
  });
}

const WORDLESS: readonly ItemDeclaration['type'][] = ['reference', 'photo', 'file', 'signature'];

function wordOf(item: ItemDeclaration, value: Value, { say, yes, no }: SaidWords): string {
  if (typeof value === 'boolean') return value ? yes : no;
  const option = item.options?.find((each) => each.code === value);
  return option ? say(option.text) : `${String(value)}${item.unit ? ` ${unitWord(item.unit)}` : ''}`;
}
