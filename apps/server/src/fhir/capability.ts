// The CapabilityStatement, made from what is really there: types, parameters and operations as the rooms export them.
import { PROFILES, resourceTypes, searchParameters, VITAL_SIGN_PROFILES } from '@yimai/fhir';
import type { ServerDeps } from '../http/deps.ts';
import { AUDIT_PARAMETERS } from './audit-events.ts';

const INTERACTIONS = [
  'read',
  'vread',
  'update',
  'patch',
  'delete',
  'history-instance',
  'history-type',
  'create',
  'search-type',
];
/** Types that the product itself writes; REST may only read them. */
const READ_ONLY = new Set(['AuditEvent']);
const READ_INTERACTIONS = new Set(['read', 'search-type']);

const EVERYTHING = {
  name: 'everything',
  definition: 'http://hl7.org/fhir/OperationDefinition/Patient-everything',
};

const BULK = 'http://hl7.org/fhir/uv/bulkdata/OperationDefinition';
const OPERATIONS: Readonly<Record<string, readonly object[]>> = {
  Patient: [EVERYTHING, { name: 'export', definition: `${BULK}/patient-export` }],
  Group: [{ name: 'export', definition: `${BULK}/group-export` }],
};

let resources: readonly object[] | undefined;

function resourceEntries(): readonly object[] {
  if (resources) return resources;
  const pointing = referencesByTarget();
  resources = resourceTypes().map((type) => ({
    type,
    ...supported(type),
    versioning: READ_ONLY.has(type) ? 'no-version' : 'versioned-update',
    readHistory: !READ_ONLY.has(type),
    updateCreate: !READ_ONLY.has(type),
    conditionalCreate: !READ_ONLY.has(type),
    conditionalRead: 'full-support',
    conditionalUpdate: !READ_ONLY.has(type),
    conditionalDelete: READ_ONLY.has(type) ? 'not-supported' : 'single',
    referencePolicy: ['literal', 'logical', 'local'],
    ...(READ_ONLY.has(type)
      ? {}
      : {
          searchInclude: ['*', ...codes(type, 'reference').map((code) => `${type}:${code}`)],
          ...(pointing.has(type) ? { searchRevInclude: pointing.get(type) } : {}),
        }),
    interaction: INTERACTIONS.filter((code) => !READ_ONLY.has(type) || READ_INTERACTIONS.has(code)).map(
      (code) => ({
        code,
      }),
    ),
    searchParam: searchParameters(type)
      .filter(
        ({ kind, code }) =>
          (kind !== 'special' || code === 'near') && (!READ_ONLY.has(type) || AUDIT_PARAMETERS.has(code)),
      )
      .map((parameter) => ({ name: parameter.code, type: parameter.kind })),
    ...(OPERATIONS[type] ? { operation: OPERATIONS[type] } : {}),
  }));
  return resources;
}

/** By the type that is pointed to: the references that name it among others, not those that may lead anywhere. */
function referencesByTarget(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  const everywhere = resourceTypes().length;
  for (const type of resourceTypes()) {
    if (READ_ONLY.has(type)) continue;
    for (const { kind, code, targets = [] } of searchParameters(type)) {
      if (kind !== 'reference' || targets.length >= everywhere) continue;
      for (const target of targets) {
        const list = found.get(target) ?? [];
        list.push(`${type}:${code}`);
        found.set(target, list);
      }
    }
  }
  return found;
}

/** The profiles that are checked when a resource claims them. */
function supported(type: string): { supportedProfile?: readonly string[] } {
  const own = PROFILES.filter((profile) => profile.type === type).map((profile) => profile.url);
  const supportedProfile = type === 'Observation' ? [...own, ...VITAL_SIGN_PROFILES] : own;
  return supportedProfile.length === 0 ? {} : { supportedProfile };
}

function codes(type: string, kind: string): string[] {
  return searchParameters(type)
    .filter((parameter) => parameter.kind === kind)
    .map((parameter) => parameter.code);
}

export function capabilityStatement(deps: ServerDeps, base: string): object {
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: deps.clock.now().toISOString(),
    kind: 'instance',
    software: { name: 'Yimai 一脉' },
    implementation: {
      description: '紧密型县域医共体的一份记录 / the one record of a county consortium',
      url: base,
    },
    fhirVersion: '4.0.1',
    format: ['json', 'application/fhir+json'],
    patchFormat: ['application/json-patch+json', 'application/fhir+json'],
    rest: [
      {
        mode: 'server',
        security: {
          cors: false,
          service: [
            {
              coding: [
                {
                  system: 'http://terminology.hl7.org/CodeSystem/restful-security-service',
                  code: 'SMART-on-FHIR',
                },
              ],
            },
          ],
        },
        resource: resourceEntries(),
        interaction: [
          { code: 'transaction' },
          { code: 'batch' },
          { code: 'search-system' },
          { code: 'history-system' },
        ],
        operation: [
          { name: 'export', definition: `${BULK}/export` },
          { name: 'import', definition: 'https://yimai.example/fhir/OperationDefinition/import' },
          { name: 'validate', definition: 'http://hl7.org/fhir/OperationDefinition/Resource-validate' },
        ],
      },
    ],
  };
}
