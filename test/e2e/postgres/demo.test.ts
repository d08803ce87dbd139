import { expect, test } from 'vitest';
import { startProduct, type Token } from '../product.ts';
import { until } from '../../kit/until.ts';
import { psql } from './database.ts';

interface SessionRow {
  readonly id: string;
  readonly target: string;
}

test('a fresh start has a database to be asked through the proxy, and replays what was asked', async () => {
  const product = await startProduct({ demo: true });
  const { secret } = await product.json<Token>(['token', 'create']);
  const asked = 'select name from planet where moons = 2';
  const run = await until(
    async () => {
      const tried = await psql(product, 'admin~demo-db', secret, ['-c', asked]);
      // On a busy machine the database may take longer to come up than a person is kept waiting.
      return tried.stderr === '' ? tried : undefined;
    },
    { what: 'an answer of the demo database', deadlineMs: 90_000 },
  );
  expect(run).toMatchObject({ code: 0, stdout: 'Mars\n', stderr: '' });

  const [session] = (await product.json<readonly SessionRow[]>(['sessions', 'list'])).slice(-1);
  expect(session?.target).toBe('demo-db');
  const played = await product.cli(['sessions', 'play', session?.id ?? '']);
  expect(played.stdout).toContain(asked);
}, 240_000);
