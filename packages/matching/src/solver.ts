// Loads the HiGHS solver (WebAssembly). Its types describe the CommonJS build; the ES module exports the loader itself.
import highsModule from 'highs';

type Imported = typeof highsModule;
type Loader = Imported extends { default: infer L } ? L : Imported;

export const loadSolver = highsModule as unknown as Loader;
