// What the form says is wrong, before the server says it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FormDeclaration, fill, loadForm } from '@yimai/forms';
import { faultsOf, numbersOf } from './check.ts';

const text = (word: string) => ({ zh: word, en: word });
const FORM: FormDeclaration = {
  id: 'visit',
  version: '1',
  title: text('随访'),
  items: [
    { id: 'seen', text: text('是否见到'), type: 'yes-no', required: true },
    {
      id: 'pressure',
      text: text('血压'),
      type: 'group',
      items: [
        {
          id: 'systolic',
          text: text('收缩压'),
          type: 'whole',
          min: 60,
          max: 260,
          required: true,
          when: 'seen == true',
        },
        { id: 'weight', text: text('体重'), type: 'number', min: 2 },
      ],
    },
    { id: 'note', text: text('备注'), type: 'text', longest: 4 },
    { id: 'next', text: text('下次'), type: 'date' },
  ],
};

const loaded = loadForm(FORM);
const faults = (answers: Record<string, string | number | boolean>) => {
  const filled = fill(loaded.form!, answers, { draft: true });
  return faultsOf(FORM, filled.answers, filled.enabled);
};

test('[desk D11] a question that skip logic closes is not missing, and is once it opens', () => {
  assert.deepEqual(loaded.issues, []);
  assert.deepEqual(faults({ seen: false }), []);
  assert.deepEqual(faults({ seen: true }), [{ item: 'systolic', word: 'missing' }]);
  assert.deepEqual(faults({}), [{ item: 'seen', word: 'missing' }]);
});

test('[desk D11] both ends of a range count as inside', () => {
  for (const systolic of [60, 260]) assert.deepEqual(faults({ seen: true, systolic }), []);
  assert.deepEqual(faults({ seen: true, systolic: 59 }), [{ item: 'systolic', word: 'tooSmall', n: 60 }]);
  assert.deepEqual(faults({ seen: true, systolic: 261 }), [{ item: 'systolic', word: 'tooLarge', n: 260 }]);
  assert.deepEqual(faults({ seen: true, systolic: 120.5 }), [{ item: 'systolic', word: 'notWhole' }]);
});

test('[desk D11] what is no number, no date or too long is named, in reading order', () => {
  const wrong = faults({ seen: false, weight: '6o', note: '一二三四五', next: '2026-13-01' });
  assert.deepEqual(wrong, [
    { item: 'weight', word: 'notANumber' },
    { item: 'note', word: 'tooLong', n: 4 },
    { item: 'next', word: 'notADate' },
  ]);
});

test('[desk D3] a pasted row is numbers only when all of it is, and more than one', () => {
  assert.deepEqual(numbersOf('128\t76\t36.5'), [128, 76, 36.5]);
  assert.deepEqual(numbersOf('128，76'), [128, 76]);
  assert.equal(numbersOf('128'), null);
  assert.equal(numbersOf('128 mmHg'), null);
});
