// Finds and reads the rule sets under rules/fund/<region>/<year>/: rules.yaml and the weight table it names.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type LocalDate, type Result, refuse } from '@yimai/kit';
import { parse } from 'yaml';
import { readRuleSet } from './read-rule-set.ts';
import type { RuleSet } from './rule-set.ts';

const RULES = fileURLToPath(new URL('../../../rules/fund', import.meta.url));

/** `["consortium-county/2026", …]` in order of their characters. */
export function shippedRuleSets(folder: string = RULES): string[] {
  const foldersIn = (path: string): string[] =>
    readdirSync(path, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
  return foldersIn(folder)
    .flatMap((region) => foldersIn(join(folder, region)).map((year) => `${region}/${year}`))
    .filter((name) => existsSync(join(folder, name, 'rules.yaml')))
    .sort();
}

export interface LoadOptions {
  /** Changes the written rules before they are checked (a what-if, a worked example). */
  readonly patch?: (written: Record<string, unknown>) => unknown;
  /** More lines for the weight table. */
  readonly moreWeights?: string;
  readonly folder?: string;
}

/** `loadRuleSet('rate-city/2026')` */
export function loadRuleSet(name: string, options: LoadOptions = {}): Result<RuleSet> {
  const folder = options.folder ?? RULES;
  const path = join(folder, name, 'rules.yaml');
  if (!existsSync(path)) {
    const detail = { zh: `没有规则集“${name}”`, en: `there is no rule set "${name}"` };
    return refuse('rule-set-unknown', detail, { at: 'ruleSet', rule: 'F1' });
  }
  const written = parse(readFileSync(path, 'utf8'));
  const weights = readFileSync(join(folder, name, String(written?.weights?.file)), 'utf8');
  const patched = options.patch === undefined ? written : options.patch(written);
  return readRuleSet(patched, weights + (options.moreWeights ?? ''));
}

/** The rule set of a region that is in force on a date; refused when there is none. */
export function ruleSetOn(region: string, on: LocalDate, folder: string = RULES): Result<RuleSet> {
  for (const name of shippedRuleSets(folder)) {
    if (!name.startsWith(`${region}/`)) continue;
    const rules = loadRuleSet(name, { folder });
    if (!rules.ok || (rules.value.effectiveFrom <= on && on <= rules.value.effectiveTo)) return rules;
  }
  const detail = {
    zh: `${region} 在 ${on} 没有生效的规则集`,
    en: `no rule set of ${region} is in force on ${on}`,
  };
  return refuse('rule-set-not-in-force', detail, { at: 'on', rule: 'F1' });
}
