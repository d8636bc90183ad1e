// Measures ICD look-up and check digits.
import { isNationalId } from './check-digits.ts';
import { loadIcdTable } from './icd.ts';
import { namePinyin } from './pinyin.ts';

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly target?: number;
}

function meanMs(runs: number, work: () => void): number {
  for (let warm = 0; warm < runs / 10; warm++) work();
  const start = performance.now();
  for (let at = 0; at < runs; at++) work();
  return (performance.now() - start) / runs;
}

const QUERIES = { code: 'I10', characters: '高血压', pinyin: 'gaoxueya', initials: 'gxy', nothing: 'zzzzzz' };

export async function benchTerms(): Promise<Figure[]> {
  const start = performance.now();
  const table = loadIcdTable('diagnoses');
  const figures: Figure[] = [{ name: 'terms load ICD-10', value: performance.now() - start, unit: 'ms' }];
  for (const [kind, query] of Object.entries(QUERIES)) {
    figures.push({
      name: `terms ICD-10 by ${kind}`,
      value: meanMs(200, () => table.search(query)),
      unit: 'ms',
      target: 5,
    });
  }
  figures.push({
    name: 'terms pinyin of a name',
    value: meanMs(2000, () => namePinyin('单小三')) * 1000,
    unit: 'µs',
  });
  figures.push({
    name: 'terms national ID check',
    value: meanMs(20000, () => isNationalId('11010519491231002X')) * 1000,
    unit: 'µs',
  });
  return figures;
}
