import { afterAll, beforeAll, expect, test } from 'vitest';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import type { BuiltUi } from '../../../src/adapters/web-ui/built.ts';
import { webUiRoutes } from '../../../src/adapters/web-ui/routes.ts';
import { type Answer, startTestWeb, type TestWeb } from '../http/web-kit.ts';

const script = Buffer.from('export const a = 1;'.repeat(50));
const ui: BuiltUi = {
  html: '<meta property="csp-nonce" nonce="sallyport-nonce"><link nonce="sallyport-nonce"><div id="root"></div>',
  assets: new Map([
    ['main-abc.js', { type: 'text/javascript; charset=utf-8', plain: script, brotli: brotliCompressSync(script) }],
  ]),
};
let web: TestWeb;
let unbuilt: TestWeb;

beforeAll(async () => {
  web = await startTestWeb({ routes: webUiRoutes(ui) });
  unbuilt = await startTestWeb({ routes: webUiRoutes(null) });
});
afterAll(async () => {
  await web.close();
  await unbuilt.close();
});

const policyOf = ({ headers }: Answer): string => String(headers['content-security-policy']);

test('the root leads to the UI, and the UI without a login to the login page and back', async () => {
  const root = await web.ask('/');
  expect([root.status, root.headers.location]).toEqual([303, '/ui']);
  const screen = await web.ask('/ui/sessions/session-1?t=12&live=true');
  expect(screen.status).toBe(303);
  const to = new URL(String(screen.headers.location), 'https://here.invalid');
  expect([to.pathname, to.searchParams.get('to')]).toEqual(['/auth/login', '/ui/sessions/session-1?t=12&live=true']);
});

test('every path of the UI is the same page, with a nonce of its own each time and no unsafe word in its policy', async () => {
  const [one, other] = [await web.ask('/ui', { as: 'spl_user' }), await web.ask('/ui/a/b?c=d', { as: 'spl_user' })];
  const nonces = [one, other].map((answer) => {
    expect(answer.status).toBe(200);
    const nonce = /nonce="([^"]+)"/.exec(answer.body)?.[1] ?? '';
    expect(Buffer.from(nonce, 'base64').length).toBe(16);
    expect(answer.body).not.toContain('sallyport-nonce');
    expect(policyOf(answer)).toContain(`style-src 'self' 'nonce-${nonce}'`);
    expect(policyOf(answer)).toContain("script-src 'self';");
    expect(policyOf(answer)).toContain("frame-ancestors 'none'");
    expect(policyOf(answer)).not.toMatch(/unsafe|\*|http/);
    expect(answer.headers['cache-control']).toBe('no-store');
    return nonce;
  });
  expect(nonces[0]).not.toBe(nonces[1]);
});

test('a file of the UI is kept for ever, and compressed for who takes that', async () => {
  const plain = await web.ask('/ui/assets/main-abc.js');
  expect([plain.status, plain.body, plain.headers['content-encoding']]).toEqual([200, script.toString(), undefined]);
  expect(plain.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  expect(plain.headers['x-content-type-options']).toBe('nosniff');
  const packed = await web.open('/ui/assets/main-abc.js', { headers: { 'accept-encoding': 'gzip, br' } });
  expect(packed.headers['content-encoding']).toBe('br');
  const pieces: Buffer[] = [];
  for await (const piece of packed) pieces.push(piece as Buffer);
  expect(brotliDecompressSync(Buffer.concat(pieces))).toEqual(script);
});

test.each(['/ui/assets/none.js', '/ui/assets/main-abc.js.br', '/ui/assets/stamp', '/ui/assets/%2e%2e%2findex.html'])(
  '%s is nothing',
  async (path) => {
    expect([400, 404]).toContain((await web.ask(path)).status);
  },
);

test('a UI that could not be built says so, to people and to browsers', async () => {
  const page = await unbuilt.ask('/ui', { as: 'spl_user' });
  expect([page.status, page.headers['content-type']]).toEqual([503, 'text/html; charset=utf-8']);
  expect(page.body).toContain('could not be built');
  expect((await unbuilt.ask('/ui/assets/main-abc.js')).status).toBe(404);
});
