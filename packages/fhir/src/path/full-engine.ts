// The whole of FHIRPath for the expressions of forms, measures and tests; see docs/decisions/0003-fhirpath-engine.md.
import { createRequire } from 'node:module';
import { isKindOf } from '../definitions/load.ts';

type Compile = (expression: string, model: unknown, options: object) => Compiled;
type Compiled = (resource: unknown, variables?: Record<string, unknown>) => unknown[];
const cache = new Map<string, Compiled>();
const CACHE_LIMIT = 2000;
const HL7_BASE = 'http://hl7.org/fhir/';
const PROFILE_BASE = `${HL7_BASE}StructureDefinition/`;

/** The environment that FHIR adds to FHIRPath (R4 fhirpath.html §2.9.2). */
const STANDARD_VARIABLES = { sct: 'http://snomed.info/sct', loinc: 'http://loinc.org' } as const;
const NAMED_VARIABLE = /%`?((?:vs|ext)-[\w-]+)`?/g;

/** Digits of a decimal's fraction, or of the parts of a date or time that are given. */
function precisionOf(value: unknown): number[] {
  const text = String(value);
  if (/^-?\d+(\.\d+)?$/.test(text) && (typeof value === 'number' || text.includes('.')))
    return [text.split('.')[1]?.length ?? 0];
  return [text.replace(/(Z|[+-]\d{2}:\d{2})$/, '').replace(/\D/g, '').length];
}

/** Functions that the library leaves out. */
const ADDED_FUNCTIONS = {
  precision: {
    fn: (inputs: unknown[]): number[] => inputs.flatMap(precisionOf),
    arity: { 0: [] },
    internalStructures: true,
  },
  conformsTo: {
    fn: (inputs: unknown[], url: string): unknown[] => {
      if (!url.startsWith(PROFILE_BASE)) throw new Error(`conformsTo: unknown profile ${url}`);
      return inputs.map((one) => {
        const type = (one as { resourceType?: unknown }).resourceType;
        return typeof type === 'string' && isKindOf(type, url.slice(PROFILE_BASE.length));
      });
    },
    arity: { 1: ['String'] },
  },
  /** The steps that lead to each node, as JSON text; for `findPlaces` only. */
  nodePlace: {
    fn: (inputs: unknown[]): string[] => inputs.map((node) => JSON.stringify(stepsTo(node as LibraryNode))),
    arity: { 0: [] },
    internalStructures: true,
  },
};

/** The part of the library's node that says where it stands. */
interface LibraryNode {
  readonly parentResNode?: LibraryNode | null;
  readonly propName?: string | null;
  readonly index?: number | null;
}

function stepsTo(node: LibraryNode): (string | number)[] {
  const steps: (string | number)[] = [];
  for (let at: LibraryNode = node; at.parentResNode; at = at.parentResNode) {
    if (typeof at.propName !== 'string') throw new Error('fault: a node without a place');
    if (typeof at.index === 'number') steps.unshift(at.index);
    steps.unshift(at.propName);
  }
  return steps;
}

function variablesOf(expression: string): Record<string, unknown> {
  const found: Record<string, unknown> = { ...STANDARD_VARIABLES };
  for (const [, name = ''] of expression.matchAll(NAMED_VARIABLE)) {
    found[name] = name.startsWith('vs-')
      ? `${HL7_BASE}ValueSet/${name.slice(3)}`
      : PROFILE_BASE + name.slice(4);
  }
  return found;
}

let library: { readonly compile: Compile; readonly model: unknown } | undefined;

/** Loaded on first use: most processes never evaluate free FHIRPath, and loading takes some 80 ms. */
function load(): { readonly compile: Compile; readonly model: unknown } {
  if (!library) {
    const require = createRequire(import.meta.url);
    const { compile } = require('fhirpath') as { compile: Compile };
    library = { compile, model: require('fhirpath/fhir-context/r4') as unknown };
  }
  return library;
}

function compiled(expression: string): Compiled {
  let known = cache.get(expression);
  if (!known) {
    if (cache.size >= CACHE_LIMIT) cache.clear();
    const options = { userInvocationTable: ADDED_FUNCTIONS, traceFn: () => undefined };
    const { compile, model } = load();
    const run = compile(expression, model, options);
    const standard = variablesOf(expression);
    known = (resource, variables) => run(resource, { ...standard, ...variables });
    cache.set(expression, known);
  }
  return known;
}

/** Where the nodes stand that the expression finds; throws on a wrong expression. */
export function findPlaces(expression: string, resource: unknown): (string | number)[][] {
  return evaluateFhirPath(`(${expression}).nodePlace()`, resource).map(
    (steps) => JSON.parse(String(steps)) as (string | number)[],
  );
}

/** Evaluates any FHIRPath expression against a resource or a part of it; throws on a wrong expression. */
export function evaluateFhirPath(
  expression: string,
  resource: unknown,
  variables: Readonly<Record<string, unknown>> = {},
): unknown[] {
  return compiled(expression)(resource, { resource, rootResource: resource, ...variables });
}
