// Says in which other codes a quantity may be written that measures the same.
import { type SameMeasure, unitsBeside } from '@yimai/terms';

const UCUM = 'http://unitsofmeasure.org';

/** Only UCUM says how its units hang together; of other systems a code is itself and nothing else. */
export const sameMeasure = (system: string | undefined, code: string): readonly SameMeasure[] =>
  system === UCUM ? unitsBeside(code) : [];
