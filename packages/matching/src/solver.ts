// Loads the HiGHS solver (WebAssembly). Its types describe the CommonJS build; the ES module exports the loader itself.
import highsModule from 'highs';

export const loadSolver = highsModule as unknown as (typeof highsModule)['default'];
