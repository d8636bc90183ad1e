// The door of forms: questionnaires with skip logic, calculation, scores and tiers; the expression language.
export { type Answers, answersOf, itemsOf, plainValue, responseOf } from './answers.ts';
export {
  FORM_URL,
  type Form,
  type FormDeclaration,
  flatItems,
  type ItemDeclaration,
  type ItemType,
  loadForm,
  type OptionDeclaration,
} from './author.ts';
export { enabledItems } from './enable.ts';
export { type Compiled, compileExpression, roundHalfAway, type Scope, type Value } from './expression.ts';
export { type Filled, fill, fillFrom, formOn } from './fill.ts';
export {
  type ScoreResult,
  type Scoring,
  type ScoringDeclaration,
  score,
  type TierDeclaration,
  tierOf,
} from './scoring.ts';
export * from './shape.ts';
export { type ResponseIssue, validateResponse } from './validate.ts';
