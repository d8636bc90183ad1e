// A resource that does not hold: thrown inside a transaction, with every place and reason, turned into an
// OperationOutcome (or a refusal of the command) at the edge.
import type { Issue } from '@yimai/fhir';
import { RefusalError } from '@yimai/kit';

export class InvalidResourceError extends RefusalError {
  readonly issues: readonly Issue[];
  constructor(issues: readonly Issue[]) {
    const first = issues.find((issue) => issue.severity === 'error') ?? issues[0];
    super({
      code: 'invalid-resource',
      at: first?.at ?? '',
      ...(first?.rule === undefined ? {} : { rule: first.rule }),
      detail: { zh: first?.zh ?? '资源无效', en: first?.en ?? 'the resource is not valid' },
    });
    this.name = 'InvalidResourceError';
    this.issues = issues;
  }
}
