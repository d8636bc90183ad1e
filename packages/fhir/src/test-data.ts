// Where the shared test data lie, for tests and benches; undefined if they are not on this machine.
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/** A folder of the shared data, as a URL that ends with a slash. */
export function testData(folder: string): URL | undefined {
  const root = process.env['YIMAI_TEST_DATA'];
  const base = root ? pathToFileURL(`${root}/`) : new URL('../../../../shared/data/', import.meta.url);
  const url = new URL(`${folder}/`, base);
  return existsSync(url) ? url : undefined;
}
