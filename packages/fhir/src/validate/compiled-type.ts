// Compiles a type of the definitions once into what the walk needs: properties by name, required elements, invariants.
import { definitions, propertyName, typeDef } from '../definitions/load.ts';
import type { ElementDef, TypeDef } from '../definitions/types.ts';
import { type CompiledPath, compilePath } from '../path/compile.ts';
import { ELEMENT_ID, LANGUAGE, PRIMITIVES, type PrimitiveCheck } from './primitives.ts';

export interface Invariant {
  readonly key: string;
  readonly human: string;
  readonly path: CompiledPath;
}

/** One JSON property of a type: an element, or one type of a choice. */
export interface Property {
  readonly name: string;
  /** How its owner names it: `HumanName.family`. */
  readonly path: string;
  readonly element: ElementDef;
  readonly type: string;
  /** How FHIRPath names it: `value.ofType(Quantity)` for `valueQuantity`. */
  readonly step: string;
  readonly list: boolean;
  /** Set for primitives only. */
  readonly check: PrimitiveCheck | null;
  readonly resource: boolean;
  readonly targets: ReadonlySet<string> | null;
  readonly invariants: readonly Invariant[];
}

export interface Required {
  /** `value[x]` for a choice. */
  readonly name: string;
  /** The JSON names that satisfy it, those of extensions only (`_value...`) included. */
  readonly properties: readonly string[];
}

export interface CompiledType {
  readonly name: string;
  readonly def: TypeDef;
  readonly properties: ReadonlyMap<string, Property>;
  readonly required: readonly Required[];
  readonly invariants: readonly Invariant[];
}

const compiled = new Map<string, CompiledType>();

function invariantsAt(positions: readonly number[] | undefined): Invariant[] {
  const { constraints } = definitions();
  return (positions ?? []).flatMap((position) => {
    const one = constraints[position];
    return one ? [{ key: one.key, human: one.human, path: compilePath(one.expression) }] : [];
  });
}

/** Ids of elements and languages are texts and codes with a form of their own. */
function primitiveCheck(type: string, name: string, owner: string): PrimitiveCheck | null {
  if (name === 'id' && type === 'string') return ELEMENT_ID;
  if (name === 'language' && type === 'code' && owner !== 'Expression') return LANGUAGE;
  return PRIMITIVES[type] ?? null;
}

function propertiesOf(element: ElementDef, owner: TypeDef, ownerName: string): Property[] {
  const invariants = invariantsAt(element.constraints);
  return element.types.map(({ code, targets, profile }) => {
    const type = owner.kind === 'resource' && element.name === 'id' ? 'id' : (profile ?? code);
    const def = typeDef(type);
    return {
      name: propertyName(element, code),
      path: `${ownerName}.${element.name}`,
      element,
      type,
      step: element.choice ? `${element.name}.ofType(${code})` : element.name,
      list: element.max !== 1,
      check: def?.kind === 'primitive' ? primitiveCheck(type, element.name, ownerName) : null,
      resource: type === 'Resource',
      targets: targets ? new Set(targets) : null,
      invariants,
    };
  });
}

export function compiledType(name: string): CompiledType {
  const known = compiled.get(name);
  if (known) return known;
  const def = typeDef(name);
  if (!def) throw new Error(`fault: no definition of ${name}`);
  const properties = new Map<string, Property>();
  const required: Required[] = [];
  for (const element of def.elements) {
    const own = propertiesOf(element, def, name);
    for (const property of own) properties.set(property.name, property);
    if (element.min > 0) {
      required.push({
        name: element.choice ? `${element.name}[x]` : element.name,
        properties: own.flatMap((one) => [one.name, `_${one.name}`]),
      });
    }
  }
  const type = { name, def, properties, required, invariants: invariantsAt(def.constraints) };
  compiled.set(name, type);
  return type;
}
