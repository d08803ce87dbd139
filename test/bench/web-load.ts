// The first page of the web UI: from an empty browser to the first list in it, against a browser that was there before:
// npm run bench -- web-load. The last line has its JavaScript as it is sent, in kB of 1,000 bytes.
import type { BrowserContext, Page } from 'playwright-core';
import { launchProduct } from '../e2e/product.ts';
import { startChromium } from '../kit/chromium.ts';
import { scriptBytes, type ScriptFile, watchScripts } from '../kit/script-traffic.ts';
import { compare } from './kit/compare.ts';

const targets = Array.from({ length: 40 }, (_, n) => `web-${String(n + 1).padStart(2, '0')}`);
const product = await launchProduct({ cut: null });
const browser = await startChromium([product.webPort]);
const origin = `https://localhost:${String(product.webPort)}`;
let first: readonly ScriptFile[] = [];

try {
  await product.cli(['apply', '-f', '-'], { input: resources() });
  const login = await loggedIn();
  await compare({
    name: 'web-load',
    unit: 'ms',
    rounds: 5,
    ours: async () =>
      visit(login, async (page) => {
        const scripts = await watchScripts(page);
        const milliseconds = await load(page);
        await page.waitForLoadState('networkidle');
        first = scripts;
        return milliseconds;
      }),
    peer: async () =>
      visit(login, async (page) => {
        await load(page);
        await page.goto('about:blank');
        return load(page);
      }),
    more: () => ({
      scriptKB: Number((scriptBytes(first) / 1_000).toFixed(1)),
      scripts: first.length,
      terminalOrPlayer: first.filter(({ name }) => /terminal|player/.test(name)).length,
    }),
  });
  for (const { name, bytes } of first.toSorted((a, b) => b.bytes - a.bytes)) console.error(`${String(bytes)}\t${name}`);
} finally {
  await browser.close();
  await product.stop();
}

/** Milliseconds until the list of what the person may reach stands there. */
async function load(page: Page): Promise<number> {
  const begun = performance.now();
  await page.goto(`${origin}/ui`);
  await page
    .getByText(targets[0] ?? '', { exact: true })
    .first()
    .waitFor();
  return performance.now() - begun;
}

type Login = Awaited<ReturnType<BrowserContext['storageState']>>;

/** Gives the cookies: the same login for each visit. */
async function loggedIn(): Promise<Login> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${origin}/auth/login?to=account`);
  await page.getByLabel('User name').fill('admin');
  await page.getByLabel('Password').fill(product.adminPassword);
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
  await page.waitForURL((url) => url.pathname === '/auth/account');
  const state = await context.storageState();
  await context.close();
  return state;
}

/** In a browser with nothing in its cache. */
async function visit(storageState: Login, work: (page: Page) => Promise<number>): Promise<number> {
  const context = await browser.newContext({ storageState });
  try {
    return await work(await context.newPage());
  } finally {
    await context.close();
  }
}

function resources(): string {
  const documents = targets.flatMap((name) => [
    { kind: 'Target', metadata: { name }, spec: { protocol: 'ssh', address: '192.0.2.1:22' } },
    {
      kind: 'Account',
      metadata: { name },
      spec: { target: name, username: 'deploy', credential: { password: 'all' } },
    },
  ]);
  const credential = { kind: 'Credential', metadata: { name: 'all' }, spec: { password: 'of every one of them' } };
  const entitlement = { kind: 'Entitlement', metadata: { name: 'all' }, spec: { access: { targets } } };
  const policy = { kind: 'Policy', metadata: { name: 'all' }, spec: { assign: 'true', entitlements: ['all'] } };
  // JSON is YAML.
  return [credential, ...documents, entitlement, policy]
    .map((document) => JSON.stringify({ apiVersion: 'sallyport/v1', ...document }))
    .join('\n---\n');
}
