import { expect, test } from 'vitest';
import { transcriptLine } from '../../src/client/transcript.ts';

const sha256 = 'ab'.repeat(32);

test.each([
  [{ event: 'done', operation: 'rename', path: 'a', newPath: 'b', detail: null }, 'file done: rename a, new name b'],
  [
    { event: 'done', operation: 'symlink', path: 'a', newPath: 'link', detail: null },
    'file done: symlink a, new name link',
  ],
  [
    { event: 'done', operation: 'setstat', path: 'a', newPath: null, detail: 'mode 0644' },
    'file done: setstat a, mode 0644',
  ],
  [
    { event: 'transferred', direction: 'upload', path: 'a', outcome: 'whole', why: null, from: 0, bytes: 5, sha256 },
    `file transferred: upload a, 5 bytes, whole, SHA-256 ${sha256}`,
  ],
  [
    {
      event: 'transferred',
      direction: 'download',
      path: 'a',
      outcome: 'partial',
      why: 'cut',
      from: 7,
      bytes: 0,
      sha256: null,
    },
    'file transferred: download a, 0 bytes, from byte 7, partial, cut',
  ],
  [{ event: 'refused', operation: 'remove', path: 'a', reason: 'direction' }, 'file refused: remove a, direction'],
  [{ event: 'looked', operation: 'list', path: 'a' }, 'file looked: list a'],
])('a file record is one line with all that it says: %j', (data, said) => {
  expect(transcriptLine({ at: 0, kind: 'file', channel: 2, data })).toBe(`0:00:00.000  [2]  ${said}`);
});
