import type { ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { ResolveTarget } from '../../../src/application/ports/system.ts';
import { type HostileIssuer, startHostileIssuer } from '../../kit/hostile-issuer.ts';
import { answerAt, provider, refusal } from './oidc-kit.ts';

let issuer: HostileIssuer;

beforeAll(async () => {
  issuer = await startHostileIssuer();
});
afterEach(() => {
  issuer.misdeeds = {};
  vi.useRealTimers();
});
afterAll(async () => {
  await issuer.stop();
});

const discoveryPath = '/.well-known/openid-configuration';
const describing = (change: Record<string, unknown>) => {
  issuer.misdeeds = { discovery: (document) => ({ ...document, ...change }) };
};
const answering = (path: string, answer: (response: ServerResponse) => void) => {
  issuer.misdeeds = {
    answer: (asked, response) => {
      if (asked === path) answer(response);
      return asked === path;
    },
  };
};

/** Begun while all was well; what went wrong after that is the caller's. */
async function finishing(misbehave: () => void, company = provider(issuer)): Promise<string> {
  const begun = await company.begin();
  misbehave();
  return refusal(await company.finish(answerAt(issuer.authorize(begun.url)), begun.pending));
}

test('untrusted: a provider that lies about its issuer', async () => {
  describing({ issuer: 'https://evil.test' });
  await expect(provider(issuer).begin()).rejects.toThrow(/company can't be used now/);
  // openid-client leaves it unchecked for an address of this kind.
  const whole = { ...issuer, issuer: `${issuer.issuer}${discoveryPath}` };
  await expect(provider(whole).begin()).rejects.toThrow(/names another issuer than spec\.issuer/);
});

test('within 5 s: a provider that hangs, one that sends a byte now and then, a name server that is silent', {
  timeout: 60_000,
}, async () => {
  const began = performance.now();
  const drips: NodeJS.Timeout[] = [];
  const hangs = provider(issuer);
  const begun = await hangs.begin();
  issuer.misdeeds = {
    answer: (path, response) => {
      if (path === discoveryPath) {
        response.writeHead(200, { 'content-type': 'application/json' });
        drips.push(setInterval(() => response.write(' '), 100));
      }
      return true;
    },
  };
  const finished = hangs.finish(answerAt(issuer.authorize(begun.url)), begun.pending);
  const nameless = provider(issuer, {}, [], async () => await new Promise<never>(() => {})).begin();
  const late = expect(nameless).rejects.toThrow(/the name lookup took too long/);
  await expect(provider(issuer).begin()).rejects.toThrow(/gave no answer in time/);
  await late;
  expect(refusal(await finished)).toMatch(/^unavailable: .*gave no answer in time/);
  for (const drip of drips) clearInterval(drip);
  expect(performance.now() - began).toBeLessThan(8000);
});

test.each([discoveryPath, '/token', '/jwks', '/userinfo'])(
  'untrusted: 50 MB from %s, of which little is read',
  async (path) => {
    let sent = 0;
    const flood = (response: ServerResponse): void => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = (): void => {
        while (!response.destroyed && sent < 50_000_000) {
          sent += 65_536;
          if (!response.write(Buffer.alloc(65_536, 0x20))) return void response.once('drain', more);
        }
        response.end();
      };
      more();
    };
    const company = provider(issuer, { claims: { groups: 'teams' } });
    if (path === discoveryPath) {
      answering(path, flood);
      await expect(company.begin()).rejects.toThrow(/sent more than 1 MB/);
    } else {
      expect(await finishing(() => answering(path, flood), company)).toMatch(/^untrusted: .*sent more than 1 MB/);
    }
    expect(sent).toBeLessThan(20_000_000);
  },
);

test.each(['/token', '/jwks', '/userinfo'])('untrusted: a redirect from %s is not followed', async (path) => {
  const other = await startHostileIssuer();
  try {
    const redirect = (response: ServerResponse) =>
      response.writeHead(307, { location: `${other.issuer}${path}` }).end();
    const company = provider(issuer, { claims: { groups: 'teams' } });
    expect(await finishing(() => answering(path, redirect), company)).toMatch(
      /^untrusted: .*a redirect, which is not followed/,
    );
    expect(other.asked).toEqual([]);
  } finally {
    await other.stop();
  }
});

test('userinfo is asked for an attribute that alone is not in the id token', async () => {
  const gone = (response: ServerResponse) => response.writeHead(307, { location: '/elsewhere' }).end();
  const finished = (attributes: Readonly<Record<string, string>>) =>
    finishing(() => answering('/userinfo', gone), provider(issuer, { claims: { attributes } }));
  expect(await finished({ called: 'preferred_username' })).toBe('ok');
  expect(await finished({ department: 'department' })).toMatch(/^untrusted: .*a redirect/);
});

test.each(['token_endpoint', 'jwks_uri', 'userinfo_endpoint'])(
  'untrusted: %s in clear, or at a place inside',
  async (endpoint) => {
    const company = { claims: { groups: 'teams' } };
    describing({ [endpoint]: `http://localhost:${issuer.port}/token` });
    expect(await finishing(() => {}, provider(issuer, company))).toMatch(/^untrusted: .*only requests to HTTPS/);
    issuer.asked.length = 0;
    for (const host of [
      '127.0.0.1',
      '[::1]',
      '[::ffff:127.0.0.1]',
      '169.254.169.254',
      '[fe80::1]',
      '0.0.0.0',
      '[::]',
      '[64:ff9b::7f00:1]',
    ]) {
      describing({ [endpoint]: `https://${host}:${issuer.port}/inside` });
      expect(await finishing(() => {}, provider(issuer, company))).toMatch(/^untrusted: .*loopback or link-local/);
    }
    expect(issuer.asked).not.toContain('/inside');
  },
);

test('untrusted: an authorization endpoint in clear', async () => {
  describing({ authorization_endpoint: 'http://localhost/authorize' });
  await expect(provider(issuer).begin()).rejects.toThrow(/only requests to HTTPS/);
});

test('untrusted: an issuer at a port of our own', async () => {
  issuer.asked.length = 0;
  await expect(provider(issuer, {}, [issuer.port]).begin()).rejects.toThrow(
    /leads back to a port of this installation/,
  );
  expect(issuer.asked).toEqual([]);
});

test('untrusted: a certificate for another name, whatever the environment says', async () => {
  const other = await startHostileIssuer({ names: ['other.test'] });
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  try {
    await expect(provider(other).begin()).rejects.toThrow(
      /certificate of .* is not trusted \(ERR_TLS_CERT_ALTNAME_INVALID\)/,
    );
    expect(other.asked).toEqual([]);
  } finally {
    vi.unstubAllEnvs();
    await other.stop();
  }
});

test('what is connected is what was judged: a name is looked up once', async () => {
  const other = await startHostileIssuer({ names: ['idp.company.test'] }, 'idp.company.test');
  const judged: string[] = [];
  const resolve: ResolveTarget = async (host, port) => {
    judged.push(`${host}:${port}`);
    return { addresses: [{ address: '127.0.0.1', family: 4 }], leadsToUs: false };
  };
  try {
    // No name server knows it: that it is reached shows whose word counts.
    await provider(other, {}, [], resolve).begin();
    expect(judged).toEqual([`idp.company.test:${other.port}`]);
  } finally {
    await other.stop();
  }
});

test('unavailable: a provider that has gone, or is ill', async () => {
  const other = await startHostileIssuer();
  const company = provider(other);
  const begun = await company.begin();
  await other.stop();
  const came = answerAt(other.authorize(begun.url));
  expect(refusal(await company.finish(came, begun.pending))).toMatch(
    /^unavailable: .*can't be reached \(ECONNREFUSED\)/,
  );
  expect(await finishing(() => answering('/token', (response) => response.writeHead(503).end()))).toMatch(
    /^unavailable: .*status 503/,
  );
});

test('what is said is not in the refusal: neither the code nor the body', async () => {
  const rude = (response: ServerResponse) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end('alice@company.test: {');
  expect(await finishing(() => answering('/token', rude))).toMatch(/^untrusted: (?!.*alice)/);
});

test('the description is asked for once in five minutes, and by one request at a time', async () => {
  const company = provider(issuer);
  issuer.asked.length = 0;
  await Promise.all([company.begin(), company.begin(), company.begin()]);
  await company.begin();
  expect(issuer.asked).toEqual([discoveryPath]);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 300_001 });
  await company.begin();
  expect(issuer.asked).toEqual([discoveryPath, discoveryPath]);
});

test('a provider without a place to log out has none', async () => {
  expect(await provider(issuer).logout('somebody')).toBeNull();
});
