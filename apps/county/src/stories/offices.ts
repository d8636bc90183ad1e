// What offices do a few times a year: an enforcement case from record to publication, good practices chosen and taken up
// by others, a special action under way, techniques admitted and tried.
import { addDays, chinaInstant } from '@yimai/kit';
import { chair, directorOf } from '../people.ts';
import { OBJECT_CODES } from './inspections.ts';
import { type Script, type Stage, type Story, seat } from './stage.ts';

export function addOffices(stage: Stage, script: Script): void {
  if (stage.knows('enforcement-case'))
    for (const [nth, back] of [210, 120, 40, 9].entries())
      script.add(chinaInstant(addDays(stage.until, -back), '10:15'), enforcement(stage, nth, back));
  if (stage.knows('good-practice'))
    for (const [nth, practice] of PRACTICES.entries())
      script.add(
        chinaInstant(addDays(stage.begins, 60 + nth * 70), '14:20'),
        goodPractice(stage, nth, practice),
      );
  if (stage.knows('special-action'))
    script.add(chinaInstant(addDays(stage.until, -5), '08:55'), specialAction(stage));
  if (stage.knows('accreditation'))
    script.add(chinaInstant(addDays(stage.until, -75), '09:50'), accreditation(stage));
  if (stage.knows('new-technique'))
    for (const [nth, technique] of TECHNIQUES.entries())
      script.add(
        chinaInstant(addDays(stage.until, -200 + nth * 38), '11:05'),
        newTechnique(stage, nth, technique),
      );
}

const MATTERS = [
  '未取得卫生许可证从事经营',
  '公共用品用具未按规定消毒',
  '使用未持健康证人员',
  '医疗废物未分类收集',
];

/** The newest stands before the draft, the one before it waits for the decision. */
async function* enforcement(stage: Stage, nth: number, back: number): Story {
  const name = `enforcement-${nth}`;
  const handler = chair('inspector-2');
  const matter = MATTERS[nth]!;
  const on = (days: number, time = '15:30') => chinaInstant(addDays(stage.until, -back + days), time);
  const opened = await stage.send(name, handler, 'loop.open', {
    loop: 'enforcement-case',
    answers: {
      object: OBJECT_CODES[nth * 3]!,
      offender: `栖云当事人${'甲乙丙丁'[nth]}（虚构）`,
      matter: `${matter}（合成）`,
      certificate: `99-执法-${String(nth + 1).padStart(3, '0')}`,
      'notice-given': true,
    },
  });
  if (!opened) return;
  const act = (as: typeof handler, event: string, answers: object) =>
    stage.send(name, as, 'loop.act', { case: opened['case'], event, answers });
  yield on(1);
  await act(handler, 'record', { stage: '现场检查', content: '现场笔录一份（合成）' });
  yield on(3);
  await act(handler, 'record', { stage: '询问', content: '询问笔录一份（合成）' });
  if (back < 15) return;
  yield on(8);
  await act(handler, 'draft', { sanction: 'fine', draft: `拟处罚款（${matter}，合成）`, fine: 200_000 });
  if (back < 60) return;
  yield on(14);
  await act(seat('director'), 'decide', {
    number: `栖云卫罚〔${stage.until.slice(0, 4)}〕${nth + 1} 号（虚构）`,
  });
  yield on(20);
  await act(handler, 'publish', {
    'public-name': '栖云某经营户',
    'public-text': `${matter}，处罚款（合成）`,
  });
}

const PRACTICES: readonly (readonly [title: string, theme: string])[] = [
  ['村医随访“两卡一账”做法', '慢病管理'],
  ['远程心电 15 分钟回报机制', '分级诊疗'],
  ['订单式下派“月清单、季评价”', '人才下沉'],
  ['出院患者床旁结算与送药到村', '便民服务'],
];

async function* goodPractice(stage: Stage, nth: number, [title, theme]: readonly [string, string]): Story {
  const name = `practice-${nth}`;
  const office = seat('office');
  const opened = await stage.send(name, directorOf(`township-${2 + nth}`), 'loop.open', {
    loop: 'good-practice',
    answers: {
      title: `${title}（虚构）`,
      theme,
      summary: '三个月内覆盖全部村卫生室，群众往返次数下降（合成）',
    },
  });
  if (!opened) return;
  const day = addDays(stage.begins, 60 + nth * 70);
  const act = (event: string, answers: object = {}) =>
    stage.send(name, office, 'loop.act', { case: opened['case'], event, answers });
  yield chinaInstant(addDays(day, 6), '10:00');
  await act('review', { score: 84 + nth * 3 });
  if (nth === PRACTICES.length - 1) return;
  yield chinaInstant(addDays(day, 10), '10:00');
  await act('select');
  yield chinaInstant(addDays(day, 16), '10:00');
  await act('promote');
  for (const township of [5, 6, 7, 8].slice(nth)) {
    yield chinaInstant(addDays(day, 20 + township), '16:10');
    await stage.send(`${name}-${township}`, directorOf(`township-${township}`), 'loop.open', {
      loop: 'practice-adoption',
      answers: { practice: `Task/${opened['case']}`, note: '已在本院和所辖村卫生室推开（合成）' },
    });
  }
}

/** Begun this week; its checks wait for the team. */
async function* specialAction(stage: Stage): Story {
  await stage.send('special-action', seat('inspector'), 'loop.open', {
    loop: 'special-action',
    answers: {
      action: `${stage.until.slice(0, 4)} 年冬季公共场所卫生专项行动（虚构）`,
      level: 'county',
      team: 'Organization/supervision',
      objects: OBJECT_CODES.slice(10, 16),
      starts: addDays(stage.until, -4),
      ends: addDays(stage.until, 20),
    },
  });
  yield* [];
}

const TECHNIQUES = [
  '经皮肾镜碎石',
  '超声引导下神经阻滞',
  '无痛支气管镜',
  '耳穴压豆联合针刺',
  '新生儿亚低温治疗',
];

async function* newTechnique(stage: Stage, nth: number, technique: string): Story {
  const name = `technique-${nth}`;
  const opened = await stage.send(name, seat('doctor'), 'loop.open', {
    loop: 'new-technique',
    answers: { technique: `${technique}（虚构）`, origin: 'own' },
  });
  if (!opened || nth === TECHNIQUES.length - 1) return;
  const act = (as: ReturnType<typeof seat>, event: string, answers: object = {}) =>
    stage.send(name, as, 'loop.act', { case: opened['case'], event, answers });
  const begun = -190 + nth * 38;
  yield chinaInstant(addDays(stage.until, begun), '11:05');
  await act(seat('office'), 'admit', { ethics: true, ability: true, limit: 20 });
  for (let tried = 1; tried <= 3; tried += 1) {
    const at = addDays(stage.until, begun + tried * 9);
    if (at >= stage.until) return;
    yield chinaInstant(at, '16:40');
    await act(seat('doctor'), 'case', { 'went-well': (nth + tried) % 5 !== 0 });
  }
  if (nth > 1) return;
  yield chinaInstant(addDays(stage.until, begun + 60), '10:30');
  await act(seat('office'), 'make-routine');
}

const STANDARD = '二级综合医院评审标准（合成）';
const GAP = '抽查记录只有上半年的，请补齐（合成）';
const CLAUSES = ['1.1.1', '1.2.3', '2.3.1', '2.4.2', '3.1.1', '4.2.5'];

/** The Chinese medicine hospital prepares for its grade: some clauses are met, one has a gap, some wait. */
async function* accreditation(stage: Stage): Story {
  const name = 'accreditation';
  const office = seat('office');
  await stage.send(name, office, 'register.import', {
    register: 'accreditation-clauses',
    rows: CLAUSES.map((clause, nth) => ({
      clause,
      chapter: `第${'一二三四'[Number(clause[0]) - 1]}章`,
      text: `条款 ${clause}：制度健全、执行到位、持续改进（合成）`,
      core: nth % 3 === 0,
    })),
  });
  await stage.send(name, office, 'register.import', {
    register: 'accreditation-standards',
    rows: [{ standard: STANDARD, clauses: CLAUSES }],
  });
  const hospital = chair('doctor-tcm-hospital-1');
  const opened = await stage.send(name, hospital, 'loop.open', {
    loop: 'accreditation',
    answers: { standard: STANDARD, level: 'secondary-a', region: '栖云县', kind: '中医医院' },
  });
  if (!opened) return;
  const clauses = await stage.children(String(opened['case']));
  for (const [nth, { id }] of clauses.entries()) {
    if (nth >= 4) return;
    yield chinaInstant(addDays(stage.until, -60 + nth * 9), '15:10');
    const act = (as: ReturnType<typeof seat>, event: string, answers: object, why?: string) =>
      stage.send(`${name}-${nth}`, as, 'loop.act', {
        case: id,
        event,
        answers,
        ...(why === undefined ? {} : { reason: why }),
      });
    await act(hospital, 'self-score', { evidence: ['制度汇编、抽查记录（合成）'], 'self-score': 82 + nth });
    if (nth === 3) return;
    await (nth === 2
      ? act(seat('director'), 'return', { gap: GAP }, GAP)
      : act(seat('director'), 'pass', { score: 80 + nth }));
  }
}
