import { createServer, type Server } from 'node:net';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { targetResolver } from '../../src/adapters/system/own-addresses.ts';
import type { ResolveTarget } from '../../src/application/ports/system.ts';
import type { IdentityProviderSpec, ProviderConnection } from '../../src/domain/provider/events.ts';
import { examineProvider } from '../../src/main/examine-provider.ts';
import { type Asked, entry, message, pageControl, result, startFakeServer } from '../adapters/ldap/fake-server.ts';
import { identityProvider } from '../domain/kit/samples.ts';
import { makeTestCa, type TestCa } from '../kit/certificates.ts';
import { startOidcProvider } from '../kit/oidc-provider.ts';
import { until } from '../kit/until.ts';

let ca: TestCa;
beforeAll(async () => {
  ca = await makeTestCa();
});

const never = new AbortController().signal;
const anywhere = targetResolver([]);
const rest = { userFilter: null, groupBase: null, groupFilter: null };
const directory = (...urls: readonly string[]): ProviderConnection => ({
  ...{ type: 'ldap', urls, bindDn: 'cn=svc,dc=x', userBase: 'dc=x' },
  ...rest,
});

/** What is found of a provider of this connection. */
function examined(connection: ProviderConnection, resolve: ResolveTarget, signal: AbortSignal) {
  const spec: IdentityProviderSpec = { ...identityProvider, connection, ca: ca.pem };
  return examineProvider({ publicUrl: 'https://sallyport.example', resolve })(spec, 'secret', signal);
}

/** A port, and how often it was dialed. */
async function listener() {
  const dialed = { port: 0, times: 0 };
  const server: Server = createServer((socket) => {
    dialed.times += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  dialed.port = (server.address() as { port: number }).port;
  return dialed;
}

/** `1.2.840.113556.1.4.319` stands in what asks for a page. */
const asksForPage = ({ bytes }: Asked): boolean => bytes.includes('1.2.840.113556.1.4.319');

test('a server of empty pages is given up after a few of them', async () => {
  const server = await startFakeServer(ca, (asked) => {
    if (asked.operation === 0x60) return message(asked.id, result(0x61, 0));
    if (asked.operation !== 0x63) return null;
    if (asksForPage(asked)) return message(asked.id, result(0x65, 0), pageControl('more'));
    return Buffer.concat([message(asked.id, entry('dc=x', { dc: ['x'] })), message(asked.id, result(0x65, 0))]);
  });
  const found = await examined(directory(server.url), anywhere, never);
  expect(found).toContainEqual(
    expect.objectContaining({
      check: `${server.url} people`,
      state: 'problem',
      message: expect.stringContaining('5 pages'),
    }),
  );
  expect(server.asked.filter(asksForPage)).toHaveLength(5);
});

test('of several servers no further one is asked once it is called off', async () => {
  const silent = await startFakeServer(ca, () => null);
  const next = await listener();
  const over = new AbortController();
  const url = `ldaps://127.0.0.1:${String(next.port)}`;
  const asked = examined(directory(silent.url, url), anywhere, over.signal);
  await until(() => silent.asked.length > 0, { what: 'the first question' });
  over.abort();
  expect(await asked).toContainEqual(
    expect.objectContaining({ check: url, message: expect.stringContaining('not asked') }),
  );
  expect(next.times).toBe(0);
});

test.each<[string, (port: string) => ProviderConnection]>([
  ['directory', (port) => directory(`ldaps://localhost:${port}`)],
  [
    'provider of OpenID Connect',
    (port) => ({
      ...{ type: 'oidc', clientId: 'x', scopes: [], algorithm: null },
      issuer: `https://localhost:${port}`,
    }),
  ],
  ['SAML provider', (port) => ({ type: 'saml', metadata: `https://localhost:${port}/metadata`, entityId: null })],
])('a %s whose name was looked up too late is not dialed', async (_what, connection) => {
  const there = await listener();
  const over = new AbortController();
  let lookups = 0;
  const asked = examined(
    connection(String(there.port)),
    async (host, port) => {
      lookups += 1;
      over.abort();
      return await anywhere(host, port);
    },
    over.signal,
  );
  expect((await asked).some(({ state }) => state === 'problem')).toBe(true);
  expect([lookups, there.times]).toEqual([1, 0]);
});

test('a login that is tried at a provider of OpenID Connect goes no further once it is called off', async () => {
  const callback = 'https://sallyport.example/auth/callback/corp';
  const peer = await startOidcProvider({ accounts: {}, redirectUri: callback, postLogoutRedirectUri: callback });
  onTestFinished(async () => await peer.stop());
  const over = new AbortController();
  let lookups = 0;
  const { issuer, clientId } = peer;
  const connection: ProviderConnection = { type: 'oidc', issuer, clientId, scopes: [], algorithm: null };
  const spec: IdentityProviderSpec = { ...identityProvider, connection, ca: peer.ca };
  const resolve: ResolveTarget = async (host, port) => {
    lookups += 1;
    // For the certificate, for the description, and now for the login.
    if (lookups === 3) over.abort();
    return await anywhere(host, port);
  };
  await examineProvider({ publicUrl: 'https://sallyport.example', resolve })(spec, peer.clientSecret, over.signal);
  expect(lookups).toBe(3);
});
