import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  addressSetting,
  type Config,
  durationSetting,
  integerSetting,
  listSetting,
  loadConfig,
} from '../../src/main/config.ts';
import { configKeys, environmentName } from '../../src/main/config-keys.ts';
import { readConfig } from '../../src/main/read-config.ts';
import { tempDir } from '../kit/temp-dir.ts';

type Environment = Readonly<Record<string, string>>;

const fromFile = (value: unknown, environment: Environment = {}): Config =>
  loadConfig({ file: { name: 'config.yaml', value }, environment });
const fromEnvironment = (environment: Environment): Config => loadConfig({ file: null, environment });

describe('where a setting comes from', () => {
  test('the default, over it the file, over it the environment', () => {
    const file = { listen: { web: '127.0.0.1:1001', ssh: '127.0.0.1:1002' } };
    const config = fromFile(file, { SALLYPORT_LISTEN_SSH: '127.0.0.1:1003' });
    expect(addressSetting(config, 'listen.web')?.port).toBe(1001);
    expect(addressSetting(config, 'listen.ssh')?.port).toBe(1003);
    expect(addressSetting(config, 'listen.diagnostics')).toEqual({ host: '127.0.0.1', port: 9090 });
    expect(config.get('admin.password')).toBeUndefined();
  });

  test('a dotted key is the same as a map in a map', () => {
    expect(addressSetting(fromFile({ 'listen.web': 'off' }), 'listen.web')).toBeNull();
  });

  test('an empty file is no error, a file that is no map is one', () => {
    expect(fromFile(null).get('listen.web')).toBe('0.0.0.0:8443');
    expect(() => fromFile(['a'])).toThrow(/config\.yaml: the file must be a map/);
    expect(() => fromFile({ listen: 'off' })).toThrow(/config\.yaml: listen must be a map/);
    expect(() => fromFile({ zone: { a: 1 } })).toThrow(/zone must be text/);
  });

  test('every key has a name of its own in the environment, and none is that of another', () => {
    expect(new Set(configKeys.map(environmentName)).size).toBe(configKeys.length);
    expect(environmentName('limits.unauthenticatedPerSource')).toBe('SALLYPORT_LIMITS_UNAUTHENTICATED_PER_SOURCE');
    expect(environmentName('publicNames')).toBe('SALLYPORT_PUBLIC_NAMES');
  });

  test('an unknown key or variable is an error that names the nearest one', () => {
    expect(() => fromFile({ listen: { wep: 'off' } })).toThrow(
      /config\.yaml: unknown setting listen\.wep; did you mean listen\.web\?/,
    );
    expect(() => fromEnvironment({ SALLYPORT_LISTEN_WEBB: 'off' })).toThrow(
      /unknown variable SALLYPORT_LISTEN_WEBB .* did you mean SALLYPORT_LISTEN_WEB\?/,
    );
    expect(() => fromEnvironment({ SALLYPORT_LISTEN_WEB_FILE: '/x' })).toThrow(/unknown variable/);
  });

  test("the client's variables and those of other programs are no errors", () => {
    const names = ['USER', 'PASSWORD', 'CA', 'SERVER', 'DATA', 'CONFIG'].map((name) => `SALLYPORT_${name}`);
    const environment = Object.fromEntries([...names, 'PATH', 'SALLY'].map((name) => [name, 'x']));
    expect(fromEnvironment(environment)).toEqual(fromEnvironment({}));
  });
});

describe('secrets', () => {
  test('a secret may stand in a file, one line end is not part of it', () => {
    const file = join(tempDir(), 'secret');
    writeFileSync(file, ' of two words \n');
    expect(fromEnvironment({ SALLYPORT_ADMIN_PASSWORD_FILE: file }).get('admin.password')).toBe(' of two words ');
  });

  test('a file that cannot be read is named', () => {
    const missing = join(tempDir(), 'missing');
    expect(() => fromEnvironment({ SALLYPORT_ADMIN_PASSWORD_FILE: missing })).toThrow(
      new RegExp(`SALLYPORT_ADMIN_PASSWORD_FILE: cannot read ${missing}`),
    );
  });

  test('a secret that is set but empty is refused, however it is set', () => {
    const empty = join(tempDir(), 'empty');
    writeFileSync(empty, '\n');
    for (const make of [
      () => fromEnvironment({ SALLYPORT_ADMIN_PASSWORD: '' }),
      () => fromEnvironment({ SALLYPORT_ADMIN_PASSWORD_FILE: empty }),
      () => fromFile({ admin: { password: '' } }),
    ]) {
      expect(make).toThrow(/admin\.password is set but empty/);
    }
  });
});

describe('forms', () => {
  test.each([
    ['0.0.0.0:0', { host: '0.0.0.0', port: 0 }],
    ['[::1]:65535', { host: '::1', port: 65_535 }],
    ['host.example:22', { host: 'host.example', port: 22 }],
    ['off', null],
  ])('the address %s', (text, address) => {
    expect(addressSetting(fromEnvironment({ SALLYPORT_LISTEN_WEB: text }), 'listen.web')).toEqual(address);
  });

  test.each(['', '8443', ':8443', 'host', 'host:', 'host:65536', 'host:-1', '::1:22', 'a b:22', 'host:22 ', 'OFF'])(
    'no address: "%s"',
    (text) => {
      expect(() => fromEnvironment({ SALLYPORT_LISTEN_WEB: text })).toThrow(/listen\.web: .* is no address/);
    },
  );

  test('durations, in milliseconds', () => {
    const grace = (text: string): number =>
      durationSetting(fromEnvironment({ SALLYPORT_LIMITS_LOGIN_GRACE: text }), 'limits.loginGrace');
    expect(['90s', '5m', '8h'].map(grace)).toEqual([90_000, 300_000, 28_800_000]);
    for (const text of ['', '5', '0s', '-1s', '1.5h', '1d', '5 m', '1234567s']) {
      expect(() => grace(text), text).toThrow(/limits\.loginGrace: .* is no duration/);
    }
  });

  test('directories are asked every 10 seconds at the soonest and every 5 minutes at the latest', () => {
    const every = (text: string): number =>
      durationSetting(fromEnvironment({ SALLYPORT_SYNC_EVERY: text }), 'sync.every');
    expect(['10s', '5m'].map(every)).toEqual([10_000, 300_000]);
    for (const text of ['9s', '301s', '6m', '1h'])
      expect(() => every(text), text).toThrow(/sync\.every: .* from 10s to 5m/);
  });

  test('whole numbers from 1, in the file as number or text', () => {
    expect(integerSetting(fromFile({ limits: { channels: 7 } }), 'limits.channels')).toBe(7);
    expect(integerSetting(fromFile({ limits: { channels: '8' } }), 'limits.channels')).toBe(8);
    for (const channels of [0, -1, 1.5, '', '1e3', '0x10', 1e12]) {
      expect(() => fromFile({ limits: { channels } }), String(channels)).toThrow(
        /limits\.channels: .* no whole number/,
      );
    }
  });

  test('lists: commas in text, or a list in the file', () => {
    const names = ['a.example', 'b.example'];
    expect(listSetting(fromEnvironment({ SALLYPORT_PUBLIC_NAMES: ' a.example, b.example,' }), 'publicNames')).toEqual(
      names,
    );
    expect(listSetting(fromFile({ publicNames: names }), 'publicNames')).toEqual(names);
    expect(listSetting(fromEnvironment({}), 'publicNames')).toEqual([]);
  });

  test('a time zone that nobody knows is refused', () => {
    expect(fromEnvironment({ SALLYPORT_ZONE: 'Europe/Berlin' }).get('zone')).toBe('Europe/Berlin');
    expect(() => fromEnvironment({ SALLYPORT_ZONE: 'Europe/Nowhere' })).toThrow(
      /zone: Europe\/Nowhere is no time zone/,
    );
  });
});

describe('the file', () => {
  test('<data>/config.yaml is taken when it is there, one that is named must be', () => {
    const data = tempDir();
    expect(readConfig(data, undefined, {}).get('listen.ssh')).toBe('0.0.0.0:2222');
    writeFileSync(join(data, 'config.yaml'), 'listen: {ssh: off}\n');
    expect(readConfig(data, undefined, {}).get('listen.ssh')).toBe('off');
    const named = join(data, 'other.yaml');
    expect(() => readConfig(data, named, {})).toThrow(new RegExp(`cannot read the configuration ${named}`));
    writeFileSync(named, 'listen: {ssh: "127.0.0.1:22"}\n');
    expect(readConfig(data, named, {}).get('listen.ssh')).toBe('127.0.0.1:22');
  });

  test('what is no YAML is named with its line; two documents are one too many', () => {
    const data = tempDir();
    const file = join(data, 'config.yaml');
    writeFileSync(file, 'zone: UTC\nlisten: [\n');
    expect(() => readConfig(data, undefined, {})).toThrow(/config\.yaml, line \d+, column \d+: /);
    writeFileSync(file, 'zone: UTC\n---\nzone: UTC\n');
    expect(() => readConfig(data, undefined, {})).toThrow(/one document is enough/);
  });
});
