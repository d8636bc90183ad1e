// The text of a question by its id.
import type { ItemDeclaration } from '@yimai/forms';
import type { Text } from '../contract.ts';

export function flatText(items: readonly ItemDeclaration[]): (id: string) => Text {
  const found = new Map<string, Text>();
  const walk = (list: readonly ItemDeclaration[]): void => {
    for (const item of list) {
      found.set(item.id, item.text);
      walk(item.items ?? []);
    }
  };
  walk(items);
  return (id) => found.get(id) ?? { zh: id, en: id };
}
