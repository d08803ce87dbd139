import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findInstallation, type InstallationOptions } from '../../src/client/installation.ts';
import { tempDir } from '../kit/temp-dir.ts';

const none: InstallationOptions = { server: undefined, ca: undefined, data: undefined, environment: {} };
const find = (options: Partial<InstallationOptions>): { readonly origin: string; readonly ca: string | undefined } => {
  const { server, ca } = findInstallation({ ...none, ...options });
  return { origin: server.origin, ca };
};

/** The data folder of an installation at this address, with a CA. */
function local(url: string | null, ca = 'its CA'): string {
  const folder = tempDir();
  writeFileSync(join(folder, 'server.json'), JSON.stringify({ url }));
  writeFileSync(join(folder, 'ca.pem'), ca);
  return folder;
}

function pem(text: string): string {
  const file = join(tempDir(), 'ca.pem');
  writeFileSync(file, text);
  return file;
}

const here = 'https://localhost:8443';
const there = 'https://there.example:8443';

describe('the server', () => {
  test('is that of the data folder, given as option or in the environment', () => {
    const data = local(here);
    expect(find({ data })).toEqual({ origin: here, ca: 'its CA' });
    expect(find({ environment: { SALLYPORT_DATA: data } })).toEqual({ origin: here, ca: 'its CA' });
  });

  test('options win over the environment, and --server over all', () => {
    const environment = { SALLYPORT_SERVER: there };
    const data = local(here);
    expect(find({ environment }).origin).toBe(there);
    expect(find({ data, environment }).origin).toBe(here);
    expect(find({ server: 'https://third.example', data, environment }).origin).toBe('https://third.example');
  });

  test('is never anything but https', () => {
    for (const server of ['http://localhost:8443', 'localhost:8443', 'ftp://a', '']) {
      expect(() => find({ server }), server).toThrow(/is no https:\/\/ address/);
    }
  });

  test('that cannot be found is an error that says how to name one', () => {
    const folder = tempDir();
    expect(() => find({ data: folder })).toThrow(
      `${join(folder, 'server.json')} cannot be read; name one with --server`,
    );
    expect(() => find({ data: local(null) })).toThrow(/holds no address/);
  });
});

describe('the CA', () => {
  test('may be named by option or environment, the option first', () => {
    const data = local(here);
    const environment = { SALLYPORT_CA: pem('of the environment') };
    expect(find({ data, environment }).ca).toBe('of the environment');
    expect(find({ data, environment, ca: pem('of the option') }).ca).toBe('of the option');
    expect(() => find({ data, ca: '/missing/ca.pem' })).toThrow(/cannot read the CA certificate \/missing\/ca\.pem/);
  });

  test('of a folder that was not named is trusted for its own address alone', () => {
    const environment = { SALLYPORT_DATA: local(here) };
    expect(find({ server: here, environment }).ca).toBe('its CA');
    expect(find({ server: there, environment }).ca).toBeUndefined();
  });
});
