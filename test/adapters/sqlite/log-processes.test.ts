import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { verifyLog } from '../../../src/adapters/sqlite/verify-log.ts';
import type { EventLog } from '../../../src/application/ports/event-log.ts';
import { count } from '../../kit/counts.ts';
import { startProcess } from '../../kit/process.ts';
import type { Running } from '../../kit/process.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { event, nodeStream, openLog, signer } from './log-kit.ts';

function child(folder: string, wish: string): Running {
  return startProcess(process.execPath, [join(import.meta.dirname, 'log-child.ts'), folder, wish]);
}

/** The whole lines only: the last one may be cut by the kill. */
function acknowledgedBy(running: Running): string[] {
  return running.stdout().split('\n').slice(0, -1);
}

async function everything(log: EventLog): Promise<string[]> {
  const lines: string[] = [];
  for (let after: string | null = null; ; ) {
    const page = await log.readAll({ after, limit: 5_000 });
    lines.push(...page.map(({ stream, streamVersion, id }) => `${stream} ${streamVersion} ${id}`));
    after = page.at(-1)?.position ?? null;
    if (after === null) return lines;
  }
}

test('kill -9 at any moment under load loses no acknowledged event, doubles none and leaves none half', {
  timeout: 900_000,
}, async () => {
  const folder = tempDir();
  const promised: string[] = [];
  for (let kill = 0; kill < count(10, 500); kill += 1) {
    const running = child(folder, 'own');
    await running.line(/^node-/);
    // A random moment is what is tested here, not something that is waited for.
    await pause(randomInt(0, 60));
    await running.stop('SIGKILL');
    promised.push(...acknowledgedBy(running));
    if (kill % 10 !== 9) continue;
    const result = await verifyLog({ folder, publicKey: signer.publicKey });
    expect(result).toMatchObject({ ok: true });
  }
  const log = await openLog(folder);
  const found = await everything(log);
  const once = new Set(found);
  expect(once.size).toBe(found.length);
  expect(promised.filter((line) => !once.has(line))).toEqual([]);
  // Two events an append: an odd stream would be half an append.
  const perStream = new Map<string, number>();
  for (const line of found) {
    const stream = line.split(' ')[0]!;
    perStream.set(stream, (perStream.get(stream) ?? 0) + 1);
  }
  expect([...perStream.values()].filter((events) => events % 2 !== 0)).toEqual([]);
});

test('two processes and this one race on one stream: every version is won once', async () => {
  const folder = tempDir();
  const log = await openLog(folder);
  const stream = nodeStream();
  const others = [child(folder, stream), child(folder, stream)];
  const mine: string[] = [];
  for (let version = 0; mine.length < 100; ) {
    const one = event();
    const result = await log.append(stream, version, [one]);
    if (result.ok) mine.push(`${stream} ${result.version} ${one.id}`);
    version = result.ok ? result.version : result.actualVersion;
  }
  for (const other of others) expect(await other.exited).toMatchObject({ code: 0 });
  const won = [...mine, ...others.flatMap(acknowledgedBy)].sort();
  expect((await everything(log)).sort()).toEqual(won);
  expect(won).toHaveLength(300);
  expect(await verifyLog({ folder, publicKey: signer.publicKey })).toMatchObject({ ok: true, size: 300 });
});

test('a subscription sees what another process appends, soon and in order', async () => {
  const folder = tempDir();
  const [log, other] = [await openLog(folder), await openLog(folder)];
  const stream = nodeStream();
  const control = new AbortController();
  const delays: number[] = [];
  let appended = 0;
  let version = 0;
  for await (const item of log.subscribeAll({ after: null, signal: control.signal })) {
    if (item.kind === 'events') {
      expect(item.events.map(({ streamVersion }) => streamVersion)).toEqual([version]);
      delays.push(performance.now() - appended);
      if (version === 10) control.abort();
    } else if (version < 10) {
      // Later than this turn, so that the subscription is waiting by then.
      setTimeout(() => {
        version += 1;
        void other.append(stream, version - 1, [event()]).then(() => (appended = performance.now()));
      }, 5);
    }
  }
  expect(delays).toHaveLength(10);
  expect(delays.sort((a, b) => a - b)[5]).toBeLessThan(100);
});
