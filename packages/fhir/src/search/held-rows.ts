// Says which rows answer a parameter: its own, or those of other parameters that hold the same values already.
import { componentId, parameterId } from './parameters.ts';

/** Rows of these parameters answer instead: the values asked are theirs together. */
const PLAIN: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  Observation: {
    'combo-code': ['code', 'component-code'],
    'combo-data-absent-reason': ['data-absent-reason', 'component-data-absent-reason'],
    'combo-value-concept': ['value-concept', 'component-value-concept'],
    'combo-value-quantity': ['value-quantity', 'component-value-quantity'],
  },
  Patient: { phonetic: ['name'] },
  Person: { phonetic: ['name'] },
  Practitioner: { phonetic: ['name'] },
  RelatedPerson: { phonetic: ['name'] },
};

/** Pairs of one resource as a whole: any row of the one beside any row of the other is a pair. */
const WHOLE: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  Observation: {
    'code-value-concept': ['code', 'value-concept'],
    'code-value-quantity': ['code', 'value-quantity'],
  },
};

/** Composites that are others together. */
const JOINED: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  Observation: {
    'combo-code-value-concept': ['code-value-concept', 'component-code-value-concept'],
    'combo-code-value-quantity': ['code-value-quantity', 'component-code-value-quantity'],
  },
};

/** Where the rows of a composite stand: a parameter for each component; `by part` if the rows of one element share it. */
export interface CompositeRows {
  readonly params: readonly number[];
  readonly byPart: boolean;
}

/** Whether a parameter of this type has no rows of its own. */
export const isHeldByOthers = (type: string, code: string): boolean =>
  [PLAIN, WHOLE, JOINED].some((table) => table[type]?.[code] !== undefined);

/** Numbers of the parameters whose rows answer. */
export const heldBy = (type: string, code: string): number[] =>
  (PLAIN[type]?.[code] ?? [code]).map((holder) => parameterId(type, holder));

export function compositeRows(type: string, code: string, components: number): readonly CompositeRows[] {
  return (JOINED[type]?.[code] ?? [code]).map((one) => {
    const whole = WHOLE[type]?.[one];
    return whole
      ? { params: whole.map((holder) => parameterId(type, holder)), byPart: false }
      : { params: Array.from({ length: components }, (_, at) => componentId(type, one, at)), byPart: true };
  });
}
