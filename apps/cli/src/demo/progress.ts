// A progress bar on stderr: redrawn on a terminal, a line for each tenth elsewhere.
import type { Io } from '../io.ts';

const WIDTH = 32;

export function progressBar(io: Io, title: string, total: number): (done: number) => void {
  let tenth = -1;
  return (done) => {
    const share = total === 0 ? 1 : Math.min(1, done / total);
    if (process.stderr.isTTY) {
      const full = Math.round(share * WIDTH);
      const bar = '█'.repeat(full) + '░'.repeat(WIDTH - full);
      process.stderr.write(`\r${title} ${bar} ${Math.round(share * 100)} %${share === 1 ? '\n' : ''}`);
    } else if (Math.floor(share * 10) > tenth) {
      tenth = Math.floor(share * 10);
      io.line(`${title} ${tenth * 10} %`);
    }
  };
}
