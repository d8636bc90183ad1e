// The door of forms: the expression language, declaration shapes, questionnaires, validation, scoring.
export { type Compiled, compileExpression, roundHalfAway, type Scope, type Value } from './expression.ts';
export * from './shape.ts';
