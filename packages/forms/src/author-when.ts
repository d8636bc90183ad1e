// Turns a short condition ("permit == true and score > 3") into FHIR enableWhen, which holds one level of all or any.
import type { QuestionnaireItem, QuestionnaireItemEnableWhen } from '@medplum/fhirtypes';
import { type Expression, parseExpression } from './expression-parse.ts';
import { type Issue, issue } from './shape.ts';

type When = Pick<QuestionnaireItem, 'enableWhen' | 'enableBehavior'>;

const OPERATORS: Readonly<Record<string, QuestionnaireItemEnableWhen['operator']>> = {
  '==': '=',
  '!=': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};

export function compileWhen(
  text: string,
  types: ReadonlyMap<string, string>,
  at: string,
  issues: Issue[],
  systemOf: (id: string) => string,
): When | undefined {
  const parsed = parseExpression(text);
  if (!parsed.ok) {
    const detail = parsed.refusal.detail ?? { zh: '', en: '' };
    issues.push(issue(at, 'expression-invalid', detail.zh, detail.en));
    return undefined;
  }
  const behaviour = parsed.value.kind === 'binary' && parsed.value.operator === 'or' ? 'any' : 'all';
  const parts = flatten(parsed.value, behaviour === 'any' ? 'or' : 'and');
  const conditions = parts.map((part) => condition(part, types, systemOf));
  const wrong = conditions.find((one): one is string => typeof one === 'string');
  if (wrong !== undefined) {
    issues.push(
      issue(
        at,
        'when-unsupported',
        `跳转条件不支持：${wrong}`,
        `a skip condition is item, comparison, value, all joined by "and" or all by "or": ${wrong}`,
      ),
    );
    return undefined;
  }
  return {
    enableWhen: conditions as QuestionnaireItemEnableWhen[],
    ...(conditions.length > 1 ? { enableBehavior: behaviour } : {}),
  };
}

function flatten(tree: Expression, operator: 'and' | 'or'): Expression[] {
  if (tree.kind !== 'binary' || tree.operator !== operator) return [tree];
  return [...flatten(tree.left, operator), ...flatten(tree.right, operator)];
}

/** One condition, or the word that tells what is not supported. */
function condition(
  tree: Expression,
  types: ReadonlyMap<string, string>,
  systemOf: (id: string) => string,
): QuestionnaireItemEnableWhen | string {
  if (tree.kind === 'call' && tree.name === 'has' && tree.args[0]?.kind === 'path') {
    const question = tree.args[0].path.join('.');
    return types.has(question) ? { question, operator: 'exists', answerBoolean: true } : question;
  }
  if (tree.kind === 'path') {
    const question = tree.path.join('.');
    return types.get(question) === 'boolean' ? { question, operator: '=', answerBoolean: true } : question;
  }
  if (tree.kind !== 'binary' || tree.left.kind !== 'path' || tree.right.kind !== 'literal') return tree.kind;
  const question = tree.left.path.join('.');
  const operator = OPERATORS[tree.operator];
  const type = types.get(question);
  if (operator === undefined || type === undefined) return operator === undefined ? tree.operator : question;
  const value = tree.right.value;
  if (type === 'boolean') return { question, operator, answerBoolean: value === true };
  if (type === 'integer') return { question, operator, answerInteger: Number(value) };
  if (type === 'decimal') return { question, operator, answerDecimal: Number(value) };
  if (type === 'date') return { question, operator, answerDate: String(value) };
  if (type === 'choice')
    return { question, operator, answerCoding: { system: systemOf(question), code: String(value) } };
  if (type === 'quantity') return { question, operator, answerQuantity: { value: Number(value) } };
  return { question, operator, answerString: String(value) };
}
