import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkExpression, dialect, evaluate, longestExpression } from '../../../src/domain/policy/cel.ts';
import type { Claims } from '../../../src/domain/policy/claims.ts';
import { count } from '../../kit/counts.ts';
import { claims } from '../kit/samples.ts';
import { cpuMilliseconds } from '../../kit/cpu-time.ts';

const inGroups = (groups: readonly string[]): Claims => ({ ...claims, user: { ...claims.user, groups } });
const nested = (depth: number): string =>
  depth === 0 ? 'true' : `claims.user.groups.exists(g${depth}, ${nested(depth - 1)})`;

test('the dialect has a name', () => {
  expect(dialect).toBe('sallyport-cel-1');
});

describe('says what the claims say', () => {
  test.each([
    ['"ops" in claims.user.groups', true],
    ['"admins" in claims.user.groups', false],
    ['claims.user.groups.exists(g, g.startsWith("op"))', true],
    ['claims.user.groups.all(g, g.size() == 3)', true],
    ['claims.user.groups.exists_one(g, g.endsWith("v"))', true],
    ['claims.user.groups.filter(g, g.contains("p")).size() == 1', true],
    ['"eng" in claims.user.attributes.department', true],
    ['"ops" in claims.user.attributes["department"]', false],
    ['claims.user.attributes.department.exists(d, d.startsWith("r"))', true],
    ['claims.user.attributes.room == []', true],
    ['has(claims.user.attributes.floor)', false],
    ['claims.system.local.hour * 60 + claims.system.local.minute >= 570', true],
    ['claims.system.local.weekday in [6, 7]', false],
    ['claims.user.provider == "local" ? claims.user.factors == ["UP"] : false', true],
    ['claims.system.sourceAddress.startsWith("10.")', false],
    ['has(claims.device.os) && claims.device.os == "linux"', true],
    ['has(claims.device.disk)', false],
    ['claims.device.version >= 6 && claims.device.nested.list[1] == 2', true],
    ['!(claims.user.username != "ann")', true],
    ['-claims.system.local.hour < 0', true],
    ['claims.user.authenticatedAt >= "2026-01-05T00:00:00.000Z"', true],
    ['claims.user.authenticatedAt >= "2026-01-05T08:00:00.001Z"', false],
  ] as const)('%s', (expression, value) => {
    expect(checkExpression(expression)).toEqual({ ok: true });
    expect(evaluate(expression, claims)).toEqual({ value });
  });
});

test.each([
  '"eng" in claims.user.attributes.floor',
  '!("eng" in claims.user.attributes.floor)',
  'claims.user.attributes.floor.all(f, f == "eng")',
  'size(claims.user.attributes.floor) == 0',
  'claims.user.attributes.floor != ["eng"]',
  'false || !("eng" in claims.user.attributes["floor"])',
  '!("eng" in claims.user.attributes.constructor)',
  '!("eng" in claims.user.attributes.__proto__)',
])('an attribute that is not there is no answer: %s', (expression) => {
  expect(checkExpression(expression)).toEqual({ ok: true });
  expect(evaluate(expression, claims)).toEqual({ error: expect.any(String) as string });
});

test('an attribute is a list and no text', () => {
  expect(checkExpression('claims.user.attributes.department == "eng"')).toMatchObject({ ok: false });
});

describe('is a pure function of its input', () => {
  test.each([
    'timestamp(claims.user.authenticatedAt) > timestamp("2026-01-01T00:00:00Z")',
    'timestamp(claims.user.authenticatedAt).getHours("Europe/Berlin") > 8',
    'claims.system.local.hour.getHours() > 8',
    'duration("1h") > duration("1m")',
    'now() > 1',
    'claims.user.username.matches("^(a+)+$")',
    'claims.user.username.lowerAscii() == "ann"',
    'cel.bind(x, claims.user.groups, x == x)',
    'claims.user.groups.map(g, g + g) == []',
    'google.protobuf.Timestamp == google.protobuf.Timestamp',
    'type(claims.user.username) == string',
    'dyn(1) == 1',
    'b"a" == b"a"',
    '1u == 1u',
    '{"a": true}["a"]',
    'claims.user.groups.join(",") == "ops,dev"',
    'optional.of(1) == 1',
  ])('has no %s', (expression) => {
    expect(checkExpression(expression)).toMatchObject({ ok: false });
    expect(evaluate(expression, claims)).toHaveProperty('error');
  });
  test('the same answer every time, and the claims stay as they are', () => {
    const before = JSON.stringify(claims);
    for (let time = 0; time < 3; time += 1) {
      expect(evaluate('"ops" in claims.user.groups', claims)).toEqual({ value: true });
    }
    expect(JSON.stringify(claims)).toBe(before);
  });
});

describe('has no way out of the process', () => {
  test.each([
    'claims.constructor == 1',
    'claims.__proto__ == 1',
    'claims.user.constructor == 1',
    'claims.user["constructor"] == 1',
    'claims.device.constructor == 1',
    'claims.device["constructor"] == 1',
    'claims.device["__proto__"] == 1',
    'claims.device.nested.list.constructor == 1',
    'claims.device.os.length == 5',
    'claims.device.toString() == "x"',
    'claims.user.username.constructor("return 1")() == 1',
    'process.exit(1)',
    'globalThis == 1',
    'constructor == 1',
    '__proto__ == 1',
    'has(constructor.prototype)',
    'claims.user.groups.exists(claims, true)',
    'claims.user.groups.exists(__proto__, true)',
    'claims.user.groups.exists("g", true)',
  ])('%s', (expression) => {
    expect(evaluate(expression, claims)).toHaveProperty('error');
  });
  test('own fields with odd names are fields, and nothing else', () => {
    const device = JSON.parse('{"__proto__": {"admin": true}, "constructor": 7}') as Claims['device'];
    const odd = { ...claims, device };
    expect(evaluate('claims.device.constructor == 7', odd)).toEqual({ value: true });
    expect(evaluate('has(claims.device.admin)', odd)).toEqual({ value: false });
  });
  test('the device can claim nothing about the user', () => {
    const device = { user: { groups: ['admins'] }, groups: ['admins'] };
    expect(evaluate('"admins" in claims.user.groups', { ...claims, device })).toEqual({ value: false });
  });
});

describe('an error is no answer', () => {
  test.each([
    ['', 'EOF'],
    ['claims.user.', 'IDENTIFIER'],
    ['claims.user.gruops == []', 'gruops'],
    ['claims.user.username == 1', 'no such overload'],
    ['claims.user.username', 'true or false'],
    ['x == 1', 'starts with claims'],
  ])('%j does not compile', (expression, says) => {
    expect(checkExpression(expression)).toEqual({ ok: false, message: expect.stringContaining(says) as string });
    expect(evaluate(expression, claims)).toHaveProperty('error');
  });
  test.each([
    ['claims.device.missing == 1', 'no_such_key'],
    ['claims.user.groups[2] == "x"', 'index_out_of_bounds'],
    ['claims.system.local.hour / 0 == 1', 'division_by_zero'],
    ['claims.system.local.hour * 9223372036854775807 > 0', 'numeric_overflow'],
    ['claims.device.os', 'neither true nor false'],
    ['claims.device.os + 1 == 1', 'no_such_overload'],
  ])('%s fails when evaluated', (expression, says) => {
    expect(checkExpression(expression)).toEqual({ ok: true });
    expect(evaluate(expression, claims)).toEqual({ error: expect.stringContaining(says) as string });
  });
  test('says nothing of what the claims hold', () => {
    expect(JSON.stringify(evaluate('claims.device[claims.user.username] == 1', claims))).not.toContain('ann');
  });
});

describe('is bounded', () => {
  test('in length', () => {
    const longest = `true${' '.repeat(longestExpression - 4)}`;
    expect(checkExpression(longest)).toEqual({ ok: true });
    expect(checkExpression(`${longest} `)).toMatchObject({ ok: false });
  });
  test.each([
    ['nodes', Array.from({ length: 320 }, () => '1').join('+') + '>0'],
    ['depth', `${'!('.repeat(40)}true${')'.repeat(40)}`],
    ['list', `1 in [${Array.from({ length: 101 }, () => '1').join(',')}]`],
    ['nested macros', nested(3)],
  ])('in %s', (_what, expression) => {
    expect(checkExpression(expression)).toMatchObject({ ok: false });
  });
  test('in steps: nested macros over many groups are refused, not run', () => {
    const many = Array.from({ length: 1_000 }, (_, number) => `group-${number}`);
    const twice = 'claims.user.groups.all(g, claims.user.groups.exists(h, h == g))';
    const start = cpuMilliseconds();
    expect(evaluate(twice, inGroups(many))).toEqual({ error: expect.stringContaining('costly') as string });
    expect(evaluate('claims.user.groups.exists(g, g == "group-999")', inGroups(many))).toEqual({ value: true });
    expect(evaluate(twice, inGroups(many.slice(0, 10)))).toEqual({ value: true });
    expect(cpuMilliseconds() - start).toBeLessThan(2_000);
  });
  test('in steps: sums of lists count', () => {
    const many = Array.from({ length: 1_000 }, (_, number) => `group-${number}`);
    const sum = Array.from({ length: 20 }, () => 'claims.user.groups').join('+');
    expect(evaluate(`(${sum}).exists(g, g in (${sum}))`, inGroups(many))).toEqual({
      error: expect.stringContaining('costly') as string,
    });
  });
  test('in time: the costliest that is allowed takes less than a second', () => {
    const start = cpuMilliseconds();
    for (const groups of [100, 200, 300, 400, 500, 1_000]) {
      const same = Array.from({ length: groups }, () => 'ops');
      evaluate('claims.user.groups.all(g, claims.user.groups.all(h, h == "ops"))', inGroups(same));
      evaluate('claims.user.groups.all(g, claims.user.groups.all(h, h == g))', inGroups(same));
      evaluate('claims.user.groups.all(g, claims.user.groups == claims.user.groups)', inGroups(same));
      evaluate('claims.user.groups.all(g, !("x" in claims.user.groups))', inGroups(same));
    }
    expect(cpuMilliseconds() - start).toBeLessThan(6_000);
  });
  test('in the claims', () => {
    expect(evaluate('true', inGroups(['x'.repeat(70_000)]))).toEqual({
      error: expect.stringContaining('larger') as string,
    });
  });
  test('in the depth of the claims', () => {
    let device: Claims['device'] = {};
    for (let depth = 0; depth < 10_000; depth += 1) device = { d: device };
    expect(evaluate('has(claims.device.d)', { ...claims, device })).toSatisfy(
      (answer: object) => 'error' in answer || 'value' in answer,
    );
  });
});

test('the expressions of the how-to compile', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/how-to/conditions.md'), 'utf8');
  const expressions = [...page.matchAll(/^ {2}(?:expression|assign): '?(.+?)'?$/gm)].map(
    ([, expression]) => expression!,
  );
  expect(expressions).toHaveLength(4);
  for (const expression of expressions) expect(checkExpression(expression)).toEqual({ ok: true });
});

test('never throws, whatever the text', () => {
  const words = fc.constantFrom(
    ...['claims', '.user', '.groups', '.device', '["x"]', '(', ')', '==', '&&', '||', '!', '"ops"', ' in ', '[', ']'],
    ...[
      '1',
      '-',
      '+',
      '.exists(g, ',
      '.all(g, ',
      'g',
      'has(',
      'size(',
      '?',
      ':',
      ',',
      '{',
      '}',
      'true',
      '.constructor',
    ],
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(words, { maxLength: 14 }).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(text, (expression) => {
      const answer = evaluate(expression, claims);
      expect('value' in answer ? typeof answer.value : typeof answer.error).toBe(
        'value' in answer ? 'boolean' : 'string',
      );
      if ('value' in answer) expect(checkExpression(expression)).toEqual({ ok: true });
    }),
    { numRuns: count(2_000, 100_000) },
  );
});
