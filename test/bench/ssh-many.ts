// Many sessions at once, against `ssh -J`: npm run bench -- ssh-many [IDLE] [BUSY] [SECONDS]
// First 200 idle terminals: what each costs in memory, of the product and of the jump host's sshd. Then 50 busy ones, in each
// of which the target writes 160 kB/s while somebody types: how long a key takes until it is seen (p99 of all keys).
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Running } from '../kit/process.ts';
import { until } from '../kit/until.ts';
import { compare, median } from './kit/compare.ts';
import { onSshPaths, type SshPaths } from './kit/ssh-paths.ts';

const [idle = 200, busy = 50, seconds = 10] = process.argv.slice(2).map(Number);
/** How many logins go on at the same time while sessions are opened. */
const atOnce = 10;
const keyEveryMilliseconds = 200;
/** Until the memory that logins took is given back, and processes that ended are gone. */
const settleMilliseconds = 5_000;
/** The terminal of the target echoes by itself; what it writes holds no `K`. */
const writes = `exec python3 -c "
import os, time
os.write(1, b'ready')
while True:
    os.write(1, b'x' * 16384)
    time.sleep(0.1)"`;

type Start = SshPaths['startOurs'];

async function open(start: Start, sessions: number, command: string): Promise<readonly Running[]> {
  const running: Running[] = [];
  while (running.length < sessions) {
    const some = Array.from({ length: Math.min(atOnce, sessions - running.length) }, () => start(['-tt'], command));
    running.push(...some);
    for (const each of some) {
      await until(() => each.stdout().includes('ready'), { what: 'a session', deadlineMs: 60_000 });
    }
  }
  return running;
}

async function close(running: readonly Running[]): Promise<void> {
  await Promise.all(running.map((each) => each.stop('SIGTERM')));
}

/** Proportional set size of a process and all below it, in kB. */
function memory(pid: number): number {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((text) => /^\d+$/.test(text))) {
    const parent = /^PPid:\s+(\d+)$/m.exec(read(`/proc/${name}/status`))?.[1];
    if (parent !== undefined) parents.set(Number(name), Number(parent));
  }
  const below = (child: number): boolean => child === pid || (parents.has(child) && below(parents.get(child) ?? 0));
  return [...parents.keys()]
    .filter(below)
    .reduce((sum, each) => sum + Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${each}/smaps_rollup`))?.[1] ?? 0), 0);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // The process has ended meanwhile.
    return '';
  }
}

async function kilobytesPerSession(start: Start, pid: number): Promise<number> {
  // What the first sessions load once belongs to none of them.
  await close(await open(start, atOnce, 'echo ready; cat'));
  await pause(settleMilliseconds);
  const before = memory(pid);
  const sessions = await open(start, idle, 'echo ready; cat');
  await pause(settleMilliseconds);
  const after = memory(pid);
  await close(sessions);
  return Math.round((after - before) / idle);
}

/** Types into every session and waits for the echo; gives how long each key took, in ms. */
async function type(sessions: readonly Running[]): Promise<readonly number[]> {
  const took: number[] = [];
  const end = performance.now() + seconds * 1_000;
  const one = async (session: Running, index: number): Promise<void> => {
    let seen = (): void => undefined;
    const over = session.exited.then(() => {
      throw new Error(`a session ended while somebody typed: ${session.stderr()}`);
    });
    over.catch(() => undefined);
    session.child.stdout?.on('data', (chunk: Buffer) => {
      if (chunk.includes('K')) seen();
    });
    await pause((index * keyEveryMilliseconds) / sessions.length);
    while (performance.now() < end) {
      const from = performance.now();
      const echoed = new Promise<void>((resolve) => (seen = resolve));
      session.child.stdin?.write('K');
      await Promise.race([echoed, over]);
      took.push(performance.now() - from);
      await pause(keyEveryMilliseconds);
    }
  };
  await Promise.all(sessions.map(one));
  return took.sort((a, b) => a - b);
}

await onSshPaths(async ({ startOurs, startJump, pids }) => {
  const memoryOfOurs = await kilobytesPerSession(startOurs, pids.ours);
  const memoryOfPeer = await kilobytesPerSession(startJump, pids.jump);
  console.log(`ssh-many, ${idle} idle: ours ${memoryOfOurs} kB per session, peer ${memoryOfPeer} kB per session`);
  const medians: Record<string, number[]> = { ours: [], peer: [] };
  const p99 = async (start: Start, side: string): Promise<number> => {
    const sessions = await open(start, busy, writes);
    const took = await type(sessions);
    await close(sessions);
    medians[side]?.push(median(took));
    return took[Math.floor(took.length * 0.99)] ?? Number.NaN;
  };
  await compare({
    name: 'ssh-many',
    unit: 'ms',
    rounds: 3,
    ours: () => p99(startOurs, 'ours'),
    peer: () => p99(startJump, 'peer'),
    more: () => ({
      busy,
      idle,
      oursMedian: Number(median(medians.ours ?? []).toPrecision(4)),
      peerMedian: Number(median(medians.peer ?? []).toPrecision(4)),
      oursKilobytesPerIdleSession: memoryOfOurs,
      peerKilobytesPerIdleSession: memoryOfPeer,
    }),
  });
});
