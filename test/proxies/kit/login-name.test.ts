import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseLoginName } from '../../../src/proxies/kit/login-name.ts';
import { count } from '../../kit/counts.ts';

const forms: readonly [string, string, string | null, string | null][] = [
  ['alice', 'alice', null, null],
  ['alice@corp.example', 'alice@corp.example', null, null],
  ['alice~web-1', 'alice', null, 'web-1'],
  ['alice@corp.example~root~web-1', 'alice@corp.example', 'root', 'web-1'],
  ['alice[root@web-1]', 'alice', 'root', 'web-1'],
  ['alice[CORP\\svc@web-1]', 'alice', 'CORP\\svc', 'web-1'],
  ['alice@corp[svc@corp.example@web-1]', 'alice@corp', 'svc@corp.example', 'web-1'],
  ['alice#root#web-1', 'alice', 'root', 'web-1'],
  ['alice#web-1', 'alice', null, 'web-1'],
  ['alice:root:web-1', 'alice', 'root', 'web-1'],
  ['alice:web-1', 'alice', null, 'web-1'],
];

test.each(forms)('%s', (text, user, account, target) => {
  expect(parseLoginName(text)).toEqual({ ok: true, user, account, target });
});

test.each([
  ['', 'empty-part'],
  ['~web', 'empty-part'],
  ['alice~', 'empty-part'],
  ['alice~~web', 'empty-part'],
  ['alice~a~b~c', 'malformed'],
  ['alice[root@web', 'malformed'],
  ['alice[root]', 'malformed'],
  ['alice[root@web]x', 'malformed'],
  ['[root@web]', 'empty-part'],
  ['alice#a#b#c', 'malformed'],
  // `#` comes before `:`, so that the colon is part of a name, and names hold none.
  ['alice#root:web', 'malformed'],
  ['alice\u0000~web', 'control-character'],
  ['alice~web\n', 'control-character'],
  ['alice~w\u2028eb', 'control-character'],
  ['a'.repeat(257), 'too-long'],
  ['a'.repeat(65_536), 'too-long'],
])('refused: %j', (text, code) => {
  expect(parseLoginName(text)).toEqual({ ok: false, code });
});

const name = fc.string({ minLength: 1, maxLength: 60 }).filter((text) => !/[~[\]#:]|\p{Cc}/u.test(text));

test('what is joined by ~ is found again', () => {
  fc.assert(
    fc.property(name, name, name, (user, account, target) => {
      expect(parseLoginName(`${user}~${account}~${target}`)).toEqual({ ok: true, user, account, target });
      expect(parseLoginName(`${user}~${target}`)).toEqual({ ok: true, user, account: null, target });
    }),
    { numRuns: count(200, 100_000) },
  );
});

test('any text gives a name or a code, and no part of a name holds a separator', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.string({ unit: fc.constantFrom('a', '~', '[', ']', '@', '#', ':', '\\', '\n'), maxLength: 20 }),
  );
  fc.assert(
    fc.property(text, (input) => {
      const parsed = parseLoginName(input);
      if (!parsed.ok) return;
      for (const part of [parsed.user, parsed.account, parsed.target]) {
        expect(part ?? 'x').toMatch(/^[^~[\]#:]+$/);
      }
    }),
    { numRuns: count(2_000, 1_000_000) },
  );
}, 120_000);
