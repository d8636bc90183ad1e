// Checks a resource against the R4 definitions: the story of validation, one step per file beside it.
import type { Issue, Resource } from '../types.ts';
import { checkElements } from './elements.ts';

export interface ValidateOptions {
  /** Check the profiles that meta.profile claims (ours); default true. */
  readonly profiles?: boolean;
}

export function validate(resource: Resource, options: ValidateOptions = {}): Issue[] {
  const issues: Issue[] = [];
  void options;
  checkElements(resource, issues);
  return issues;
}
