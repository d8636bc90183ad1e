// Serves the built desk with the answers of the stories, so that its screens can be looked at without a county behind them.
import { createReadStream, existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { kase } from './story-case.ts';
import { diagram, home, item } from './story-cases.ts';
import { demoSignIns, session, system } from './story-frame.ts';
import { objectFile, offices, organisations, registerPage } from './story-house.ts';
import { audit, found, notices, people, resident, users } from './story-people.ts';
import { match, programmeDetail, programmes, tree } from './story-programmes.ts';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** What each address answers; `mood` makes every one of them empty or refused. */
function answerOf(path: string, mood: 'usual' | 'empty' | 'refused'): unknown {
  if (path === '/auth/me' || path === '/auth/sign-in') return session;
  if (path === '/auth/demo') return demoSignIns;
  if (path === '/desk/system') return system;
  if (mood === 'refused') return undefined;
  const page = <T>(items: readonly T[]) => ({
    items: mood === 'empty' ? [] : items,
    next: null,
    total: { count: mood === 'empty' ? 0 : items.length, more: false },
  });
  if (path === '/desk/home')
    return mood === 'empty'
      ? { ...home, kinds: [], mine: [], waitingFor: [], calendar: [], figures: [] }
      : home;
  if (path === '/desk/work') {
    const count = mood === 'empty' ? 0 : 50;
    return {
      ...page(Array.from({ length: count }, (_, index) => item(index))),
      next: mood === 'empty' ? null : 'more',
      total: { count: 999, more: count > 0 },
      loops: [{ id: 'x', name: { zh: '专家订单', en: 'Expert order' }, count }],
    };
  }
  if (path.startsWith('/desk/cases/')) return kase;
  if (path.startsWith('/desk/starts/'))
    return {
      programme: kase.item.programme,
      loop: kase.item.loop,
      diagram: diagram,
      act: kase.acts[0],
      needsResident: true,
    };
  if (path === '/desk/residents') return page(people);
  if (path.endsWith('/reveal')) return { id: '990101195407020026' };
  if (path.startsWith('/desk/residents/')) return resident;
  if (path === '/desk/registers') return [registerPage.register];
  if (path.includes('/objects/')) return objectFile;
  if (path.startsWith('/desk/registers/'))
    return mood === 'empty' ? { ...registerPage, items: [] } : registerPage;
  if (path === '/desk/programmes') return programmes;
  if (path.startsWith('/desk/programmes/')) return programmeDetail;
  if (path.startsWith('/desk/trees/')) return tree;
  if (path.startsWith('/desk/matches/')) return match;
  if (path === '/desk/organisations') return organisations;
  if (path === '/desk/settings') return {};
  if (path === '/desk/offices') return offices;
  if (path === '/desk/organisations/kinds') return [];
  if (path === '/desk/users') return { ...page(users), roles: [], withoutPassword: 1 };
  if (path === '/desk/audit') return page(audit);
  if (path === '/desk/break-glass') return [];
  if (path === '/desk/notices') return { items: mood === 'empty' ? [] : notices };
  if (path === '/desk/search') return found;
  if (path === '/desk/pick')
    return {
      items: organisations.map((each) => ({
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
