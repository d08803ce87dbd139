import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { configKeys, environmentName, settings } from '../../src/main/config-keys.ts';

const root = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

interface Service {
  readonly ports: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly volumes: readonly string[];
  readonly healthcheck: { readonly test: readonly string[] };
}
const compose = parse(read('docker-compose.yml')) as { services: Record<string, Service>; volumes: object };
const { sallyport } = compose.services as { sallyport: Service };

/** Instruction and arguments, a line ended by a backslash joined with the next. */
const dockerfile = read('Dockerfile')
  .replace(/^#.*\n/gm, '')
  .replace(/\\\n/g, ' ')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => /^([A-Z]+)\s+(.*)$/.exec(line)?.slice(1) ?? [line, '']);
const given = (instruction: string): string[] => dockerfile.filter(([name]) => name === instruction).map(([, a]) => a!);

const portOf = (key: 'listen.web' | 'listen.ssh' | 'listen.postgres'): string => settings[key].default.split(':')[1]!;
const BUILT = [portOf('listen.web'), portOf('listen.ssh'), portOf('listen.postgres')];

test('every environment variable of the container is one of our settings', () => {
  const known = configKeys.flatMap((key) => {
    const name = environmentName(key);
    return settings[key].kind === 'secret' ? [name, `${name}_FILE`] : [name];
  });
  const used = Object.keys(sallyport.environment);
  expect(used.length).toBeGreaterThan(0);
  const inImage = given('ENV').map((line) => line.split('=')[0]!);
  expect([...used, ...inImage].filter((name) => name.startsWith('SALLYPORT_') && !known.includes(name))).toEqual([]);
});

test('the ports mapped and exposed are those of what is built, where it listens', () => {
  expect(sallyport.ports).toEqual(BUILT.map((port) => `${port}:${port}`));
  expect(given('EXPOSE').flatMap((line) => line.split(' '))).toEqual(BUILT);
  expect(sallyport.environment.SALLYPORT_LISTEN_WEB).toBe(`0.0.0.0:${BUILT[0]}`);
  expect(sallyport.environment.SALLYPORT_LISTEN_SSH).toBe(`0.0.0.0:${BUILT[1]}`);
  expect(sallyport.environment.SALLYPORT_LISTEN_POSTGRES).toBe(`0.0.0.0:${BUILT[2]}`);
});

test('the health check asks for readiness where diagnostics listen', () => {
  const address = sallyport.environment.SALLYPORT_LISTEN_DIAGNOSTICS;
  expect(sallyport.healthcheck.test.at(-1)).toContain(`http://${address}/readyz`);
});

test('the image runs as another user than root, on Node 24, and keeps its data in the volume', () => {
  expect(given('FROM').every((line) => line.startsWith('node:24-'))).toBe(true);
  expect(given('USER')).toEqual(['node']);
  expect(given('VOLUME')).toEqual(['/data']);
  expect(JSON.parse(given('CMD')[0]!)).toEqual(['start', '--no-demo', '--data', '/data']);
  expect(sallyport.volumes).toEqual(['data:/data']);
  expect(Object.keys(compose.volumes)).toEqual(['data']);
});

test('what the image copies is there and is let through by .dockerignore', () => {
  const kept = read('.dockerignore').split('\n');
  const copied = given('COPY').filter((line) => !line.startsWith('--from'));
  for (const source of copied.flatMap((line) => line.split(' ').slice(0, -1))) {
    expect(existsSync(join(root, source)), source).toBe(true);
    expect(kept).toContain(`!${source}`);
  }
});
