import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { count } from '../kit/counts.ts';
import { startSshd } from '../kit/openssh.ts';
import { startProduct, type Product, ssh, sshdResources, type Token } from './product.ts';

interface Session {
  readonly id: string;
  readonly endedAt: string | null;
}
interface Event {
  readonly id: string;
  readonly position: string;
  readonly type: string;
  readonly stream: string;
}

const kills = count(2, 40);

async function everyEvent(product: Product): Promise<readonly Event[]> {
  const lines = (await product.cli(['audit', 'events', '--format', 'json'])).stdout.trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Event);
}

/** What people were told: tokens that were handed out and commands that were seen to run. */
interface Acknowledged {
  readonly tokens: string[];
  readonly outputs: number[];
}

/** Makes tokens and runs sessions until the product is gone. */
async function load(product: Product, secret: string, told: Acknowledged, stopped: () => boolean): Promise<void> {
  const tokens = async (): Promise<void> => {
    while (!stopped()) {
      const made = await product.cli(['token', 'create', '--ttl', '1m', '--format', 'json'], { code: null });
      if (made.code !== 0) continue;
      const { id } = JSON.parse(made.stdout) as Token;
      told.tokens.push(id);
      await product.cli(['token', 'revoke', id], { code: null });
    }
  };
  const sessions = async (): Promise<void> => {
    for (let n = 0; !stopped(); n += 1) {
      const run = await ssh(product, 'admin~box', secret, [`echo ${String(n)}; sleep 0.2`]);
      if (run.stdout === `${String(n)}\n`) told.outputs.push(n);
    }
  };
  await Promise.all([tokens(), sessions(), sessions()]);
}

it(`survives ${String(kills)} kills under load: nothing acknowledged is lost, all is whole, live equals rebuilt`, {
  timeout: 3_600_000,
}, async () => {
  const [product, sshd] = await Promise.all([startProduct(), startSshd()]);
  await product.cli(['apply', '-f', '-'], { input: sshdResources(sshd) });
  const { secret } = await product.json<Token>(['token', 'create']);
  const told: Acknowledged = { tokens: [], outputs: [] };

  for (let kill = 0; kill < kills; kill += 1) {
    const killer = new AbortController();
    const busy = load(product, secret, told, () => killer.signal.aborted);
    // Anywhere within the next seconds, so that each kill hits another moment.
    await new Promise((resolve) => setTimeout(resolve, 1_000 + Math.random() * 4_000));
    await product.kill();
    killer.abort();
    await busy;
    await product.restart();

    expect((await product.cli(['audit', 'verify'])).stdout).toMatch(/^ok:/);
    const events = await everyEvent(product);
    expect(new Set(events.map(({ id }) => id)).size, 'each event once').toBe(events.length);
    const issued = new Set(events.filter(({ type }) => type === 'TemporaryTokenIssued').map(({ stream }) => stream));
    for (const token of told.tokens) expect(issued, 'each token that was handed out').toContain(token);
    const live = await product.json<Session[]>(['sessions', 'list', '--live']);
    expect(live, 'no session outlives its process').toEqual([]);
  }
  expect(told.tokens.length).toBeGreaterThan(0);
  expect(told.outputs.length).toBeGreaterThan(0);

  const lists = async (): Promise<unknown> => [
    await product.json(['sessions', 'list']),
    await product.json(['get', 'Target']),
    await product.json(['get', 'User']),
  ];
  const before = await lists();
  await product.running().stop('SIGTERM');
  rmSync(join(product.dataFolder, 'views'), { recursive: true });
  await product.restart();
  expect(await lists(), 'views built anew show the same').toEqual(before);
});
