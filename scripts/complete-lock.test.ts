// Shows that a lock from a registry with few platforms is completed, and that nothing else in it changes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completeLock } from './complete-lock.ts';

test('[scripts S7] missing builds for other platforms are named, with what they run on', () => {
  const lock = {
    packages: {
      'node_modules/tool': {
        version: '2.0.0',
        dev: true,
        optionalDependencies: {
          '@tool/linux-x64-gnu': '2.0.0',
          '@tool/linux-arm64-musl': '2.0.0',
          '@tool/darwin-arm64': '2.0.0',
          'not-a-build': '1.0.0',
        },
      },
      'node_modules/@tool/linux-x64-gnu': { version: '2.0.0', integrity: 'sha512-x' },
    },
  };
  assert.deepEqual(completeLock(lock), ['@tool/linux-arm64-musl@2.0.0', '@tool/darwin-arm64@2.0.0']);
  assert.deepEqual(lock.packages['node_modules/@tool/linux-arm64-musl' as keyof typeof lock.packages], {
    version: '2.0.0',
    dev: true,
    optional: true,
    os: ['linux'],
    cpu: ['arm64'],
    libc: ['musl'],
  });
  assert.deepEqual(lock.packages['node_modules/@tool/linux-x64-gnu'], {
    version: '2.0.0',
    integrity: 'sha512-x',
  });
  assert.deepEqual(completeLock(lock), []);
});
