// What the inspection and mechanism walks need in the small county: objects in grids, a monitor, stock, agreements, answers.
import { uuidv7 } from '@yimai/kit';
import { CHAIRS, PASSWORD } from './county.fixture.ts';

type Send = (type: string, payload: unknown) => Promise<Record<string, unknown>>;

/** Commands of one person over one session. */
export async function commander(url: string, login: string): Promise<Send> {
  const chair = CHAIRS.find((each) => each.login === login)!;
  const post = async (path: string, body: unknown, headers = {}) => {
    const answer = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    return (await answer.json()) as Record<string, unknown>;
  };
  const { token } = await post('/auth/sign-in', { login, password: PASSWORD });
  const actingAs = { org: chair.org, role: chair.role };
  return async (type, payload) => {
    const command = { id: uuidv7(), type, occurredAt: new Date().toISOString(), actingAs, payload };
    const answer = await post('/commands', command, { authorization: `Bearer ${token}` });
    if (answer['outcome'] !== 'applied') throw new Error(`${type}: ${JSON.stringify(answer)}`);
    return answer['result'] as Record<string, unknown>;
  };
}

const TRADES = ['pool', 'lodging', 'hair', 'school', 'clinic', 'water'] as const;
const WORDS = {
  pool: '游泳馆',
  lodging: '宾馆',
  hair: '美发店',
  school: '小学',
  clinic: '诊所',
  water: '水厂',
};
export const POOL = 'HS990001';

/** 48 made-up objects in two townships; those of the second have coordinates. */
const objects = () =>
  Array.from({ length: 48 }, (_, nth) => {
    const trade = TRADES[nth % TRADES.length]!;
    const second = nth % 3 === 2;
    return {
      code: `HS99${String(nth + 1).padStart(4, '0')}`,
      name: `清江${WORDS[trade]}${nth + 1}（虚构）`,
      trade,
      grid: `${second ? '双河乡' : '柳溪镇'}第${(nth % 11) + 1}网格`,
      officer: `Practitioner/staff-${nth % 4 === 3 ? 'inspector-2' : 'inspector'}`,
      licence: `清卫证字〔2026〕第${String(nth + 1).padStart(4, '0')}号（虚构）`,
      address: `人民路 ${nth + 3} 号`,
      status: nth === 40 ? 'closed' : 'open',
      ...(second ? { latitude: 27.1 + (nth % 7) / 100, longitude: 105.2 + (nth % 5) / 100 } : {}),
    };
  });

export async function addInspection(url: string): Promise<void> {
  const inspector = await commander(url, 'inspector');
  await inspector('register.import', {
    register: 'supervised-objects',
    rows: objects(),
    from: day(-30),
  });
  await inspector('register.put', {
    register: 'monitors',
    entry: { code: POOL, specialty: '公共场所', supervisor: 'Practitioner/staff-inspector' },
  });
}

const day = (ahead: number): string => new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10);

/** Something in each of the smaller mechanisms. */
export async function addMechanisms(url: string): Promise<void> {
  const [inspector, office, hr, township] = (await Promise.all(
    ['inspector', 'office', 'hr', 'township'].map((login) => commander(url, login)),
  )) as [Send, Send, Send, Send];
  await inspector('recurring.generate', { plan: 'weekly-patrol', on: day(-7) });
  await inspector('recurring.generate', { plan: 'weekly-patrol', on: day(0) });
  for (const nth of [2, 3, 4, 5])
    await inspector('recurring.done', {
      plan: 'weekly-patrol',
      object: `HS99000${nth}`,
      on: day(0),
      answers: { problem: false },
    });
  await office('agreement.draft', {
    agreement: 'operating-agreement',
    title: '柳溪镇卫生院托管运营协议（虚构）',
    parties: { owner: 'Organization/office', operator: 'Organization/town-a' },
    from: day(0),
    to: day(700),
  });
  const stock = (lot: string, expiry: string, quantity: number, item = 'mask-n95') =>
    office('stock.receive', {
      stock: 'emergency-reserve',
      store: 'Organization/office',
      item,
      lot,
      expiry,
      quantity,
    });
  await stock('M-2601', day(20), 600);
  await stock('M-2602', day(80), 900);
  await stock('M-2603', day(600), 2_000);
  await stock('G-2601', day(400), 120, 'gown');
  await inspector('draw.make', {
    draw: 'special-action-draw',
    seed: 'published-seed-2026',
    field: 'hair',
    count: 3,
    reserves: 1,
    conflicts: [],
    exclude: [],
  });
  for (const [nth, overall] of ['very', 'satisfied', 'very', 'poor', 'satisfied', 'unknown'].entries())
    await inspector('survey.answer', {
      survey: 'community-satisfaction',
      answers: { overall, place: `柳溪镇第${nth + 1}社区` },
    });
  await hr('pool.book', {
    pool: 'expert-postings',
    unit: 'Practitioner/staff-expert',
    holder: 'Organization/town-a',
    from: day(2),
    to: day(6),
    facts: {},
  });
  const practice = await township('loop.open', {
    loop: 'good-practice',
    answers: {
      title: '村级卫生室“哨点”报告制（虚构）',
      theme: '综合监督',
      summary: '信息员每周报告，三日内核实。',
    },
  });
  const act = (event: string, answers: object) =>
    office('loop.act', { case: practice['case'], event, answers });
  await act('review', { score: 92 });
  await act('select', {});
  await act('promote', {});
}

/** The list of 41 tasks in seven areas; the first four are late, one of them reported half done. */
export async function addTree(url: string): Promise<void> {
  const office = await commander(url, 'office');
  const tasks = Array.from({ length: 41 }, (_, n) => ({
    id: `task-${n + 1}`,
    area: `area-${(n % 7) + 1}`,
    title: `重点任务 ${n + 1}（虚构）`,
    lead: n % 2 === 0 ? 'Organization/office' : 'Organization/bureau',
    due: n < 4 ? day(-10) : day(200),
  }));
  await office('tree.load', { tree: 'pharma-tasks', tasks });
  await office('task.report', { task: 'pharma-tasks-task-1', progress: 50, evidence: [] });
}
