import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { diffLines } from '../../web/src/screens/admin/document/diff-lines.ts';
import { valueAt, withValue, type JsonMap } from '../../web/src/screens/admin/document/document.ts';
import { placeErrors } from '../../web/src/screens/admin/document/error-places.ts';
import { yamlText } from '../../web/src/screens/admin/document/yaml-text.ts';
import { count } from '../kit/counts.ts';

const words = [
  'yes',
  'null',
  '0x1f',
  '1e3',
  '- a',
  'a: b',
  'a #b',
  '{x}',
  '*all',
  'a:b',
  '',
  ' ',
  '~',
  '.5',
  '"a" in b',
  '-----\nPEM x\n-----\n',
];
const text = fc.oneof(
  fc.constantFrom(...words),
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('a', '\n', ' ', ':', '#', '-') }),
);
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('any')),
    fc.dictionary(text, tie('any')),
  ),
})).any;

test('a document written as YAML is read as the same document', () => {
  fc.assert(
    fc.property(text, fc.dictionary(text, value), (name, spec) => {
      const document = { apiVersion: 'sallyport/v1', kind: 'Target', metadata: { name }, spec: spec as JsonMap };
      expect(parse(yamlText(document))).toEqual(JSON.parse(JSON.stringify(document)));
    }),
    { numRuns: count(300, 20_000) },
  );
  const plain = {
    apiVersion: 'sallyport/v1',
    kind: 'Target',
    metadata: { name: 'web1', labels: { a: 'b' } },
    spec: { address: 'web1.example.org:22', trust: { hostKeys: ['ssh-ed25519 AAAA+/='] }, ca: 'one\ntwo\n' },
  };
  expect(yamlText(plain)).toBe(
    'apiVersion: sallyport/v1\nkind: Target\nmetadata:\n  name: web1\n  labels:\n    a: b\nspec:\n  address: web1.example.org:22\n  trust:\n    hostKeys:\n      - ssh-ed25519 AAAA+/=\n  ca: |\n    one\n    two\n',
  );
});

test('what goes and what comes make the text before and the text after', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 });
  const whole = (list: readonly string[]): string => list.map((each) => `${each}\n`).join('');
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const diff = diffLines(whole(before), whole(after));
      const side = (sign: string): string[] => diff.filter((each) => each.sign !== sign).map((each) => each.text);
      expect([side('+'), side('-')]).toEqual([before, after]);
      if (whole(before) === whole(after)) expect(diff.every(({ sign }) => sign === ' ')).toBe(true);
    }),
    { numRuns: count(300, 5_000) },
  );
  expect(diffLines('a\nb\nc\n', 'a\nc\nd\n').map(({ sign, text: line }) => sign + line)).toEqual([
    ' a',
    '-b',
    ' c',
    '+d',
  ]);
});

test('an error stands at the field that its text names, however deep', () => {
  const fields = ['metadata.name', 'spec.urls', 'spec.access.targets', 'spec.access'];
  const errors = [
    'spec.urls[1]: is wrong',
    'spec.urls: is missing',
    'spec.access.targets[0]: is unknown',
    'spec: is empty',
    'spec.accessory: no',
    'metadata.name: holds ~',
  ];
  const { byField, others } = placeErrors(
    errors.map((message) => ({ message, line: 1 })),
    fields,
  );
  expect(Object.fromEntries(byField)).toEqual({
    'spec.urls': '[1]: is wrong\nis missing',
    'spec.access.targets': '[0]: is unknown',
    'metadata.name': 'holds ~',
  });
  expect(others).toEqual(['spec: is empty', 'spec.accessory: no']);
});

test('a field that is emptied leaves no empty maps behind', () => {
  const spec = { trust: { tls: { system: true } }, a: 1 };
  expect(withValue(spec, ['trust', 'tls', 'system'], undefined)).toEqual({ a: 1 });
  expect(withValue(spec, ['trust', 'hostKeys'], ['x'])).toEqual({
    trust: { tls: { system: true }, hostKeys: ['x'] },
    a: 1,
  });
  expect([valueAt(spec, ['trust', 'tls', 'system']), valueAt(spec, ['toString'])]).toEqual([true, undefined]);
});
