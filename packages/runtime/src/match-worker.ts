// Runs one plan in a thread of its own and posts it back.
import { parentPort, workerData } from 'node:worker_threads';
import { type Order, type Person, planAssignments, type Rules } from '@yimai/matching';

const { orders, people, rules } = workerData as { orders: Order[]; people: Person[]; rules: Rules };
parentPort?.postMessage(await planAssignments(orders, people, rules));
