// Waits until a server should end: Ctrl-C, a signal, or the death of the process that started it.

const LAUNCHER_LOOK_MS = 500;

/** Resolves once; a second Ctrl-C after a moment ends the process at once, if closing hangs. */
export function untilToldToEnd(env: NodeJS.ProcessEnv = process.env): Promise<void> {
  return new Promise((resolve) => {
    let toldAt: number | undefined;
    const told = () => {
      // npm, the launcher and the terminal may each pass the same Ctrl-C on.
      if (toldAt !== undefined && performance.now() - toldAt > 2_000) process.exit(130);
      toldAt ??= performance.now();
      clearInterval(look);
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, told);
    const launcher = Number(env['YIMAI_LAUNCHER'] ?? 0);
    const startedBy = process.ppid;
    const look = setInterval(() => {
      // Only a launcher of ours is missed: a server put into the background on purpose goes on.
      if (launcher === startedBy && process.ppid !== startedBy) told();
    }, LAUNCHER_LOOK_MS);
    look.unref();
  });
}
