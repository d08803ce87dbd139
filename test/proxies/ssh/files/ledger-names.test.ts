import { expect, test } from 'vitest';
import { ProtocolError } from '../../../../src/domain/kernel/errors.ts';
import { bytes, channel, flag, put } from './channel.ts';
import { sftp } from './packets.ts';

test.each([
  ['f', 'f'],
  ['f', './f'],
  ['a/f', 'a//./f/'],
  ['a/../f', './f'],
  ['/home/p/f', 'f'],
  ['../x/f', '/home/x/f'],
])('a file that is open twice, as %s and %s, is partial both times', (one, other) => {
  const it = channel();
  it.open(put, 'h1', one);
  it.client(sftp.write(9, 'h1', 0, bytes.subarray(0, 4)));
  it.target(sftp.status(9, 0));
  it.open(put, 'h2', other);
  const why = 'it was open more than once';
  expect(it.close('h1')).toMatchObject({ path: one, outcome: 'partial', why });
  expect(it.close('h2')).toMatchObject({ path: other, outcome: 'partial', why });
});

test.each([
  ['f', 'F'],
  ['f', 'a/f'],
  ['/f', '/a/f'],
  ['/a/f', 'b/f'],
  ['af', '/f'],
  ['..f', 'f'],
])('files named %s and %s are two', (one, other) => {
  const it = channel();
  it.open(put, 'h1', one);
  it.open(put, 'h2', other);
  expect([it.close('h1'), it.close('h2')]).toMatchObject([{ outcome: 'whole' }, { outcome: 'whole' }]);
});

test('a file that is opened again while its close is on the way was open twice', () => {
  const it = channel();
  it.open(put, 'h1');
  it.client(sftp.write(9, 'h1', 0, bytes.subarray(0, 4)));
  it.target(sftp.status(9, 0));
  it.client(sftp.open(3, 'f', put), sftp.close(4, 'h1'));
  it.target(sftp.handle(3, 'h2'), sftp.status(4, 0));
  expect(it.facts().at(-1)?.data).toMatchObject({ outcome: 'partial', why: 'it was open more than once' });
});

test('a length that is set while the file is being opened counts for its upload', () => {
  const upload = (path: string, size: number, flags = put) => {
    const it = channel();
    it.client(sftp.open(1, 'f', flags), sftp.setstatSize(5, path, size));
    it.target(sftp.handle(1, 'h'), sftp.status(5, 0));
    it.client(sftp.write(9, 'h', 0, bytes.subarray(0, 4)));
    it.target(sftp.status(9, 0));
    return it.close();
  };
  expect(upload('f', 9)).toMatchObject({ outcome: 'partial', why: 'the whole file has 9 bytes' });
  expect(upload('./f', 9)).toMatchObject({ outcome: 'partial', why: 'the whole file has 9 bytes' });
  expect(upload('f', 4, flag.write)).toMatchObject({ outcome: 'whole' });
  // With a folder that is a link this is another file, whose length says nothing.
  expect(upload('a/../f', 4, flag.write)).toMatchObject({ outcome: 'partial' });
  expect(upload('link', 9)).toMatchObject({ why: 'a length was set under another name at the same time' });
});

test.each([
  ['a handle', sftp.handle(2, 'x')],
  ['attributes', sftp.attributesSize(2, 4)],
  ['a name', sftp.name(2, 'x')],
  ['contents', sftp.data(2, bytes.subarray(0, 4))],
])('a close that is answered by %s ends the channel, and what was open is noted', (_what, answer) => {
  const it = channel();
  it.open(put);
  it.client(sftp.write(9, 'h', 0, bytes.subarray(0, 4)));
  it.target(sftp.status(9, 0));
  it.client(sftp.mkdir(8, 'folder'), sftp.close(2, 'h'));
  expect(() => it.target(answer)).toThrow(ProtocolError);
  const why = 'the connection ended before it was closed';
  expect(it.end()).toMatchObject([{ type: 'FileTransferred', data: { path: 'f', bytes: 4, outcome: 'partial', why } }]);
});
