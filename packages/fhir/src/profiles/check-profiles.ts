// Checks the profiles that a resource claims in meta.profile.
import type { Resource } from '../types.ts';
import type { Findings } from '../validate/findings.ts';

export function checkProfiles(resource: Resource, findings: Findings): void {
  void resource;
  void findings;
}
