// The whole of FHIRPath for the expressions of forms, measures and tests; see docs/decisions/0003-fhirpath-engine.md.
import fhirpath from 'fhirpath';
import r4 from 'fhirpath/fhir-context/r4';

type Compiled = (resource: unknown, variables?: Record<string, unknown>) => unknown[];
const cache = new Map<string, Compiled>();
const CACHE_LIMIT = 2000;

/** Evaluates any FHIRPath expression against a resource or a part of it; throws on a wrong expression. */
export function evaluateFhirPath(
  expression: string,
  resource: unknown,
  variables: Readonly<Record<string, unknown>> = {},
): unknown[] {
  let compiled = cache.get(expression);
  if (!compiled) {
    if (cache.size >= CACHE_LIMIT) cache.clear();
    compiled = fhirpath.compile(expression, r4) as Compiled;
    cache.set(expression, compiled);
  }
  return compiled(resource, { ...variables });
}
