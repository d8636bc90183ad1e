// Checks a resource against the R4 definitions: the story of validation, one step per file beside it.
import { checkProfiles } from '../profiles/check-profiles.ts';
import type { Issue, Resource } from '../types.ts';
import { checkBundle } from './bundle.ts';
import { checkResource } from './elements.ts';
import { Findings } from './findings.ts';

export interface ValidateOptions {
  /** Check the profiles that meta.profile claims (ours, R4's vital signs); default true. */
  readonly profiles?: boolean;
  /** The present, for what a profile says of days to come. */
  readonly now?: Date;
}

/** All findings, errors and warnings; a resource is acceptable if none is an error. */
export function validate(resource: Resource, options: ValidateOptions = {}): Issue[] {
  const findings = new Findings();
  const { resourceType } = resource;
  checkResource(resource, resourceType, findings);
  if (resourceType === 'Bundle') checkBundle(resource, findings);
  if (options.profiles !== false) checkProfiles(resource, findings, options.now);
  return findings.issues;
}
