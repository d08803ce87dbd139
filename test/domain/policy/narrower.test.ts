import { expect, test } from 'vitest';
import { defaultChannels, type SshChannels } from '../../../src/domain/policy/channels.ts';
import { defaultPostgresChannels, type PostgresChannels } from '../../../src/domain/policy/postgres-channels.ts';
import { isNarrower, type Terms } from '../../../src/domain/policy/narrower.ts';

const plain: Terms = {
  recording: 'required',
  channels: defaultChannels,
  maxSessionMilliseconds: null,
  idleMilliseconds: null,
};
const opens = (channels: Partial<SshChannels>): Terms => ({
  ...plain,
  channels: { ...defaultChannels, ssh: { ...defaultChannels.ssh, ...channels } },
});
const opensDatabase = (channels: Partial<PostgresChannels>): Terms => ({
  ...plain,
  channels: { ...defaultChannels, postgres: { ...defaultPostgresChannels, ...channels } },
});
const objects = (deny: string[], allow: string[] = []) => opensDatabase({ objects: { allow, deny } });

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
  ['only some databases', plain, opensDatabase({ databases: ['a'] })],
  ['a database less', opensDatabase({ databases: ['a', 'b'] }), opensDatabase({ databases: ['a'] })],
  ['reading only', plain, opensDatabase({ readOnly: true, notUnderstood: 'mark' })],
  ['some kinds of statements', plain, opensDatabase({ allow: ['select'], notUnderstood: 'mark' })],
  ['a longer word', opensDatabase({ allow: ['copy'] }), opensDatabase({ allow: ['copy from', 'copy to stdout'] })],
  ['a denied kind', opensDatabase({ deny: ['do'] }), opensDatabase({ deny: ['do', 'call'] })],
  ['a shorter denied word', opensDatabase({ deny: ['drop table'] }), opensDatabase({ deny: ['drop'] })],
  ['only some objects', objects(['a']), objects(['a'], ['b'])],
  ['an object less', objects([], ['app.*']), objects([], ['app.t', 'app.u'])],
  ['a name with a schema', objects([], ['t']), objects([], ['app.t'])],
  ['a denied object', objects(['app.t']), objects(['app.t', 'app.u'])],
  ['a denied schema', objects(['app.t']), objects(['app.*'])],
  ['most rows', plain, opensDatabase({ maxRows: 10 })],
  ['fewer bytes', opensDatabase({ maxBytes: 10 }), opensDatabase({ maxBytes: 9 })],
  ['denial of what is not understood', plain, opensDatabase({ notUnderstood: 'deny' })],
  [
    'denial of what is not understood, unsaid',
    opensDatabase({ readOnly: true, notUnderstood: 'mark' }),
    opensDatabase({ readOnly: true }),
  ],
  ['recording of whole statements', opensDatabase({ statements: 'redacted' }), plain],
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
  expect(isNarrower(plain, { ...plain, channels: { ...defaultChannels } })).toBe(false);
  expect(isNarrower(objects(['app.*']), objects(['app.t', 'app.*']))).toBe(false);
  expect(isNarrower(opensDatabase({ deny: ['drop'] }), opensDatabase({ deny: ['drop table', 'drop'] }))).toBe(false);
  expect(isNarrower(opensDatabase({ readOnly: true }), opensDatabase({ readOnly: true, notUnderstood: 'deny' }))).toBe(
    false,
  );
  expect(isNarrower(opens({ forward: ['A:1', 'b:2'] }), opens({ forward: ['B:2', 'a:1', 'A:1'] }))).toBe(false);
  expect(isNarrower(opens({ env: ['LC_ALL', 'LC_M*', 'TZ'] }), opens({ env: ['TZ', 'LC_*'] }))).toBe(false);
});
