// What the worker needs of the record: the change feed, from any position, in order.

/** One committed change. `seq` rises without regard to type; `version` 1 is the first version of that resource. */
export interface Change {
  readonly seq: number;
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly op: 'create' | 'update' | 'delete';
  /** The resource as an object or as its JSON text; null when it was deleted. */
  readonly content: object | string | null;
}

export interface ChangeSource {
  /** The changes after `seq`, lowest first, at most `limit`; an empty list when there are none yet. */
  changesSince(seq: number, limit: number): Promise<readonly Change[]>;
}
