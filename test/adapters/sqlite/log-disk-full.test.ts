import { mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { verifyLog } from '../../../src/adapters/sqlite/verify-log.ts';
import { launch } from '../../kit/process.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { until } from '../../kit/until.ts';
import { event, nodeStream, openLog, signer } from './log-kit.ts';

/** A file system of 2 MB. Mounting takes root: without it the test says so and fails. */
async function smallDisk(): Promise<string> {
  const path = join(tempDir(), 'small');
  mkdirSync(path);
  const mount = launch('mount', ['-t', 'tmpfs', '-o', 'size=2m,mode=0700', 'tmpfs', path]);
  const { code } = await mount.exited;
  if (code !== 0) throw new Error(`this test needs to mount a small tmpfs, which takes root: ${mount.stderr()}`);
  onTestFinished(async () => {
    await launch('umount', ['-l', path]).exited;
  });
  return path;
}

function fill(file: string): void {
  const { bavail, bsize } = statfsSync(join(file, '..'));
  writeFileSync(file, Buffer.alloc(bavail * bsize));
}

test('a full disk: appends are refused at once, nothing is half there, reads go on, and it heals by itself', async () => {
  const folder = await smallDisk();
  const log = await openLog(folder);
  const stream = nodeStream();
  await log.append(stream, 0, [event()]);
  const ballast = join(folder, 'ballast');
  fill(ballast);

  let version = 1;
  const big = 'x'.repeat(20_000);
  const refused = await until(
    async () => {
      const start = performance.now();
      try {
        await log.append(stream, version, [event(), event('NodeStarted', { bootId: 'b', version: big })]);
        version += 2;
        return undefined;
      } catch (error) {
        return { error, milliseconds: performance.now() - start };
      }
    },
    { what: 'the disk to be full' },
  );
  expect(refused.error).toMatchObject({ kind: 'unavailable', code: 'log-unavailable' });
  expect(refused.milliseconds).toBeLessThan(4_000);
  expect(await log.readStream(stream)).toHaveLength(version);
  await expect(
    log.append(nodeStream(), 0, [event('NodeStarted', { bootId: 'b', version: big })]),
  ).rejects.toMatchObject({ kind: 'unavailable' });

  rmSync(ballast);
  const result = await until(() => log.append(stream, version, [event()]), {
    deadlineMs: 30_000,
    what: 'the log to heal',
  });
  expect(result).toMatchObject({ ok: true, version: version + 1 });
  await log.probe();
  expect(await log.readStream(stream)).toHaveLength(version + 1);
  expect(await verifyLog({ folder, publicKey: signer.publicKey })).toMatchObject({ ok: true, size: version + 1 });
});

test('a second checkpoint path that fails is a warning and holds up nothing', async () => {
  const folder = tempDir();
  const blocked = join(folder, 'file');
  writeFileSync(blocked, '');
  const codes: string[] = [];
  const log = await openLog(folder, {
    secondCheckpointPath: join(blocked, 'second'),
    onWarning: ({ code }) => codes.push(code),
  });
  expect(await log.append(nodeStream(), 0, [event()])).toMatchObject({ ok: true });
  await log.close();
  expect(codes).toContain('checkpoint-file');
});

test('checkpoints come after a batch, without closing, to both files', async () => {
  const folder = tempDir();
  const second = join(tempDir(), 'elsewhere', 'checkpoint');
  const log = await openLog(folder, { secondCheckpointPath: second });
  for (const size of ['1', '2']) {
    await log.append(nodeStream(), 0, [event()]);
    for (const file of [join(folder, 'log.checkpoint'), second]) {
      await until(() => readFileSync(file, 'utf8').split('\n')[1] === size, { what: `a checkpoint over ${size}` });
    }
  }
  const checkpoint = readFileSync(second, 'utf8');
  expect(await verifyLog({ folder, publicKey: signer.publicKey, checkpoint })).toMatchObject({
    ok: true,
    checkpoint: 2,
  });
});
