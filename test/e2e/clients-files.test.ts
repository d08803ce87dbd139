import { createHash, randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchSshd, type Sshd } from '../kit/openssh.ts';
import { startMachine } from './client-tools.ts';
import { fileClients } from './file-clients.ts';
import { logIn, type Person } from './person.ts';
import { launchProduct, type Product, sshdResources } from './product.ts';

describe('files', () => {
  let product: Product;
  let sshd: Sshd;
  let admin: Person;
  let secret: string;

  beforeAll(async () => {
    [product, sshd] = await Promise.all([launchProduct(), launchSshd()]);
    admin = await logIn(product);
    await admin.apply(sshdResources(sshd));
    ({ secret } = await admin.token());
  }, 120_000);

  afterAll(async () => {
    await product.stop();
    await sshd.stop();
  });

  it.each(fileClients.map((client) => [client.name, client] as const))(
    '%s',
    async (_client, { script, logged }) => {
      const before = await admin.head();
      const folder = `files-${randomUUID()}`;
      const far = join(sshd.home, folder);
      mkdirSync(far);
      chmodSync(far, 0o777);
      const env = { R: folder, FAR: far, LOGIN: 'admin~box' };
      const machine = startMachine({ product, secret, hosts: { box: 'admin~box' }, env });
      const run = await machine.run(script);
      expect(run.code, `${run.stdout}\n${run.stderr}`).toBe(0);

      const sessions = new Set(
        (await admin.events(before)).filter(({ type }) => type === 'SessionOpened').map(({ stream }) => stream),
      );
      expect(sessions.size).toBeGreaterThan(0);
      for (const session of sessions) {
        await admin.event(before, 'its end', ({ type, stream }) => type === 'SessionEnded' && stream === session);
      }
      if (logged === null) return;
      const events = (await admin.events(before)).filter(({ stream }) => sessions.has(stream));
      const made = ['big', 'packet', 'nothing'].map((name) => {
        const bytes = readFileSync(join(machine.home, 'tree', name));
        return { name, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
      });
      for (const direction of logged) {
        const moved = events.filter(({ type, data }) => type === 'FileTransferred' && data.direction === direction);
        for (const { name, bytes, sha256 } of made) {
          // Inside the brackets is what a copy in scp's old protocol says for itself.
          const path = expect.stringMatching(new RegExp(`${folder}.*/${name}\\]?$`)) as string;
          expect(moved.map(({ data }) => data)).toContainEqual(
            expect.objectContaining({ sha256, bytes, outcome: 'whole', path }),
          );
        }
      }
    },
    120_000,
  );
});
