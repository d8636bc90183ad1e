// Says on what machine a figure was measured.
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';

export function describeMachine(): string {
  const processors = cpus();
  const model = processors[0]?.model.trim() || 'unknown processor';
  const memory = Math.round(totalmem() / 1024 ** 3);
  return `${processors.length} x ${model}, ${memory} GiB, ${system()}, Node ${process.version}`;
}

function system(): string {
  try {
    const name = /^PRETTY_NAME="?([^"\n]+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
    return `${name}, kernel ${release()}`;
  } catch {
    return `${type()} ${release()}`;
  }
}
