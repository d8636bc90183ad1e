// The official FHIRPath tests that our engine does not pass, each with its reason. A test fails when one of them passes.

const STRICT =
  'asks for static type checking, which the engine leaves out: a wrong path gives an empty result';
const COLLECTION = 'a collection of several items where one boolean is expected is not refused';
const DESCENDING = 'descending sort is not supported';
const EQUIVALENT = '`~` of collections takes the order into account';
const ZONE = 'a dateTime without a zone is read in the zone of the machine, not as unknown';
const BOUNDARY = 'boundaries of quantities and of decimals next to zero, and of hours, differ from the suite';
const SUBTYPE = 'as/ofType(string) also lets through code and other types that specialise string';

/** By `group/test`. */
export const EXCEPTIONS: Readonly<Record<string, string>> = {
  'testBasics/testSimpleFail': STRICT,
  'testBasics/testSimpleWithWrongContext': STRICT,
  'testObservations/testPolymorphismB': STRICT,
  'testObservations/testPolymorphismAsB': STRICT,
  'testDollar/testDollarOrderNotAllowed': STRICT,
  'polymorphics/testPolymorphicsB': STRICT,
  'testQuantity/testQuantity4':
    'equivalence of 4 g and 4040 mg: compared exactly, not to the lesser precision',
  'testCollectionBoolean/testCollectionBoolean1': COLLECTION,
  'testIif/testIif6': COLLECTION,
  'testIif/testIif10': COLLECTION,
  'testReplaceMatches/testReplaceMatches2': 'an empty pattern matches between characters, as in JavaScript',
  'testSort/testSort8': DESCENDING,
  'testSort/testSort10': DESCENDING,
  'testEquality/testEquality23': ZONE,
  'testNEquality/testNEquality17': ZONE,
  'testEquivalent/testEquivalent21': EQUIVALENT,
  'testEquivalent/testEquivalent23': EQUIVALENT,
  'testNotEquivalent/testNotEquivalent21': EQUIVALENT,
  'testPlus/testPlusDate19': 'a tenth of a second is added, the suite drops it',
  'testMinus/testMinus5': "the UCUM-like unit 'month' in quotes is refused",
  'testType/testType22': 'System.Patient is refused as a type; the suite expects false',
  'LowBoundary/LowBoundaryDecimal15': BOUNDARY,
  'LowBoundary/LowBoundaryQuantity': BOUNDARY,
  'LowBoundary/LowBoundaryDateTimeMillisecond1': BOUNDARY,
  'HighBoundary/HighBoundaryDecimal15': BOUNDARY,
  'HighBoundary/HighBoundaryDecimal16': BOUNDARY,
  'HighBoundary/HighBoundaryQuantity': BOUNDARY,
  'HighBoundary/HighBoundaryDateTimeMillisecond1': BOUNDARY,
  'HighBoundary/HighBoundaryDateTimeMillisecond3': BOUNDARY,
  'testInheritance/testFHIRPathAsFunction11': SUBTYPE,
  'testInheritance/testFHIRPathAsFunction16': SUBTYPE,
};
