// The shape of a loop declaration as it comes out of YAML or JSON.
import {
  aName,
  aNumber,
  anything,
  aText,
  aTitle,
  aWhole,
  type Issue,
  inspect,
  issue,
  listOf,
  mapOf,
  objectOf,
  oneOf,
  oneOrMany,
  optional,
  type Shape,
  whichever,
} from '@yimai/forms';
import { parseSpan } from './span.ts';

const aSpan: Shape = (value, at, issues) => {
  if (parseSpan(value)) return;
  issues.push(
    issue(at, 'period-invalid', '期限应写作“5 working days”', 'a period is written "5 working days"'),
  );
};

const deadline = objectOf({
  within: aSpan,
  edge: (value, at, issues) => {
    if (value === 'including' || value === 'excluding') return;
    issues.push(
      issue(
        at,
        'edge-missing',
        '须写明期限末日是否计入',
        'must say whether the last day counts: including or excluding',
      ),
    );
  },
  from: optional(aText),
  roll: optional(oneOf('next-working-day', 'none')),
  remind: optional(listOf(aSpan)),
  escalate: optional(listOf(objectOf({ after: aSpan, to: aName, event: optional(aName) }))),
  event: optional(aName),
});

const action = whichever([
  ['notify', objectOf({ notify: oneOrMany(aName), text: aTitle, when: optional(aText) })],
  [
    'open',
    objectOf({ open: aName, with: optional(mapOf(aText)), each: optional(aText), when: optional(aText) }),
  ],
  ['put', objectOf({ put: aName, entry: mapOf(aText), when: optional(aText) })],
  ['book', objectOf({ book: aName, with: mapOf(aText), when: optional(aText) })],
  ['release', objectOf({ release: aName, with: mapOf(aText), when: optional(aText) })],
  ['task', objectOf({ task: aName, with: mapOf(aText), when: optional(aText) })],
  ['subject', objectOf({ subject: aText, value: aText, when: optional(aText) })],
  ['note', objectOf({ note: aTitle, when: optional(aText) })],
]);

const guard = objectOf({ that: aText, code: aName, otherwise: aTitle });

const opening = {
  by: oneOrMany(aName),
  form: optional(aName),
  look: optional(mapOf(objectOf({ register: aName, key: aText, field: aName }))),
  requires: optional(listOf(aName)),
  takes: optional(listOf(aName)),
  guards: optional(listOf(guard)),
  set: optional(mapOf(aText)),
  do: optional(listOf(action)),
};

const anEvent: Shape = (value, at, issues) => {
  if (value !== '$children-done') aName(value, at, issues);
};

const transition = objectOf({
  event: anEvent,
  title: aTitle,
  from: oneOrMany(aName),
  to: optional(aName),
  when: optional(aText),
  kind: optional(oneOf('forward', 'return', 'withdraw', 'reopen', 'rate')),
  within: optional(aSpan),
  ...opening,
});

const state = objectOf({
  title: aTitle,
  kind: oneOf('open', 'closed', 'closed-without-result', 'branch-end'),
  owner: optional(aName),
  due: optional(deadline),
  branches: optional(mapOf(aName)),
  need: optional(aWhole),
  join: optional(aName),
});

const field = objectOf({
  type: oneOf('text', 'number', 'yes-no', 'date', 'organisation', 'person', 'code', 'list', 'reference'),
  title: aTitle,
  codes: optional(mapOf(aTitle)),
  default: optional(anything),
});

const loop = objectOf({
  id: aName,
  version: aWhole,
  title: aTitle,
  subject: optional(aText),
  fields: mapOf(field),
  parties: mapOf(
    objectOf({
      title: aTitle,
      role: optional(oneOrMany(aText)),
      at: optional(aText),
      person: optional(aText),
    }),
  ),
  open: objectOf(opening),
  initial: aName,
  states: mapOf(state),
  transitions: listOf(transition),
  rating: optional(objectOf({ value: aText, least: aNumber, most: aNumber })),
});

export const inspectLoopShape = (value: unknown): Issue[] => inspect(value, loop);
