// `yimai serve`: one consortium behind HTTP until it is told to end. It has no door for a simulated clock.
import type { Consortium } from '@yimai/server';
import { type Command, EXIT, type Given } from '../command.ts';
import { untilToldToEnd } from '../ending.ts';
import { logTo, openHouse, tellFirstStart } from '../house.ts';
import { isLoopback, networkOf, no, refuseAddress, refuseTaken } from '../network.ts';

const PORT = 8720;

export const serve: Command = {
  name: 'serve',
  summary: { zh: '启动服务（空库，已迁移）', en: 'serve a consortium (empty and migrated at first)' },
  options: {
    port: {
      type: 'string',
      value: 'N',
      help: { zh: `端口，默认 ${PORT}；0 为任一空闲端口`, en: `port, default ${PORT}; 0 takes a free one` },
    },
    host: {
      type: 'string',
      value: 'ADDRESS',
      help: {
        zh: '监听地址，默认只限本机；其他地址须有 TLS 或代理',
        en: 'address to listen on; beyond this machine only with TLS or a proxy',
      },
    },
    'tls-key': { type: 'string', value: 'FILE', help: { zh: 'TLS 私钥（PEM）', en: 'TLS key (PEM)' } },
    'tls-cert': {
      type: 'string',
      value: 'FILE',
      help: { zh: 'TLS 证书链（PEM）', en: 'TLS certificate chain (PEM)' },
    },
    proxy: {
      type: 'string',
      value: 'ADDRESS',
      help: {
        zh: '前置反向代理的地址，信其 X-Forwarded 头',
        en: 'address of the reverse proxy whose X-Forwarded headers are believed',
      },
    },
    'public-url': {
      type: 'string',
      value: 'URL',
      help: { zh: '对外网址', en: 'public address of this server' },
    },
  },
  async run(given, io) {
    const network = networkOf(given, PORT);
    await refuseTaken(network);
    const house = await openHouse(given, io);
    try {
      await refuseOpenDemo(given, house);
      const { startServer } = await import('@yimai/server');
      const { deskFolderMeanwhile } = await import('../desk.ts');
      const desk = deskFolderMeanwhile(io);
      const server = await startServer(house, {
        ...network,
        log: logTo(io),
        deskFolder: desk.folder,
      }).catch(refuseAddress);
      const ended = untilToldToEnd();
      await io.result({ url: server.url, fhir: server.fhir });
      desk.build();
      io.say({
        zh: `服务已启动：${server.url}（Ctrl-C 停止）`,
        en: `serving at ${server.url} (Ctrl-C stops)`,
      });
      tellFirstStart(server, io);
      await ended;
      io.say({ zh: '正在停止 ...', en: 'stopping ...' });
      await server.close();
    } finally {
      await house.close();
    }
    return EXIT.done;
  },
};

// Demo sign-ins have passwords that everybody knows.
async function refuseOpenDemo(given: Given, house: Consortium): Promise<void> {
  const open = [given.text('host'), given.text('proxy'), given.text('public-url')].some(
    (value) => value !== undefined && !isLoopback(value),
  );
  if (open && (await house.accounts.hasDemoUsers()))
    no(
      'demo-stays-here',
      '--host',
      '有演示账号时只能在本机使用',
      'while demo sign-ins exist the server stays on this machine',
    );
}
