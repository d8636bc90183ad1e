// What is wrong with the answers so far, question by question, in the words of the desk; the server checks again.
import type { FormDeclaration, ItemDeclaration, Value } from '@yimai/forms';
import { isLocalDate } from '@yimai/kit';

export type Fault =
  | { readonly item: string; readonly word: 'missing' | 'notANumber' | 'notWhole' | 'notADate' }
  | { readonly item: string; readonly word: 'tooSmall' | 'tooLarge' | 'tooLong'; readonly n: number };

const DATE = /^\d{4}-\d{2}-\d{2}/;

/** Faults in reading order. Questions that skip logic closes, and those that are calculated, have none. */
export function faultsOf(
  form: FormDeclaration,
  answers: Readonly<Record<string, Value>>,
  enabled: ReadonlySet<string>,
  needed: readonly string[] = [],
): Fault[] {
  return questionsOf(form.items).flatMap((item) => {
    if (!enabled.has(item.id) || item.calculate !== undefined) return [];
    const value = answers[item.id] ?? null;
    const wanted = item.required === true || needed.includes(item.id);
    if (isBlank(value)) return wanted ? [{ item: item.id, word: 'missing' as const }] : [];
    return faultOf(item, value);
  });
}

/** All questions (no groups, no notes) in reading order. */
export function questionsOf(items: readonly ItemDeclaration[]): ItemDeclaration[] {
  return items.flatMap((item) => {
    const inner = questionsOf(item.items ?? []);
    return item.type === 'group' || item.type === 'note' ? inner : [item, ...inner];
  });
}

export const isBlank = (value: Value): boolean =>
  value === null || value === '' || (Array.isArray(value) && value.length === 0);

function faultOf(item: ItemDeclaration, value: Value): Fault[] {
  switch (item.type) {
    case 'whole':
    case 'number':
    case 'quantity':
      return numberFault(item, value);
    case 'text':
    case 'long-text':
      return item.longest !== undefined && [...String(value)].length > item.longest
        ? [{ item: item.id, word: 'tooLong', n: item.longest }]
        : [];
    case 'date':
    case 'date-time':
      return DATE.test(String(value)) && isLocalDate(String(value).slice(0, 10))
        ? []
        : [{ item: item.id, word: 'notADate' }];
    default:
      return [];
  }
}

function numberFault(item: ItemDeclaration, value: Value): Fault[] {
  if (typeof value !== 'number' || !Number.isFinite(value)) return [{ item: item.id, word: 'notANumber' }];
  if (item.type === 'whole' && !Number.isInteger(value)) return [{ item: item.id, word: 'notWhole' }];
  if (item.min !== undefined && value < item.min) return [{ item: item.id, word: 'tooSmall', n: item.min }];
  if (item.max !== undefined && value > item.max) return [{ item: item.id, word: 'tooLarge', n: item.max }];
  return [];
}

/** `128  76  36.5` pasted into one field: the numbers for it and the numeric questions after it; null when not a row. */
export function numbersOf(text: string): number[] | null {
  const parts = text.trim().split(/[\s,，;；\t]+/);
  if (parts.length < 2) return null;
  const numbers = parts.map(Number);
  return numbers.every((number) => Number.isFinite(number)) ? numbers : null;
}
