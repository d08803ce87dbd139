import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { EventSchema, EventSchemas } from '../../src/domain/kernel/event.ts';
import { upcast } from '../../src/domain/kernel/upcast.ts';
import type { Shape } from './kit/event-shapes.ts';
import { eventFiles, eventShapes, hasShape } from './kit/event-shapes.ts';

/**
 * What was ever written must stay readable. Each event type has `<Type>.v<N>.json` for every version ever written, and
 * `shapes.json` keeps the shape of every version. To change a shape: raise `version`, write the upcast, add a fixture
 * of the new version and its shape beside the old ones. What stands there is never altered.
 */
const folder = join(import.meta.dirname, '../fixtures/events');
const json = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'));
const recorded = json('shapes.json') as Readonly<Record<string, Shape>>;

interface Fixture {
  readonly type: string;
  readonly schemaVersion: number;
  readonly data: Record<string, unknown>;
}

const modules = await Promise.all(
  eventFiles().map(async (file) => ({ file, exports: (await import(file)) as Record<string, unknown> })),
);
const schemas: readonly (readonly [string, EventSchema])[] = modules.flatMap(({ exports }) =>
  Object.entries(exports)
    .filter(([name]) => name.endsWith('Events'))
    .flatMap(([, value]) => Object.entries(value as EventSchemas)),
);
const versions = schemas.flatMap(([type, schema]) =>
  Array.from({ length: schema.version }, (_, index) => [`${type}.v${index + 1}`, type, index + 1, schema] as const),
);
const shapes = eventShapes(eventFiles());

test('type names are unique, and every event type that exists is in a schema', () => {
  const types = schemas.map(([type]) => type);
  expect(types).toEqual([...new Set(types)]);
  expect([...types].sort()).toEqual([...shapes.keys()].sort());
});

test('there is a fixture and a shape for every version ever written, and none besides', () => {
  const names = versions.map(([name]) => name).sort();
  expect(readdirSync(folder).sort()).toEqual([...names.map((name) => `${name}.json`), 'shapes.json'].sort());
  expect(Object.keys(recorded).sort()).toEqual(names);
});

test.each(schemas)('%s has today the shape recorded for its version', (type, schema) => {
  const hint = `the shape of ${type} changed: raise its version, write the upcast, record a fixture and this shape`;
  expect(shapes.get(type), hint).toEqual(recorded[`${type}.v${schema.version}`]);
});

test.each(schemas)('%s names personal fields that it has', (type, schema) => {
  const fields = Object.keys(shapes.get(type) as object);
  expect(fields).toEqual(expect.arrayContaining([...(schema.personal ?? [])]));
  if (schema.person !== undefined) expect(fields).toContain(schema.person);
});

test.each(versions)('%s is read in the shape of today', (name, type, version, schema) => {
  const fixture = json(`${name}.json`) as Fixture;
  expect(fixture).toMatchObject({ type, schemaVersion: version });
  expect(hasShape(fixture.data, recorded[name]!), 'the fixture has the shape of its version').toBe(true);
  const today = upcast(schema, version, fixture.data);
  expect(hasShape(today, shapes.get(type)!), 'and after the upcasts the shape of today').toBe(true);
});

describe('an upcast, on a type that changed twice', () => {
  const schema: EventSchema = {
    version: 3,
    upcasts: {
      1: ({ address, ...rest }) => ({ ...rest, host: String(address).split(':')[0], port: 22 }),
      2: (data) => ({ ...data, labels: {} }),
    },
  };
  test('goes step by step to the newest shape', () => {
    const newest = { name: 'web', host: '127.0.0.1', port: 22, labels: {} };
    expect(upcast(schema, 1, { name: 'web', address: '127.0.0.1:22' })).toEqual(newest);
    expect(upcast(schema, 2, { name: 'web', host: '127.0.0.1', port: 22 })).toEqual(newest);
    expect(upcast(schema, 3, newest)).toEqual(newest);
  });
  test('leaves what is stored as it is', () => {
    const stored = Object.freeze({ name: 'web', address: '127.0.0.1:22' });
    upcast(schema, 1, stored);
    expect(stored).toEqual({ name: 'web', address: '127.0.0.1:22' });
  });
  test.each([0, 4, 1.5])('refuses version %d, which nobody wrote', (version) => {
    expect(() => upcast(schema, version, {})).toThrow(RangeError);
  });
  test('refuses a gap', () => {
    expect(() => upcast({ version: 2 }, 1, {})).toThrow('no upcast from schema version 1');
  });
});

describe('a shape', () => {
  const shape: Shape = {
    name: 'string',
    'port?': 'number',
    tags: ['string'],
    by: { oneOf: ['null', { '*': 'boolean' }] },
  };
  test.each([
    { name: 'a', tags: [], by: null },
    { name: 'a', port: 1, tags: ['x'], by: { y: true } },
  ])('fits %o', (value) => {
    expect(hasShape(value, shape)).toBe(true);
  });
  test.each([
    { tags: [], by: null },
    { name: 1, tags: [], by: null },
    { name: 'a', tags: [1], by: null },
    { name: 'a', tags: [], by: null, more: 1 },
    { name: 'a', tags: [], by: { y: 'yes' } },
    { name: 'a', tags: {}, by: null },
  ])('does not fit %o', (value) => {
    expect(hasShape(value, shape)).toBe(false);
  });
});
