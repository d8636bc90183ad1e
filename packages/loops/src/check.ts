// Checks a loop declaration before anything runs on it, and says what is wrong where.
import { type Issue, issue } from '@yimai/forms';
import { asList, type CompiledState, compileLoop, type Loop } from './compile.ts';
import { branchStates } from './enter.ts';
import { inspectLoopShape } from './shape.ts';
import { parseSpan } from './span.ts';
import {
  BUILT_IN_EVENTS,
  type LoopDeclaration,
  type StateDeclaration,
  type TransitionDeclaration,
} from './types.ts';

/** What stands beside the loop; a name that is not listed is refused. Left out, that kind is not checked. */
export interface KnownNames {
  readonly forms?: ReadonlySet<string>;
  readonly registers?: ReadonlySet<string>;
  readonly loops?: ReadonlySet<string>;
  readonly pools?: ReadonlySet<string>;
  readonly trees?: ReadonlySet<string>;
  readonly roles?: ReadonlySet<string>;
  readonly offices?: ReadonlySet<string>;
}

const RELATIONS = [
  'opener',
  'opener-parent',
  'subject-organisation',
  'subject-village-clinic',
  'subject-township',
  'anywhere',
];

export function checkLoop(value: unknown, known: KnownNames = {}): Issue[] {
  const shape = inspectLoopShape(value);
  if (shape.length > 0) return shape;
  const declaration = value as LoopDeclaration;
  const compiled = compileLoop(declaration);
  return [
    ...compiled.issues,
    ...checkNames(declaration, known),
    ...checkParties(declaration, known),
    ...checkStates(declaration),
    ...checkReach(declaration, compiled.loop),
    ...checkBranches(declaration, compiled.loop),
  ];
}

/** The compiled loop, or everything that is wrong with it. */
export function loadLoop(
  value: unknown,
  known: KnownNames = {},
): { readonly loop?: Loop; readonly issues: readonly Issue[] } {
  const issues = checkLoop(value, known);
  return issues.length > 0 ? { issues } : { loop: compileLoop(value as LoopDeclaration).loop, issues };
}

function checkNames(declaration: LoopDeclaration, known: KnownNames): Issue[] {
  const issues: Issue[] = [];
  const has = (all: object, name: string, at: string, zh: string, en: string) => {
    if (!Object.hasOwn(all, name))
      issues.push(issue(at, 'name-unknown', `没有${zh}“${name}”`, `there is no ${en} "${name}"`));
  };
  const inSet = (all: ReadonlySet<string> | undefined, name: string, at: string, zh: string, en: string) => {
    if (all && !all.has(name))
      issues.push(issue(at, 'name-unknown', `没有${zh}“${name}”`, `there is no ${en} "${name}"`));
  };
  has(declaration.states, declaration.initial, 'initial', '状态', 'state');
  const each: readonly (readonly [string, Omit<TransitionDeclaration, 'event' | 'title' | 'from'>])[] = [
    ['open', declaration.open],
    ...declaration.transitions.map((transition, index) => [`transitions[${index}]`, transition] as const),
  ];
  for (const [at, transition] of each) {
    for (const party of asList(transition.by)) {
      if (party !== 'system') has(declaration.parties, party, `${at}.by`, '参与方', 'party');
    }
    if (transition.to !== undefined) has(declaration.states, transition.to, `${at}.to`, '状态', 'state');
    if (transition.form !== undefined) inSet(known.forms, transition.form, `${at}.form`, '表单', 'form');
    for (const name of [
      ...(transition.requires ?? []),
      ...(transition.takes ?? []),
      ...Object.keys(transition.set ?? {}),
    ]) {
      has(declaration.fields, name, at, '字段', 'field');
    }
    for (const [name, look] of Object.entries(transition.look ?? {})) {
      inSet(known.registers, look.register, `${at}.look.${name}.register`, '台账', 'register');
    }
    for (const [index, action] of (transition.do ?? []).entries()) {
      const place = `${at}.do[${index}]`;
      if ('notify' in action) {
        for (const party of asList(action.notify)) has(declaration.parties, party, place, '参与方', 'party');
      }
      if ('open' in action) inSet(known.loops, action.open, place, '流程', 'loop');
      if ('book' in action) inSet(known.pools, action.book, place, '资源池', 'pool');
      if ('release' in action) inSet(known.pools, action.release, place, '资源池', 'pool');
      if ('task' in action) inSet(known.trees, action.task, place, '任务树', 'tree');
      if ('put' in action) inSet(known.registers, action.put, place, '台账', 'register');
    }
  }
  for (const [index, transition] of declaration.transitions.entries()) {
    for (const from of asList(transition.from))
      has(declaration.states, from, `transitions[${index}].from`, '状态', 'state');
    if (
      (BUILT_IN_EVENTS as readonly string[]).includes(transition.event) &&
      transition.event !== '$children-done'
    ) {
      issues.push(
        issue(`transitions[${index}].event`, 'event-reserved', '该名称已内置', 'the name is built in'),
      );
    }
  }
  for (const [name, state] of Object.entries(declaration.states)) {
    if (state.owner !== undefined)
      has(declaration.parties, state.owner, `states.${name}.owner`, '参与方', 'party');
    if (state.join !== undefined) has(declaration.states, state.join, `states.${name}.join`, '状态', 'state');
    for (const start of Object.values(state.branches ?? {}))
      has(declaration.states, start, `states.${name}.branches`, '状态', 'state');
    for (const [index, step] of (state.due?.escalate ?? []).entries()) {
      has(declaration.parties, step.to, `states.${name}.due.escalate[${index}].to`, '参与方', 'party');
    }
  }
  return issues;
}

function checkParties(declaration: LoopDeclaration, known: KnownNames): Issue[] {
  const issues: Issue[] = [];
  const field = (ref: string, at: string) => {
    const name = ref.slice('field:'.length);
    if (!Object.hasOwn(declaration.fields, name)) {
      issues.push(issue(at, 'name-unknown', `没有字段“${name}”`, `there is no field "${name}"`));
    }
  };
  for (const [name, party] of Object.entries(declaration.parties)) {
    const at = `parties.${name}`;
    if (party.role === undefined && party.at === undefined && party.person === undefined) {
      issues.push(
        issue(
          at,
          'party-empty',
          '参与方须有岗位、机构关系或人员',
          'a party needs a role, a relation or a person',
        ),
      );
    }
    if (party.role !== undefined && known.roles) {
      for (const role of asList(party.role)) {
        if (!known.roles.has(role))
          issues.push(issue(`${at}.role`, 'name-unknown', `没有岗位“${role}”`, `there is no role "${role}"`));
      }
    }
    if (party.person?.startsWith('field:')) field(party.person, `${at}.person`);
    else if (party.person !== undefined && party.person !== 'opener') {
      issues.push(
        issue(`${at}.person`, 'relation-unknown', '应为 opener 或 field:…', 'should be opener or field:…'),
      );
    }
    if (party.at === undefined || RELATIONS.includes(party.at)) continue;
    if (party.at.startsWith('field:')) field(party.at, `${at}.at`);
    else if (!party.at.startsWith('office:')) {
      issues.push(
        issue(
          `${at}.at`,
          'relation-unknown',
          `不认识的机构关系“${party.at}”`,
          `unknown relation "${party.at}"`,
        ),
      );
    } else if (known.offices && !known.offices.has(party.at.slice(7))) {
      issues.push(
        issue(
          `${at}.at`,
          'name-unknown',
          `没有科室“${party.at.slice(7)}”`,
          `there is no office "${party.at.slice(7)}"`,
        ),
      );
    }
  }
  return issues;
}

function checkStates(declaration: LoopDeclaration): Issue[] {
  const issues: Issue[] = [];
  for (const [name, state] of Object.entries(declaration.states)) {
    const at = `states.${name}`;
    const own = declaration.transitions.filter((transition) => asList(transition.from).includes(name));
    if (state.kind === 'open' && !state.branches) {
      if (state.owner === undefined)
        issues.push(issue(at, 'owner-missing', '未办结的状态须有负责方', 'an open state needs an owner'));
      if (state.due === undefined)
        issues.push(issue(at, 'deadline-missing', '未办结的状态须有期限', 'an open state needs a deadline'));
    }
    if (state.kind !== 'open') {
      if (state.due)
        issues.push(
          issue(`${at}.due`, 'deadline-unwanted', '已办结的状态没有期限', 'a closed state has no deadline'),
        );
      if (state.branches)
        issues.push(
          issue(`${at}.branches`, 'branches-unwanted', '只有未办结的状态能分支', 'only open states branch'),
        );
      for (const transition of own) {
        if (transition.to !== undefined && transition.kind !== 'reopen') {
          issues.push(
            issue(at, 'leaves-closed', '办结的状态只能重开', 'a closed state is left only by re-opening'),
          );
        }
      }
    }
    issues.push(...checkDue(declaration, name, state, own));
  }
  if (!Object.values(declaration.states).some((state) => state.kind === 'closed')) {
    issues.push(issue('states', 'no-closed-state', '没有办结状态', 'no state closes the loop'));
  }
  return issues;
}

function checkDue(
  declaration: LoopDeclaration,
  name: string,
  state: StateDeclaration,
  own: readonly TransitionDeclaration[],
): Issue[] {
  const due = state.due;
  if (!due) return [];
  const issues: Issue[] = [];
  const at = `states.${name}.due`;
  if (due.from !== undefined && due.from !== 'entry') {
    const field = declaration.fields[due.from.replace(/^field:/, '')];
    if (!due.from.startsWith('field:') || field?.type !== 'date') {
      issues.push(
        issue(
          `${at}.from`,
          'name-unknown',
          '应为 entry 或 field:日期字段',
          'should be entry or field:<date field>',
        ),
      );
    }
  }
  const span = parseSpan(due.within);
  if (span && span.count === 0)
    issues.push(issue(`${at}.within`, 'period-zero', '期限不能为零', 'a deadline cannot be zero'));
  const long =
    span && ((span.unit === 'month' && span.count >= 3) || (span.unit === 'day' && span.count > 90));
  if (long && due.roll !== 'none') {
    // Next year's holidays are published in autumn: a long period could not be ended in a year without its table.
    issues.push(
      issue(
        `${at}.roll`,
        'long-deadline-rolls',
        '三个月以上的期限须写 roll: none',
        'a period of three months or more needs roll: none',
      ),
    );
  }
  const fired = [due.event, ...(due.escalate ?? []).map((step) => step.event)].filter(
    (event) => event !== undefined,
  );
  for (const event of fired) {
    const target = own.find((transition) => transition.event === event);
    if (!target)
      issues.push(issue(at, 'event-unknown', `没有操作“${event}”`, `there is no event "${event}" here`));
    else if (!asList(target.by).includes('system')) {
      issues.push(
        issue(at, 'event-not-system', `“${event}”须允许 system`, `"${event}" must allow system in by`),
      );
    }
  }
  return issues;
}

/** Every state can be reached from the first, and from every open state some closed state can be reached. */
function checkReach(declaration: LoopDeclaration, loop: Loop): Issue[] {
  const next = new Map<string, string[]>();
  for (const [name, state] of loop.states) {
    const join = state.declaration.join === undefined ? [] : [state.declaration.join];
    next.set(name, [...targetsOf(state), ...state.branches.map(([, start]) => start), ...join]);
  }
  const reached = spread([declaration.initial], next);
  const issues: Issue[] = [];
  for (const [name, state] of loop.states) {
    if (!reached.has(name)) {
      issues.push(
        issue(`states.${name}`, 'state-unreachable', '没有路径到达该状态', 'nothing leads to this state'),
      );
    }
    if (state.declaration.kind !== 'open') continue;
    const beyond = [...spread([name], next)].filter((other) => other !== name);
    if (beyond.length === 0) {
      issues.push(issue(`states.${name}`, 'state-trap', '没有路径离开该状态', 'nobody can leave this state'));
    } else if (!beyond.some((other) => loop.states.get(other)?.declaration.kind !== 'open')) {
      issues.push(
        issue(
          `states.${name}`,
          'state-never-closes',
          '从该状态走不到办结',
          'no path from this state closes the case',
        ),
      );
    }
  }
  return issues;
}

function spread(start: readonly string[], next: ReadonlyMap<string, readonly string[]>): Set<string> {
  const seen = new Set<string>();
  const queue = [...start];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    queue.push(...(next.get(name) ?? []));
  }
  return seen;
}

function checkBranches(declaration: LoopDeclaration, loop: Loop): Issue[] {
  const issues: Issue[] = [];
  const names = Object.values(declaration.states).flatMap((state) => Object.keys(state.branches ?? {}));
  for (const name of names.filter((one, index) => names.indexOf(one) !== index || one === 'main')) {
    issues.push(
      issue(
        'states',
        'branch-name-twice',
        `分支名“${name}”重复或保留`,
        `branch name "${name}" is used twice or reserved`,
      ),
    );
  }
  for (const [name, holder] of loop.states) {
    if (holder.branches.length === 0) continue;
    const at = `states.${name}`;
    if (holder.declaration.join === undefined)
      issues.push(issue(at, 'join-missing', '分支须有汇合状态', 'branches need a join'));
    if (holder.need < 1 || holder.need > holder.branches.length) {
      issues.push(
        issue(
          `${at}.need`,
          'need-invalid',
          '需要的分支数不对',
          'need is between 1 and the number of branches',
        ),
      );
    }
    const inside = branchStates(loop, holder);
    for (const state of inside) {
      if ((loop.states.get(state)?.branches.length ?? 0) > 0) {
        issues.push(issue(at, 'branches-nested', '分支内不能再分支', 'branches do not nest'));
      }
    }
    for (const [branch, start] of holder.branches) {
      const path = spread([start], new Map([...loop.states].map(([key, one]) => [key, targetsOf(one)])));
      const ends = [...path].some((state) => loop.states.get(state)?.declaration.kind === 'branch-end');
      if (!ends)
        issues.push(
          issue(
            `${at}.branches.${branch}`,
            'branch-never-ends',
            '分支走不到终点',
            'the branch never reaches an end',
          ),
        );
    }
  }
  return issues;
}

const targetsOf = (state: CompiledState): string[] =>
  [...state.events.values()].flatMap((choices) => choices.flatMap(({ to }) => (to === null ? [] : [to])));
