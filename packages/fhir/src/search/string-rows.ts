// String rows: names, addresses and texts; Chinese names also by pinyin, initials and each end of the name.
import { namePinyin, wordPinyin } from '@yimai/terms';
import { isObject, type Node } from '../path/node.ts';
import type { Target } from './extract.ts';
import { hasChinese, indexedText, normaliseText, tellable } from './normalise.ts';
import type { StringRow } from './rows.ts';

type Json = Readonly<Record<string, unknown>>;

const NAME_PARTS = ['text', 'family', 'given', 'prefix', 'suffix'];
const ADDRESS_PARTS = ['text', 'line', 'city', 'district', 'state', 'postalCode', 'country'];
/** Parameters of plain text that hold a name which people type in pinyin. */
const PINYIN_CODES = new Set(['name', 'given', 'family', 'title', 'alias', 'phonetic']);

export function stringRows(out: StringRow[], target: Target, node: Node): void {
  const { value, type } = node;
  if (typeof value === 'string') {
    addText(out, target, value);
    if (PINYIN_CODES.has(target.code) && hasChinese(value)) addPinyin(out, target, tellable(value));
    return;
  }
  if (!isObject(value)) return;
  if (type === 'HumanName') addHumanName(out, target, value);
  else if (type === 'Address') for (const part of ADDRESS_PARTS) addEach(out, target, value[part]);
}

function addText(out: StringRow[], { param, part }: Target, written: string): void {
  const text = tellable(written);
  const value = indexedText(normaliseText(text));
  if (value !== '') out.push({ param, value, exact: text, part });
}

function addEach(out: StringRow[], target: Target, value: unknown): void {
  if (typeof value === 'string') addText(out, target, value);
  else if (Array.isArray(value))
    for (const one of value) if (typeof one === 'string') addText(out, target, one);
}

function addFinding(out: StringRow[], { param, part }: Target, values: Iterable<string>): void {
  for (const value of values) out.push({ param, value: indexedText(value), exact: null, part });
}

function addPinyin(out: StringRow[], target: Target, text: string): void {
  const spelled = target.code === 'family' ? namePinyin(text) : wordPinyin(text);
  addFinding(out, target, new Set([...spelled.full, spelled.initials]));
}

/** Beyond this a name is no name: the ends of a long text would fill the index. */
const NAME_MAX = 60;

/** The whole name as people say it: its text, or family and given name joined as Chinese does. */
function wholeName(name: Json): string {
  if (typeof name['text'] === 'string' && hasChinese(name['text'])) return name['text'];
  const given = Array.isArray(name['given']) ? name['given'].filter((one) => typeof one === 'string') : [];
  return `${typeof name['family'] === 'string' ? name['family'] : ''}${given.join('')}`;
}

/** What follows a surname of one character, in longer names also one of two; a single character finds too many. */
function givenNames(characters: readonly string[]): string[] {
  const surnames = characters.length > 3 ? [1, 2] : characters.length === 3 ? [1] : [];
  return surnames.map((length) => characters.slice(length).join('')).filter(hasChinese);
}

function addHumanName(out: StringRow[], target: Target, name: Json): void {
  const first = out.length;
  for (const part of NAME_PARTS) addEach(out, target, name[part]);
  const whole = tellable(wholeName(name)).replace(/[\s·]/g, '');
  if (!hasChinese(whole)) return;
  const spelled = namePinyin(whole);
  const finding = new Set([...spelled.full, spelled.initials]);
  if (target.code !== 'phonetic') {
    const characters = [...normaliseText(whole).slice(0, NAME_MAX)];
    for (const end of endsOf(characters)) finding.add(end);
    for (const given of givenNames(characters)) {
      const said = wordPinyin(given);
      for (const one of [...said.full, said.initials]) finding.add(one);
    }
    if (typeof name['text'] !== 'string') finding.add(characters.join(''));
  }
  // What a part of the name says itself is found already.
  for (let at = first; at < out.length; at++) finding.delete(out[at]!.value);
  addFinding(out, target, finding);
}

/** The ends that begin with a Chinese character, or with what follows one: nobody looks for the end of a number. */
function endsOf(characters: readonly string[]): string[] {
  const ends: string[] = [];
  for (let at = 1; at < characters.length; at++) {
    if (hasChinese(characters[at - 1]!) || hasChinese(characters[at]!))
      ends.push(characters.slice(at).join(''));
  }
  return ends;
}
