// The office's list of tasks: seven areas, 41 tasks with leads and due dates, most done, a few late.
import { addDays, chinaInstant } from '@yimai/kit';
import { seeded } from '../random.ts';
import { type Script, type Stage, type Story, seat } from './stage.ts';

const LEADS = [
  'bureau',
  'county-hospital',
  'tcm-hospital',
  'maternal-hospital',
  'finance-centre',
  'hr-centre',
];
const AREAS = 7;
const TASKS = 41;

export function addTasks(stage: Stage, script: Script): void {
  if (stage.knows('pharma-tasks'))
    script.add(chinaInstant(addDays(stage.begins, 40), '09:00'), taskList(stage));
}

async function* taskList(stage: Stage): Story {
  const random = seeded(8_201).fork('tasks');
  const office = seat('office');
  const tasks = Array.from({ length: TASKS }, (_, index) => ({
    id: `task-${index + 1}`,
    area: `area-${(index % AREAS) + 1}`,
    title: `重点任务 ${index + 1}（合成）`,
    lead: `Organization/${LEADS[index % LEADS.length]}`,
    due: addDays(stage.begins, 90 + index * 8),
  }));
  if (!(await stage.send('tasks', office, 'tree.load', { tree: 'pharma-tasks', tasks }))) return;
  for (const [index, task] of tasks.entries()) {
    yield chinaInstant(addDays(task.due, -2), '16:00');
    if (index % 9 === 5) continue;
    const id = `pharma-tasks-${task.id}`;
    const isDone = random.chance(0.9);
    await stage.send('tasks', office, 'task.report', {
      task: id,
      progress: isDone ? 100 : random.between(30, 80),
      note: '按月推进（合成）',
      evidence: isDone ? [`DocumentReference/evidence-${task.id}`] : [],
    });
    if (isDone) await stage.send('tasks', office, 'task.close', { task: id });
  }
}
