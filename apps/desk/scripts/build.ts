// Builds the desk when its sources have changed since the last build; prints where the result lies.
import { ensureBuilt } from '../src/index.ts';

process.stdout.write(`${await ensureBuilt({ force: process.argv.includes('--force') })}\n`);
