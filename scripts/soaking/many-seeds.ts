// Loaded before the tests of the soak: puts fast-check-many.ts in the place of fast-check for every test file.
import { registerHooks } from 'node:module';

const many = new URL('./fast-check-many.ts', import.meta.url).href;

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === 'fast-check' && context.parentURL !== many) return { url: many, shortCircuit: true };
    return next(specifier, context);
  },
});
