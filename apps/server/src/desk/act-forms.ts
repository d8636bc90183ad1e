// Acts of the smaller mechanisms: a command with a form made for it, in one shape.
import type { Act, FormOfAct, PickKind, Text } from '@yimai/desk/contract';
import type { ItemDeclaration, Value } from '@yimai/forms';

export interface MadeAct {
  readonly id: string;
  readonly name: Text;
  readonly type: string;
  readonly payload?: Readonly<Record<string, unknown>>;
  readonly items?: readonly ItemDeclaration[];
  readonly pickers?: Readonly<Record<string, PickKind>>;
  readonly prefill?: Readonly<Record<string, Value>>;
  readonly nest?: Readonly<Record<string, string>>;
  readonly tone?: Act['tone'];
  readonly final?: boolean;
  readonly needsReason?: boolean;
}

/** Answers go into the payload by their names, or under the name that `nest` says. */
export function madeAct(made: MadeAct): Act {
  const form: FormOfAct | null =
    made.items === undefined || made.items.length === 0
      ? null
      : {
          declaration: { id: made.id, version: '1', title: made.name, items: [...made.items] },
          pickers: Object.fromEntries(
            Object.entries(made.pickers ?? {}).map(([item, kind]) => [item, { kind }]),
          ),
          prefill: made.prefill ?? {},
          last: {},
        };
  return {
    id: made.id,
    name: made.name,
    tone: made.tone ?? 'main',
    form,
    needsReason: made.needsReason ?? false,
    barred: null,
    command: { type: made.type, payload: made.payload ?? {} },
    answersAs: 'payload',
    ...(made.nest === undefined ? {} : { nest: made.nest }),
    final: made.final ?? false,
  };
}

type Rest = Omit<ItemDeclaration, 'id' | 'text' | 'type'>;

export const ask = (
  id: string,
  type: ItemDeclaration['type'],
  zh: string,
  en: string,
  rest: Rest = {},
): ItemDeclaration => ({ id, text: { zh, en }, type, ...rest });
