// Random views that nest, join, repeat and unite, over random patients and answered forms.
import fc from 'fast-check';
import { patient, word } from './random-patients.fixture.ts';

// What each kind of node offers: paths to one value, paths to several, lists to go through.
interface Node {
  readonly one: readonly string[];
  readonly text: readonly string[];
  readonly several: readonly string[];
  readonly lists: readonly (readonly [path: string, to: string])[];
  readonly repeats?: readonly (readonly [paths: readonly string[], to: string])[];
}
const ITEM: Node = {
  one: [
    'answer.count()',
    'item.exists()',
    'answer.value.ofType(integer).first()',
    '%rowIndex',
    "linkId = 'a'",
  ],
  text: [
    'linkId',
    'text',
    'answer.value.ofType(string).first()',
    "linkId & '/' & text",
    "item.linkId.join('-')",
  ],
  several: ['answer.value.ofType(string)', 'item.linkId', 'item.answer.value.ofType(integer)'],
  lists: [
    ['item', 'Item'],
    ['answer', 'Answer'],
    ["item.where(linkId = 'a')", 'Item'],
    ['answer.item', 'Item'],
  ],
  repeats: [
    [['item'], 'Item'],
    [['item', 'answer.item'], 'Item'],
  ],
};
const NODES: Readonly<Record<string, Node>> = {
  Patient: {
    one: [
      'active',
      'multipleBirth.ofType(integer) + %n',
      'name.count()',
      'name.exists(use = %use)',
      'name.given.empty()',
      "active and gender = 'female'",
      'name.family = contact.name.family',
      '(active or name.exists()).not()',
    ],
    text: [
      'id',
      'gender',
      'birthDate',
      'name.family.first()',
      'name.given.last()',
      "name.given.join(',')",
      'name[1].family',
    ],
    several: ['name.family', 'name.given', 'contact.telecom.value', 'name.where(use = %use).given'],
    lists: [
      ['name', 'HumanName'],
      ['contact', 'Contact'],
      ['name.given', 'string'],
      ['contact.telecom', 'ContactPoint'],
      ['name.where(use = %use)', 'HumanName'],
      ['name.first()', 'HumanName'],
      ['contact.name', 'HumanName'],
    ],
  },
  HumanName: {
    one: ['given.count()', '%rowIndex', "family = 'a'", 'use = %use'],
    text: ['family', 'use', 'given.first()', "family & '-' & use"],
    several: ['given'],
    lists: [['given', 'string']],
  },
  Contact: {
    one: ['telecom.exists()', '%rowIndex', 'name.given.count()'],
    text: ['name.family', "name.given.join('/')", 'telecom.value.first()'],
    several: ['telecom.value', 'name.given'],
    lists: [
      ['telecom', 'ContactPoint'],
      ['name', 'HumanName'],
      ['name.given', 'string'],
    ],
  },
  ContactPoint: { one: ['%rowIndex', 'value.exists()'], text: ['value'], several: ['value'], lists: [] },
  string: { one: ['%rowIndex', "$this = 'a'"], text: ['$this'], several: ['$this'], lists: [] },
  QuestionnaireResponse: { ...ITEM, text: ['id', 'status'], several: ['item.linkId'], one: ['item.count()'] },
  Item: ITEM,
  Answer: {
    one: ['value.ofType(integer)', 'item.count()', '%rowIndex'],
    text: ['value.ofType(string)'],
    several: ['item.linkId'],
    lists: [['item', 'Item']],
    repeats: [[['item'], 'Item']],
  },
};

const item = fc.letrec((tie) => ({
  answer: fc.record(
    {
      valueString: fc.option(word, { nil: undefined }),
      item: fc.array(tie('item'), { maxLength: 1, depthIdentifier: 'item' }),
    },
    { requiredKeys: [] },
  ),
  number: fc.record({ valueInteger: fc.integer({ min: 0, max: 9 }) }),
  item: fc.record(
    {
      linkId: word,
      text: word,
      answer: fc.array(
        fc.oneof({ depthIdentifier: 'item', depthSize: 'small' }, tie('number'), tie('answer')),
        {
          maxLength: 2,
        },
      ),
      item: fc.array(tie('item'), { maxLength: 2, depthIdentifier: 'item' }),
    },
    { requiredKeys: [] },
  ),
})).item;
const response = fc.record(
  { status: fc.constantFrom('completed', 'amended'), item: fc.array(item, { maxLength: 2 }) },
  { requiredKeys: [] },
);

/** A select at a node: columns, what goes deeper, a union; names are made by the order in which they come. */
type Make = (next: () => string) => object;
const pickOf = <T>(list: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...(list as [T, ...T[]]));

function selectAt(type: string, depth: number): fc.Arbitrary<Make> {
  const node = NODES[type]!;
  const columns = fc.array(
    fc.oneof(
      { weight: 3, arbitrary: pickOf([...node.one, ...node.text]).map((path) => ({ path })) },
      { weight: 1, arbitrary: pickOf(node.several).map((path) => ({ path, collection: true })) },
      { weight: 1, arbitrary: pickOf(node.several).map((path) => ({ path: `${path}.first()` })) },
    ),
    { minLength: 1, maxLength: 2 },
  );
  const deeper = depth === 0 ? fc.constant([]) : fc.array(stepFrom(type, depth - 1), { maxLength: 2 });
  const union = depth === 0 ? fc.constant(null) : fc.option(unionAt(type), { freq: 2 });
  return fc.tuple(columns, deeper, union).map(([own, selects, all]) => (next) => ({
    column: own.map((column) => ({ ...column, name: next() })),
    ...(selects.length === 0 ? {} : { select: selects.map((make) => make(next)) }),
    ...(all === null ? {} : { unionAll: all(next) }),
  }));
}

function stepFrom(type: string, depth: number): fc.Arbitrary<Make> {
  const { lists, repeats = [] } = NODES[type]!;
  const ways = [
    ...lists.flatMap(([path, to]) => [
      { way: { forEach: path }, to },
      { way: { forEachOrNull: path }, to },
    ]),
    ...repeats.map(([repeat, to]) => ({ way: { repeat }, to })),
  ];
  if (ways.length === 0) return selectAt(type, 0);
  return pickOf(ways).chain(({ way, to }) =>
    selectAt(to, depth).map((make) => (next) => ({ ...way, ...make(next) })),
  );
}

/** Branches of one column each, of the same name and kind. */
function unionAt(type: string): fc.Arbitrary<(next: () => string) => object[]> {
  const { lists, text } = NODES[type]!;
  const here = pickOf(text).map((path) => ({ way: {}, path }));
  const below = lists.map(([list, to]) =>
    fc
      .tuple(fc.constantFrom('forEach', 'forEachOrNull'), pickOf(NODES[to]!.text))
      .map(([way, path]) => ({ way: { [way]: list }, path })),
  );
  return fc.array(fc.oneof(here, ...below), { minLength: 2, maxLength: 3 }).map((branches) => (next) => {
    const name = next();
    return branches.map(({ way, path }) => ({ ...way, column: [{ name, path, type: 'string' }] }));
  });
}

const CONDITIONS: Readonly<Record<string, readonly string[]>> = {
  Patient: [
    'active',
    'name.exists()',
    "gender = 'female'",
    'name.where(use = %use).exists()',
    'active.not()',
  ],
  QuestionnaireResponse: [
    'item.exists()',
    "status = 'completed'",
    'item.answer.value.ofType(integer).exists()',
  ],
};
/** A view with its resources: selects within selects, unions, repetition, constants. */
export const nestedView = fc.constantFrom('Patient', 'QuestionnaireResponse').chain((resource) =>
  fc
    .tuple(
      fc.array<object>(resource === 'Patient' ? patient : response, { minLength: 1, maxLength: 4 }),
      fc.array(pickOf(CONDITIONS[resource]!), { maxLength: 2 }),
      selectAt(resource, 2),
      fc.option(stepFrom(resource, 2)),
    )
    .map(([bodies, where, first, second]) => {
      let count = 0;
      const next = (): string => `c${count++}`;
      return {
        resources: bodies.map((body, index) => ({ resourceType: resource, id: `r${index}`, ...body })),
        definition: {
          resource,
          constant: [
            { name: 'use', valueCode: 'official' },
            { name: 'n', valueInteger: 2 },
          ],
          where: where.map((path) => ({ path })),
          select: [first, ...(second === null ? [] : [second])].map((make) => make(next)),
        },
      };
    }),
);
