// Turns a declaration into what the step runs on: transitions by state and event, expressions as closures.
import { type Compiled, compileExpression, type Issue, issue } from '@yimai/forms';
import type { Text } from '@yimai/kit';
import { type Deadline, parseSpan, type Span } from './span.ts';
import type {
  ActionDeclaration,
  DeadlineDeclaration,
  FieldDeclaration,
  FieldValue,
  GuardDeclaration,
  LoopDeclaration,
  PartyDeclaration,
  StateDeclaration,
  TransitionDeclaration,
  TransitionKind,
} from './types.ts';

export interface Expr {
  readonly run: Compiled;
  readonly today: boolean;
  readonly answers: boolean;
}

export interface CompiledGuard {
  readonly expr: Expr;
  readonly code: string;
  readonly otherwise: Text;
}

export interface CompiledAction {
  readonly declaration: ActionDeclaration;
  readonly when: Expr | null;
  readonly parties: readonly string[];
  readonly values: readonly (readonly [string, Expr])[];
  readonly each: Expr | null;
}

export interface CompiledLook {
  readonly name: string;
  readonly register: string;
  readonly key: Expr;
  readonly field: string;
}

export interface CompiledTransition {
  readonly event: string;
  readonly title: Text;
  readonly to: string | null;
  readonly by: readonly string[];
  readonly kind: TransitionKind;
  readonly form: string | null;
  readonly look: readonly CompiledLook[];
  readonly takes: readonly string[];
  readonly requires: readonly string[];
  readonly when: Expr | null;
  readonly guards: readonly CompiledGuard[];
  readonly sets: readonly (readonly [string, Expr])[];
  readonly actions: readonly CompiledAction[];
  readonly within: Span | null;
  readonly usesToday: boolean;
}

export interface CompiledDeadline {
  readonly deadline: Deadline;
  readonly fromField: string | null;
  readonly remind: readonly Span[];
  readonly escalate: readonly { readonly after: Span; readonly to: string; readonly event: string | null }[];
  readonly event: string | null;
}

export interface CompiledState {
  readonly name: string;
  readonly declaration: StateDeclaration;
  readonly due: CompiledDeadline | null;
  readonly branches: readonly (readonly [string, string])[];
  readonly need: number;
  readonly events: ReadonlyMap<string, readonly CompiledTransition[]>;
}

export interface Loop {
  readonly declaration: LoopDeclaration;
  readonly states: ReadonlyMap<string, CompiledState>;
  readonly opening: CompiledTransition;
  /** Branch name -> the state that holds the branch. */
  readonly branchHome: ReadonlyMap<string, string>;
  readonly eventNames: ReadonlySet<string>;
  readonly defaults: Readonly<Record<string, FieldValue>>;
  readonly parties: ReadonlyMap<string, CompiledParty>;
  readonly rating: Expr | null;
}

export interface CompiledParty {
  readonly name: string;
  readonly roles: readonly string[];
  readonly at: PartyDeclaration['at'] | null;
  readonly person: string | null;
}

export const asList = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T];

const ROOTS: Readonly<Record<string, readonly string[] | null>> = {
  actor: ['person', 'role', 'organisation'],
  opener: ['person', 'role', 'organisation'],
  children: ['open', 'closed', 'withoutResult'],
};

/** The names an expression may use: `data.<field>`, `answers.<any>`, `actor.*`, `opener.*`, `children.*`, a few scalars. */
export function knowsPath(fields: Readonly<Record<string, FieldDeclaration>>, each: boolean) {
  return (path: readonly string[]): boolean => {
    const [root, second] = path;
    if (root === undefined) return false;
    if (root === 'data') return path.length === 2 && second !== undefined && Object.hasOwn(fields, second);
    if (root === 'answers') return path.length === 2;
    if (root === 'item') return each;
    const rooted = ROOTS[root];
    if (rooted) return path.length === 2 && second !== undefined && rooted.includes(second);
    return path.length === 1 && ['today', 'returns', 'reopened', 'rating', 'reason'].includes(root);
  };
}

/** Compiles everything and collects what cannot be compiled; the loop is only good when `issues` stays empty. */
export function compileLoop(declaration: LoopDeclaration): {
  readonly loop: Loop;
  readonly issues: readonly Issue[];
} {
  const issues: Issue[] = [];
  const expr = (text: string, at: string, each = false): Expr => {
    const compiled = compileExpression(text, knowsPath(declaration.fields, each));
    if (!compiled.ok) {
      const detail = compiled.refusal.detail ?? { zh: '', en: '' };
      issues.push(issue(at, 'expression-invalid', detail.zh, detail.en));
      return { run: () => null, today: false, answers: false };
    }
    return { run: compiled.value, today: /\btoday\b/.test(text), answers: /\banswers\./.test(text) };
  };
  const byState = new Map<string, Map<string, CompiledTransition[]>>();
  for (const [index, transition] of declaration.transitions.entries()) {
    const compiled = compileTransition(transition, `transitions[${index}]`, expr);
    for (const from of asList(transition.from)) {
      const events = byState.get(from) ?? new Map<string, CompiledTransition[]>();
      byState.set(from, events);
      events.set(transition.event, [...(events.get(transition.event) ?? []), compiled]);
    }
  }
  const states = new Map<string, CompiledState>();
  const branchHome = new Map<string, string>();
  for (const [name, state] of Object.entries(declaration.states)) {
    const branches = Object.entries(state.branches ?? {});
    for (const [branch] of branches) branchHome.set(branch, name);
    states.set(name, {
      name,
      declaration: state,
      due: state.due ? compileDeadline(state.due) : null,
      branches,
      need: state.need ?? branches.length,
      events: byState.get(name) ?? new Map(),
    });
  }
  const opening = compileTransition(
    { ...declaration.open, event: 'open', title: declaration.title, from: [], to: declaration.initial },
    'open',
    expr,
  );
  const loop: Loop = {
    declaration,
    states,
    opening,
    branchHome,
    eventNames: new Set(declaration.transitions.map((transition) => transition.event)),
    defaults: Object.fromEntries(
      Object.entries(declaration.fields).flatMap(([name, field]) =>
        field.default === undefined ? [] : [[name, field.default] as const],
      ),
    ),
    parties: new Map(
      Object.entries(declaration.parties).map(([name, party]) => [name, compileParty(name, party)]),
    ),
    rating: declaration.rating ? expr(declaration.rating.value, 'rating.value') : null,
  };
  return { loop, issues };
}

function compileParty(name: string, party: PartyDeclaration): CompiledParty {
  return { name, roles: asList(party.role), at: party.at ?? null, person: party.person ?? null };
}

type MakeExpr = (text: string, at: string, each?: boolean) => Expr;

function compileTransition(
  transition: TransitionDeclaration,
  at: string,
  expr: MakeExpr,
): CompiledTransition {
  const guards = (transition.guards ?? []).map((guard: GuardDeclaration, index) => ({
    expr: expr(guard.that, `${at}.guards[${index}].that`),
    code: guard.code,
    otherwise: guard.otherwise,
  }));
  const sets = Object.entries(transition.set ?? {}).map(
    ([name, text]) => [name, expr(text, `${at}.set.${name}`)] as const,
  );
  const actions = (transition.do ?? []).map((action, index) =>
    compileAction(action, `${at}.do[${index}]`, expr),
  );
  const when = transition.when === undefined ? null : expr(transition.when, `${at}.when`);
  const all = [
    ...(when ? [when] : []),
    ...guards.map((guard) => guard.expr),
    ...sets.map(([, value]) => value),
    ...actions.flatMap((action) => [
      ...(action.when ? [action.when] : []),
      ...action.values.map(([, value]) => value),
    ]),
  ];
  return {
    event: transition.event,
    title: transition.title,
    to: transition.to ?? null,
    by: asList(transition.by),
    kind: transition.kind ?? 'forward',
    form: transition.form ?? null,
    look: Object.entries(transition.look ?? {}).map(([name, one]) => ({
      name,
      register: one.register,
      key: expr(one.key, `${at}.look.${name}.key`),
      field: one.field,
    })),
    requires: transition.requires ?? [],
    takes: [...new Set([...(transition.takes ?? []), ...(transition.requires ?? [])])],
    when,
    guards,
    sets,
    actions,
    within: transition.within === undefined ? null : (parseSpan(transition.within) ?? null),
    usesToday: all.some((one) => one.today),
  };
}

function compileAction(action: ActionDeclaration, at: string, expr: MakeExpr): CompiledAction {
  const each = 'open' in action && action.each !== undefined;
  const texts: readonly (readonly [string, string])[] =
    'open' in action
      ? Object.entries(action.with ?? {})
      : 'put' in action
        ? Object.entries(action.entry)
        : 'book' in action || 'release' in action || 'task' in action
          ? Object.entries(action.with)
          : 'subject' in action
            ? [[action.subject, action.value]]
            : [];
  return {
    declaration: action,
    when: action.when === undefined ? null : expr(action.when, `${at}.when`),
    parties: 'notify' in action ? asList(action.notify) : [],
    values: texts.map(([name, text]) => [name, expr(text, `${at}.${name}`, each)] as const),
    each: 'open' in action && action.each !== undefined ? expr(action.each, `${at}.each`) : null,
  };
}

function compileDeadline(due: DeadlineDeclaration): CompiledDeadline {
  const span = (text: string): Span => parseSpan(text) ?? { count: 0, unit: 'day' };
  const first = span(due.within);
  return {
    deadline: { span: first, including: due.edge === 'including', roll: due.roll !== 'none' },
    fromField: due.from?.startsWith('field:') ? due.from.slice(6) : null,
    remind: (due.remind ?? []).map(span),
    escalate: (due.escalate ?? []).map((step) => ({
      after: span(step.after),
      to: step.to,
      event: step.event ?? null,
    })),
    event: due.event ?? null,
  };
}
