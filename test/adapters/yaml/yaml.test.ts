import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseYaml, toYaml } from '../../../src/adapters/yaml/yaml.ts';
import type { YamlParsed } from '../../../src/application/ports/yaml.ts';
import type { Json } from '../../../src/domain/kernel/json.ts';
import { count } from '../../kit/counts.ts';
import { cpuMilliseconds } from '../../kit/cpu-time.ts';

function values(text: string): Json[] {
  const parsed = parseYaml(text);
  if (!parsed.ok) throw new Error(`${parsed.problem.line}:${parsed.problem.column} ${parsed.problem.message}`);
  return parsed.documents.map((document) => document.value);
}

function problem(text: string): Extract<YamlParsed, { ok: false }>['problem'] {
  const parsed = parseYaml(text);
  if (parsed.ok) throw new Error('was taken');
  return parsed.problem;
}

describe('reading', () => {
  it('gives every document its values, and leaves empty ones out', () => {
    expect(values('a: 1\nb: [x, "2", true, null]\n---\n---\n# nothing\n---\nc: {d: yes}\n')).toEqual([
      { a: 1, b: ['x', '2', true, null] },
      { c: { d: 'yes' } },
    ]);
    expect(values('')).toEqual([]);
  });

  it('takes an anchor used now and then', () => {
    expect(values('a: &x [1]\nb: *x\n')).toEqual([{ a: [1], b: [1] }]);
  });

  it('knows the line and column of values and keys', () => {
    const parsed = parseYaml('# first\na:\n  - b: 1\n    c: "x"\n  -   d:\n---\ne: 5\n');
    if (!parsed.ok) throw new Error('refused');
    const [first, second] = parsed.documents;
    expect(first?.position(['a', 0, 'c'])).toEqual({ line: 4, column: 8 });
    expect(first?.keyPosition(['a', 0, 'c'])).toEqual({ line: 4, column: 5 });
    expect(first?.position(['a', 1, 'd'])).toEqual({ line: 5, column: 7 });
    expect(first?.position(['a', 0, 'absent', 'x'])).toEqual({ line: 3, column: 5 });
    expect(first?.position([])).toEqual({ line: 2, column: 1 });
    expect(second?.position(['e'])).toEqual({ line: 7, column: 4 });
  });

  it('makes plain maps: a key __proto__ is only a key', () => {
    const [value] = values('__proto__: {admin: true}\nconstructor: 1\n');
    expect(Object.keys(value as object)).toEqual(['__proto__', 'constructor']);
    expect((value as { admin?: boolean }).admin).toBeUndefined();
  });
});

describe('refusing', () => {
  it.each([
    ['a: 1\nb: 2\na: 3\n', 3, 1, 'this key stands twice in one map'],
    ['x:\n  {q: 1, q: 2}\n', 2, 10, 'this key stands twice in one map'],
    ['a: !!binary aGk=\n', 1, 4, 'tags (!…) are not taken; write the plain value'],
    ['a: !x 1\n', 1, 4, 'tags (!…) are not taken; write the plain value'],
    ['%YAML 1.1\n---\na: yes\n', 1, 1, 'directives (%…) are not taken; leave the line out'],
    ['a: [1, 2\nb: 3\n', 2, 1, 'the indentation does not fit the lines above, or a closing bracket is missing'],
    ['a: b: c\n', 1, 4, 'a map or list cannot stand on one line with another key; start a new line or use quotes'],
    ['a: *nobody\n', 1, 4, 'this alias (*…) names no anchor before it; a text that begins with * needs quotes'],
    ['a:\n\tb: 1\n', 2, 1, 'tabs cannot indent; use spaces'],
    ['a: @x\n', 1, 4, 'a text cannot begin with this character; put it in quotes'],
    ['a: .inf\n', 1, 4, 'this number is out of range; put it in quotes if it is a text'],
    ['a: 99999999999999999999\n', 1, 4, 'this number is out of range; put it in quotes if it is a text'],
    ['? [a, b]\n: 1\n', 1, 3, 'a key must be a text'],
  ])('%j at %i:%i', (text, line, column, message) => {
    expect(problem(text)).toEqual({ line, column, message });
  });

  it('never quotes the text', () => {
    for (const text of ['p: *hunter2secret\n', 'p: "hunter2secret\n', 'p: `hunter2secret\n', 'p: x: hunter2secret\n']) {
      expect(problem(text).message).not.toContain('hunter2');
    }
  });

  it('refuses an anchor that holds itself', () => {
    expect(problem('a: &x [*x]\n').message).not.toBe('');
    expect(problem('a: &x {b: {c: *x}}\n').message).not.toBe('');
  });

  it('stops a billion laughs', () => {
    const levels = Array.from({ length: 9 }, (_, n) => `l${n + 1}: &l${n + 1} [${Array(9).fill(`*l${n}`).join(', ')}]`);
    expect(problem(`l0: &l0 lol\n${levels.join('\n')}\n`).message).toBe('anchors are used more than 50 times');
  });

  it.each([
    ['lists in brackets', '['.repeat(500_000)],
    ['lists in dashes', '- '.repeat(500_000)],
    ['maps in braces', '{a: '.repeat(250_000)],
    ['keys by question mark', '? '.repeat(500_000)],
    ['indented maps', Array.from({ length: 1_000 }, (_, n) => `${' '.repeat(n)}a:`).join('\n')],
  ])('too deep: %s', (_, text) => {
    expect(problem(text).message).toBe('maps and lists lie more than 32 deep within each other');
  });

  it('takes 32 levels, and not 33', () => {
    expect(values('['.repeat(32) + ']'.repeat(32))).toHaveLength(1);
    expect(values(`${'{a: '.repeat(32)}1${'}'.repeat(32)}`)).toHaveLength(1);
    expect(problem('['.repeat(34) + ']'.repeat(34)).message).toContain('32 deep');
  });

  it('too long, too many documents, too many values', () => {
    expect(problem(`a: ${'x'.repeat(1_048_576)}`)).toEqual({
      line: 1,
      column: 1,
      message: 'the text is longer than 1 MiB; split it',
    });
    expect(problem('--- 1\n'.repeat(5_100)).message).toBe('more than 5000 documents; split the file');
    expect(problem(`[${'1,'.repeat(210_000)}]`).message).toBe('more than 200000 values; split the file');
  });

  it('a map of very many keys takes time in proportion to them', () => {
    const started = cpuMilliseconds();
    expect(values(Array.from({ length: 80_000 }, (_, n) => `k${n}: 1`).join('\n'))).toHaveLength(1);
    expect(cpuMilliseconds() - started).toBeLessThan(10_000);
  });
});

/** Whole numbers beyond 2^53 are refused, since they would be read as others. */
function isExact(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isInteger(value) || Number.isSafeInteger(value);
  return typeof value !== 'object' || value === null || Object.values(value).every(isExact);
}

const yamlish = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'a',
        'b: ',
        '- ',
        '\n',
        '\n  ',
        ' ',
        '[',
        ']',
        '{',
        '}',
        ',',
        ':',
        '"',
        "'",
        '|\n',
        '>-\n',
        '&x ',
        '*x',
      ),
      fc.constantFrom(
        '!!str ',
        '!t',
        '%YAML 1.1\n',
        '---\n',
        '...\n',
        '? ',
        '#',
        '\t',
        '\r',
        '\u0000',
        '\ufeff',
        '\\',
        '<<: ',
        '~',
        '0x1f',
        '@',
      ),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''));

describe('any text', () => {
  it('gives documents or a problem with a place, and never throws', () => {
    fc.assert(
      fc.property(yamlish, (text) => {
        const parsed = parseYaml(text);
        if (parsed.ok) {
          for (const document of parsed.documents) {
            expect(document.position(['spec', 0, 'x']).line).toBeGreaterThan(0);
            JSON.stringify(document.value);
          }
        } else {
          expect(parsed.problem.line).toBeGreaterThan(0);
          expect(parsed.problem.column).toBeGreaterThan(0);
        }
      }),
      { numRuns: count(3_000, 200_000) },
    );
  });

  it('printing and reading give the same values', () => {
    const json = fc.jsonValue({ maxDepth: 4 }).filter((value) => value !== null && isExact(value));
    fc.assert(
      fc.property(fc.array(json, { maxLength: 3 }), (list) => {
        const plain = JSON.parse(JSON.stringify(list)) as Json[];
        expect(JSON.parse(JSON.stringify(values(toYaml(plain))))).toEqual(plain);
      }),
      { numRuns: count(500, 20_000) },
    );
  });
});
