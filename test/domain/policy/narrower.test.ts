import { expect, test } from 'vitest';
import { defaultSshChannels, type SshChannels } from '../../../src/domain/policy/channels.ts';
import { isNarrower, type Terms } from '../../../src/domain/policy/narrower.ts';

const plain: Terms = {
  recording: 'required',
  channels: defaultSshChannels,
  maxSessionMilliseconds: null,
  idleMilliseconds: null,
};
const opens = (channels: Partial<SshChannels>): Terms => ({
  ...plain,
  channels: { ...defaultSshChannels, ...channels },
});

/** Each goes from the wider to the narrower. */
const steps: readonly (readonly [string, Terms, Terms])[] = [
  ['no shell', plain, opens({ shell: false })],
  ['no exec', plain, opens({ exec: false })],
  ['no upload', plain, opens({ files: 'download' })],
  ['no download', plain, opens({ files: 'upload' })],
  ['no files', opens({ files: 'upload' }), opens({ files: 'none' })],
  ['a longest file', plain, opens({ maxFileBytes: 10 })],
  ['a smaller longest file', opens({ maxFileBytes: 10 }), opens({ maxFileBytes: 9 })],
  ['a pair less', opens({ forward: ['a:1', 'b:2'] }), opens({ forward: ['b:2'] })],
  ['a variable less', opens({ env: ['TZ', 'LANG'] }), opens({ env: ['LANG'] })],
  ['a pattern less', opens({ env: ['LC_*'] }), opens({ env: ['LC_ALL'] })],
  ['a longer pattern', opens({ env: ['L*'] }), opens({ env: ['LC_*'] })],
  ['a telling variable under a pattern only', opens({ env: ['LD_PRELOAD', 'L*'] }), opens({ env: ['L*'] })],
  ['recording of what is typed', plain, opens({ typed: true })],
  ['a longest duration', plain, { ...plain, maxSessionMilliseconds: 10 }],
  ['a shorter duration', { ...plain, maxSessionMilliseconds: 10 }, { ...plain, maxSessionMilliseconds: 9 }],
  ['an idle limit', plain, { ...plain, idleMilliseconds: 10 }],
  ['a shorter idle limit', { ...plain, idleMilliseconds: 10 }, { ...plain, idleMilliseconds: 9 }],
  ['strict recording', plain, { ...plain, recording: 'strict' }],
  ['required recording', { ...plain, recording: 'preferred' }, plain],
  ['any recording', { ...plain, recording: 'off' }, { ...plain, recording: 'preferred' }],
];

test.each(steps)('%s is narrower, and the other way is not', (_what, wide, narrow) => {
  expect(isNarrower(wide, narrow)).toBe(true);
  expect(isNarrower(narrow, wide)).toBe(false);
});

test('one thing given does not make up for another taken away', () => {
  expect(isNarrower(opens({ files: 'upload' }), opens({ files: 'download' }))).toBe(true);
  expect(isNarrower(opens({ forward: ['a:1'] }), opens({ forward: ['b:2'] }))).toBe(true);
  expect(isNarrower(opens({ shell: false }), opens({ exec: false }))).toBe(true);
});

test('the same in other words is no narrower', () => {
  expect(isNarrower(plain, { ...plain, channels: { ...defaultSshChannels } })).toBe(false);
  expect(isNarrower(opens({ forward: ['A:1', 'b:2'] }), opens({ forward: ['B:2', 'a:1', 'A:1'] }))).toBe(false);
  expect(isNarrower(opens({ env: ['LC_ALL', 'LC_M*', 'TZ'] }), opens({ env: ['TZ', 'LC_*'] }))).toBe(false);
});
