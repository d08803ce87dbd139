import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { FetchedMetadata, type KeptMetadata } from '../../../src/adapters/saml/fetched-metadata.ts';
import { fetchedSamlProvider } from '../../../src/adapters/saml/fetched-provider.ts';
import { serviceMetadata } from '../../../src/adapters/saml/node-saml.ts';
import { targetResolver } from '../../../src/adapters/system/own-addresses.ts';
import type { ResolveTarget } from '../../../src/application/ports/system.ts';
import { makeTestCa, type TestCa } from '../../kit/certificates.ts';
import { type SamlIdp, startSamlIdp } from '../../kit/saml-idp.ts';
import { type SecureServer, startSecureServer } from '../../kit/secure-server.ts';
import { us } from './world.ts';

let idp: SamlIdp;
let good: string;
let ca: TestCa;
let server: SecureServer;
let asked = 0;
let answer: (response: ServerResponse) => void;

beforeAll(async () => {
  idp = await startSamlIdp({ service: serviceMetadata(us), people: {} });
  good = await idp.metadata();
  ca = await makeTestCa();
  server = await startSecureServer(await ca.certify(), (_request, response) => {
    asked += 1;
    answer(response);
  });
});
afterAll(async () => {
  await server.stop();
  await idp.close();
});
beforeEach(() => {
  asked = 0;
  answer = (response) => response.end(good);
});

const anywhere = targetResolver([]);

/** What is kept stands in `copy`; what went wrong in `problems`. */
function metadata(resolve: ResolveTarget = anywhere, copy: string | null = null) {
  const kept = { copy, stored: 0 };
  const store: KeptMetadata = {
    load: async () => kept.copy,
    store: async (xml) => {
      kept.copy = xml;
      kept.stored += 1;
    },
  };
  const problems: unknown[] = [];
  const url = `https://localhost:${server.port}/secret-path?key=secret`;
  const fetched = new FetchedMetadata({ url, ca: ca.pem, resolve }, store, (error) => problems.push(error));
  return { fetched, kept, problems };
}

test('it is asked for once, however many begin to log in, and kept', async () => {
  const { fetched, kept } = metadata();
  const all = await Promise.all([fetched.current(), fetched.current(), fetched.current()]);
  expect(new Set([...all, await fetched.current(), await fetched.standing()])).toEqual(new Set([good]));
  expect([asked, kept.stored, kept.copy]).toEqual([1, 1, good]);
});

test('what was kept counts for an answer without asking, and is asked for anew when somebody begins', async () => {
  const { fetched, kept } = metadata(anywhere, `${good} `);
  expect(await fetched.standing()).toBe(`${good} `);
  expect(asked).toBe(0);
  expect(await fetched.current()).toBe(good);
  expect([asked, kept.copy]).toEqual([1, good]);
});

const bad: readonly (readonly [string, (response: ServerResponse) => void, RegExp])[] = [
  ['another status', (response) => response.writeHead(404).end('no'), /answered with status 404/],
  ['a redirect', (response) => response.writeHead(302, { location: 'https://localhost/' }).end(), /status 302/],
  ['more than 1 MB', (response) => response.end(good.padEnd(1_100_000)), /sent more than 1 MB/],
  ['something else', (response) => response.end('<html></html>'), /cannot be used/],
  ['a connection that ends', (response) => response.destroy(), /cannot be read/],
  ['nothing', () => undefined, /gave no answer in time/],
];

test.each(bad)('%s is an error, unless there is a copy', async (_what, lie, expected) => {
  answer = lie;
  const none = metadata();
  const start = performance.now();
  await expect(none.fetched.current()).rejects.toMatchObject({
    kind: 'unavailable',
    message: expect.stringMatching(expected),
  });
  expect(performance.now() - start).toBeLessThan(5_000);
  expect(String(none.problems[0])).not.toContain('secret');
  const some = metadata(anywhere, good);
  asked = 0;
  expect([await some.fetched.current(), await some.fetched.current()]).toEqual([good, good]);
  // The second one does not wait for the same failure.
  expect([asked, some.problems.length, some.kept.stored]).toEqual([1, 1, 0]);
});

test('another entity is not taken in the place of the first one, whose names for people it does not share', async () => {
  answer = (response) => response.end(good.replace(/entityID="[^"]*"/, 'entityID="https://other.example"'));
  const { fetched, kept, problems } = metadata(anywhere, good);
  expect(await fetched.current()).toBe(good);
  expect([asked, kept.stored, String(problems[0])]).toEqual([1, 0, expect.stringContaining('another entity')]);
});

test('a port of our own is never asked, also when the name comes to lead there later', async () => {
  let leadsToUs = false;
  const { fetched } = metadata(async () => ({ addresses: [{ address: '127.0.0.1', family: 4 }], leadsToUs }));
  leadsToUs = true;
  await expect(fetched.current()).rejects.toThrow(/leads back to a port of this installation/);
  expect(asked).toBe(0);
});

test('what is connected is what was judged', async () => {
  const { fetched } = metadata(async () => ({ addresses: [{ address: '127.9.9.9', family: 4 }], leadsToUs: false }));
  await expect(fetched.current()).rejects.toThrow(/ECONNREFUSED/);
  expect(asked).toBe(0);
});

test('without any metadata there is no login, and an answer proves nothing', async () => {
  answer = (response) => response.writeHead(500).end();
  const settings = { ...us, name: 'corp', claims: { username: null, email: null, groups: null, attributes: {} } };
  const provider = fetchedSamlProvider(settings, metadata().fetched, Date.now);
  await expect(provider.begin()).rejects.toMatchObject({ kind: 'unavailable' });
  expect(await provider.finish({ url: us.callbackUrl, fields: {} }, '{}')).toMatchObject({
    ok: false,
    reason: 'unavailable',
  });
});
