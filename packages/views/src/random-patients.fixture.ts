// Random patients and flat views over them: conditions, values, one list gone through.
import fc from 'fast-check';

export const word = fc.constantFrom('a', 'b', "o'c", '张', '');
const name = fc.record(
  { family: word, use: fc.constantFrom('official', 'usual'), given: fc.array(word, { maxLength: 3 }) },
  { requiredKeys: [] },
);
export const patient = fc.record(
  {
    active: fc.boolean(),
    gender: fc.constantFrom('female', 'male'),
    birthDate: fc.constantFrom('1950', '1950-02', '1950-02-28', '2024-02'),
    multipleBirthInteger: fc.integer({ min: 0, max: 3 }),
    deceasedDateTime: fc.constantFrom('2024-01-01', '2024-01-01T10:00:00+08:00', '2024-01-01T02:00:00Z'),
    name: fc.array(name, { maxLength: 3 }),
    contact: fc.array(fc.record({ name, telecom: fc.array(fc.record({ value: word }), { maxLength: 2 }) }), {
      maxLength: 2,
    }),
    generalPractitioner: fc.array(
      fc.constantFrom({ reference: 'Practitioner/1' }, { reference: 'Organization/2' }),
      { maxLength: 2 },
    ),
  },
  { requiredKeys: [] },
);

const list = fc.constantFrom(
  'name',
  'name.given',
  'contact',
  'contact.name.given',
  'contact.telecom',
  "name.where(use = 'official')",
  'name[1]',
  'unknownElement',
);
const flag = fc.letrec((tie) => ({
  leaf: fc.constantFrom(
    'active',
    "gender = 'female'",
    'multipleBirth.ofType(integer) >= 1',
    'name.family = contact.name.family',
    'birthDate < @1950-02-10',
    'deceased.ofType(dateTime) = @2024-01-01T02:00:00Z',
    "name.exists(family = 'a')",
    'generalPractitioner.getReferenceKey(Practitioner).exists()',
  ),
  both: fc
    .tuple(tie('flag'), fc.constantFrom('and', 'or'), tie('flag'))
    .map(([a, operator, b]) => `(${a} ${operator} ${b})`),
  not: tie('flag').map((inner) => `(${inner}).not()`),
  flag: fc.oneof({ depthSize: 'small' }, tie('leaf'), tie('both'), tie('not')),
})).flag as fc.Arbitrary<string>;
const value = fc.oneof(
  flag,
  list.map((path) => `${path}.count()`),
  list.map((path) => `${path}.empty()`),
  fc.constantFrom(
    'name.family.first()',
    'name.family',
    'name.given.last()',
    "name.given.join('-')",
    'birthDate.lowBoundary()',
    'birthDate.highBoundary()',
    'deceased.ofType(dateTime).lowBoundary()',
    'deceased.exists()',
    'multipleBirth.ofType(integer) * 2 + 1',
    'multipleBirth.ofType(integer) / 0',
    "gender & '-' & birthDate",
    '%rowIndex',
  ),
);
export const view = fc.record({
  where: fc.array(flag, { maxLength: 1 }),
  top: fc.array(value, { minLength: 1, maxLength: 3 }),
  each: fc.option(fc.tuple(fc.constantFrom('forEach', 'forEachOrNull'), list)),
});
