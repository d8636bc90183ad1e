// Serves the built desk with the answers of the stories, so that its screens can be looked at without a county behind them.
import { createReadStream, existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { extname, join, normalize } from 'node:path';
import * as stories from './stories.ts';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** What each address answers; `mood` makes every one of them empty or refused. */
function answerOf(path: string, mood: 'usual' | 'empty' | 'refused'): unknown {
  if (path === '/auth/me' || path === '/auth/sign-in') return stories.session;
  if (path === '/auth/demo') return stories.demoSignIns;
  if (path === '/desk/system') return stories.system;
  if (mood === 'refused') return undefined;
  const page = <T>(items: readonly T[]) => ({
    items: mood === 'empty' ? [] : items,
    next: null,
    total: { count: mood === 'empty' ? 0 : items.length, more: false },
  });
  if (path === '/desk/home')
    return mood === 'empty'
      ? { ...stories.home, kinds: [], mine: [], waitingFor: [], calendar: [], figures: [] }
      : stories.home;
  if (path === '/desk/work') {
    const count = mood === 'empty' ? 0 : 50;
    return {
      ...page(Array.from({ length: count }, (_, index) => stories.item(index))),
      next: mood === 'empty' ? null : 'more',
      total: { count: 999, more: count > 0 },
      loops: [{ id: 'x', name: { zh: '专家订单', en: 'Expert order' }, count }],
    };
  }
  if (path.startsWith('/desk/cases/')) return stories.kase;
  if (path.startsWith('/desk/starts/'))
    return {
      programme: stories.kase.item.programme,
      loop: stories.kase.item.loop,
      diagram: stories.diagram,
      act: stories.kase.acts[0],
      needsResident: true,
    };
  if (path === '/desk/residents') return page(stories.people);
  if (path.endsWith('/reveal')) return { id: '990101195407020026' };
  if (path.startsWith('/desk/residents/')) return stories.resident;
  if (path === '/desk/registers') return [stories.registerPage.register];
  if (path.includes('/objects/')) return stories.objectFile;
  if (path.startsWith('/desk/registers/'))
    return mood === 'empty' ? { ...stories.registerPage, items: [] } : stories.registerPage;
  if (path === '/desk/programmes') return stories.programmes;
  if (path.startsWith('/desk/programmes/')) return stories.programmeDetail;
  if (path.startsWith('/desk/trees/')) return stories.tree;
  if (path.startsWith('/desk/matches/')) return stories.match;
  if (path === '/desk/organisations') return stories.organisations;
  if (path === '/desk/settings') return {};
  if (path === '/desk/offices') return stories.offices;
  if (path === '/desk/organisations/kinds') return [];
  if (path === '/desk/users') return { ...page(stories.users), roles: [], withoutPassword: 1 };
  if (path === '/desk/audit') return page(stories.audit);
  if (path === '/desk/break-glass') return [];
  if (path === '/desk/notices') return { items: mood === 'empty' ? [] : stories.notices };
  if (path === '/desk/search') return stories.found;
  if (path === '/desk/pick')
    return {
      items: stories.organisations.map((each) => ({
        reference: `Organization/${each.id}`,
        name: each.name,
        detail: null,
      })),
    };
  return undefined;
}

/** A free port of this machine only; `signedIn: false` begins at the sign-in page. */
export async function startStories(
  dist: string,
  options: { signedIn?: boolean; mood?: 'usual' | 'empty' | 'refused' } = {},
): Promise<{ url: string; server: Server; endSession: () => void }> {
  let signedIn = options.signedIn ?? true;
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const isInterface = /^\/(auth|desk|commands|live)(\/|$)/.test(path);
    if (!isInterface) {
      const file = normalize(join(dist, path));
      const found =
        file.startsWith(dist) && extname(file) !== '' && existsSync(file) ? file : join(dist, 'index.html');
      response.setHeader('content-type', TYPES[extname(found)] ?? 'application/octet-stream');
      createReadStream(found).pipe(response);
      return;
    }
    if (path === '/live') {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      return;
    }
    if (path === '/auth/sign-in') signedIn = true;
    const open = ['/auth/sign-in', '/auth/demo', '/desk/system'].includes(path);
    const closed = !signedIn && !open;
    const answer = closed ? undefined : answerOf(path, options.mood ?? 'usual');
    const refusal = {
      code: closed ? 'not-signed-in' : 'not-permitted',
      detail: { zh: '您当前的岗位无权查看', en: 'Your role may not see this' },
    };
    response.writeHead(answer === undefined ? (closed ? 401 : 403) : 200, {
      'content-type': 'application/json',
    });
    response.end(JSON.stringify(answer ?? refusal));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const endSession = () => {
    signedIn = false;
  };
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    server,
    endSession,
  };
}
