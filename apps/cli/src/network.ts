// Where a server listens, checked before anything is opened: wrong words end at once and change nothing.
import { readFileSync } from 'node:fs';
import { createServer, isIP } from 'node:net';
import { createSecureContext } from 'node:tls';
import { must, refuse } from '@yimai/kit';
import type { ServerOptions } from '@yimai/server';
import { type Given, readPort } from './command.ts';

export type Network = Pick<ServerOptions, 'port' | 'host' | 'trustProxy' | 'publicUrl' | 'tls'>;

export function networkOf(given: Given, port: number): Network {
  const tls = readTls(given);
  const [host, trustProxy, publicUrl] = [given.text('host'), given.text('proxy'), given.text('public-url')];
  if (host !== undefined && !isLoopback(host) && !tls && trustProxy === undefined)
    no(
      'host-needs-tls',
      '--host',
      '对外监听须有 TLS（--tls-key、--tls-cert）或 --proxy',
      'listening beyond this machine needs TLS (--tls-key, --tls-cert) or --proxy',
    );
  if (trustProxy !== undefined && !trustProxy.split(',').every(isProxy))
    no('not-an-address', '--proxy', '应为代理的 IP 地址', 'the IP address of the proxy is needed');
  if (publicUrl !== undefined && !/^https?:$/.test(URL.parse(publicUrl)?.protocol ?? ''))
    no('not-a-url', '--public-url', '应为 http(s) 网址', 'an http(s) address is needed');
  return {
    port: readPort(given, port),
    ...(host === undefined ? {} : { host }),
    ...(trustProxy === undefined ? {} : { trustProxy }),
    ...(publicUrl === undefined ? {} : { publicUrl: publicUrl.replace(/\/$/, '') }),
    ...(tls ? { tls } : {}),
  };
}

/** A taken port is told before the database starts. */
export async function refuseTaken({ port, host }: Network): Promise<void> {
  const probe = createServer();
  const failed = await new Promise<unknown>((resolve) => {
    probe.once('error', resolve);
    probe.listen({ port, host: host ?? '127.0.0.1', exclusive: true }, () => resolve(null));
  });
  if (failed !== null) refuseAddress(failed);
  await new Promise((closed) => probe.close(closed));
}

/** What the system says to an address that cannot be listened on, as a refusal; anything else goes on. */
export function refuseAddress(error: unknown): never {
  const { code, port } = error as { code?: string; port?: number };
  if (code === 'EADDRINUSE')
    no('port-taken', '--port', `端口 ${port} 已被占用`, `port ${port} is taken by another program`);
  if (code === 'EACCES')
    no('port-not-allowed', '--port', `无权使用端口 ${port}`, `this user may not listen on port ${port}`);
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    no('address-not-here', '--host', '本机没有这个地址', 'this machine has no such address');
  throw error;
}

export const isLoopback = (host: string): boolean => /^(127(\.\d+){3}|localhost|::1|\[::1\])$/.test(host);

function isProxy(word: string): boolean {
  const [address = '', prefix] = word.trim().split('/');
  return isIP(address) !== 0 && (prefix === undefined || /^\d{1,3}$/.test(prefix));
}

function readTls(given: Given): Network['tls'] {
  const [key, cert] = [given.text('tls-key'), given.text('tls-cert')];
  if (key === undefined && cert === undefined) return undefined;
  if (key === undefined || cert === undefined)
    return no(
      'tls-incomplete',
      '--tls-key',
      '--tls-key 与 --tls-cert 须同时给出',
      '--tls-key and --tls-cert belong together',
    );
  const tls = { key: readPem('--tls-key', key), cert: readPem('--tls-cert', cert) };
  try {
    createSecureContext(tls);
  } catch {
    no(
      'tls-unusable',
      '--tls-cert',
      '这不是一对可用的 PEM 私钥与证书',
      'these are no PEM key and certificate that fit each other',
    );
  }
  return tls;
}

function readPem(at: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return no('file-not-readable', at, `读不到 ${path}`, `${path} cannot be read`);
  }
}

export function no(code: string, at: string, zh: string, en: string): never {
  must(refuse(code, { zh, en }, { at }));
  throw new Error('fault: a refusal was not thrown');
}
