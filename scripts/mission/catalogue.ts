// The catalogue of the mission as the project keeps it: 221 entries in 12 domains with their must statements.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../repository.ts';

export interface Entry {
  readonly id: string;
  readonly domain: string;
  readonly title: { readonly zh: string; readonly en: string };
  readonly depth: string;
  /** Descriptions of the seeds that name the entry. */
  readonly sources: readonly string[];
  readonly must: readonly { readonly n: number; readonly statement: string }[];
}

export interface Catalogue {
  readonly about: string;
  readonly entries: readonly Entry[];
}

export const cataloguePath = join(root, 'docs', 'mission', 'catalogue.json');

export const readCatalogue = (): Catalogue => JSON.parse(readFileSync(cataloguePath, 'utf8')) as Catalogue;
