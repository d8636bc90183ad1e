// What a form holds in words: choices by their text, numbers with their unit, nothing for names chosen and photos.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ItemDeclaration } from '@yimai/forms';
import { saidOf } from './said.ts';

const text = (zh: string) => ({ zh, en: zh });
const words = { say: ({ zh }: { zh: string }) => zh, yes: '是', no: '否', comma: '、' };
const items: readonly ItemDeclaration[] = [
  { id: 'class', text: text('需求类别'), type: 'choice', options: [{ code: 'gap', text: text('补短板') }] },
  {
    id: 'vitals',
    text: text('体征'),
    type: 'group',
    items: [{ id: 'systolic', text: text('收缩压'), type: 'quantity', unit: 'mm[Hg]' }],
  },
  { id: 'agreed', text: text('同意'), type: 'yes-no' },
  { id: 'techniques', text: text('技术项目'), type: 'text', repeats: true },
  { id: 'expert', text: text('专家'), type: 'reference' },
  { id: 'photos', text: text('照片'), type: 'photo', repeats: true },
  { id: 'goals', text: text('目标'), type: 'long-text' },
];

test('[desk D3] what was typed is told in words, without codes, names of files or blank answers', () => {
  const answers = {
    class: 'gap',
    systolic: 156,
    agreed: false,
    techniques: ['心脏彩超', '骨密度'],
    expert: 'Practitioner/staff-1',
    photos: ['Binary/1'],
    goals: '',
  };
  assert.deepEqual(saidOf(items, answers, words), [
    ['需求类别', '补短板'],
    ['收缩压', '156 mmHg'],
    ['同意', '否'],
    ['技术项目', '心脏彩超、骨密度'],
  ]);
});
