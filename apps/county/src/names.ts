// Names of synthetic people: surnames by their real frequency, given names put together from common characters.
import { readFileSync } from 'node:fs';
import type { Random } from './random.ts';

const FEMALE = '秀丽桂芳玉兰春梅淑珍红霞艳玲雪娟慧敏静怡欣悦雅婷诗涵月英琴凤翠萍莲香云巧';
const MALE = '建国志强伟军海波永明德福文斌光辉金山宏刚立新大勇树林振华家俊浩宇泽轩子涵启航';

let surnames: { readonly names: readonly string[]; readonly upTo: readonly number[] } | undefined;

function loadSurnames() {
  if (surnames) return surnames;
  const text = readFileSync(new URL('../../../rules/population/surnames.tsv', import.meta.url), 'utf8');
  const names: string[] = [];
  const upTo: number[] = [];
  let sum = 0;
  for (const line of text.trim().split('\n')) {
    const [name, share] = line.split('\t');
    sum += Number(share);
    names.push(name!);
    upTo.push(sum);
  }
  surnames = { names, upTo };
  return surnames;
}

export interface PersonName {
  readonly family: string;
  readonly given: string;
  readonly text: string;
}

export function personName(random: Random, sex: 'male' | 'female', family = familyName(random)): PersonName {
  const characters = [...(sex === 'female' ? FEMALE : MALE)];
  const first = random.pick(characters);
  const given = random.chance(0.78) ? first + random.pick(characters) : first;
  return { family, given, text: family + given };
}

export function familyName(random: Random): string {
  const { names, upTo } = loadSurnames();
  const at = random.next() * upTo.at(-1)!;
  return names[upTo.findIndex((limit) => at < limit)] ?? names[0]!;
}
