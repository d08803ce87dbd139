import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { runOnPass } from '../../../src/application/commands/pass-streams.ts';
import { StreamWriter } from '../../../src/application/commands/run-command.ts';
import { applyResources } from '../../../src/application/resources/apply.ts';
import { type PassId, streamId, type UserId } from '../../../src/domain/kernel/ids.ts';
import { keyDecider } from '../../../src/domain/key/decider.ts';
import { loginDecider } from '../../../src/domain/login/decider.ts';
import { tokenDecider } from '../../../src/domain/token/decider.ts';
import { count } from '../../kit/counts.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { until } from '../../kit/until.ts';
import { openNode, type NodeRig, openToAll } from './node-rig.ts';

interface Tried {
  readonly kind: 'tried';
  readonly passId: PassId;
  readonly admitted: number;
}

async function startProxy(
  dataFolder: string,
): Promise<{ readonly child: ChildProcess; readonly cuts: Set<string>; readonly tried: Tried[] }> {
  const child = fork(join(import.meta.dirname, 'race-proxy.ts'), [dataFolder], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const cuts = new Set<string>();
  const tried: Tried[] = [];
  child.on(
    'message',
    (message: Tried | { readonly kind: 'ready' } | { readonly kind: 'cut'; readonly sessionId: string }) => {
      if (message.kind === 'cut') cuts.add(message.sessionId);
      else if (message.kind === 'tried') tried.push(message);
    },
  );
  await once(child, 'message');
  return { child, cuts, tried };
}

const kinds = ['token', 'key', 'login'] as const;

async function issue({ tools }: NodeRig, userId: UserId, kind: (typeof kinds)[number]): Promise<PassId> {
  const context = { actor: { kind: 'user' as const, userId }, correlationId: tools.ids.uuid(), causationId: null };
  const loginId = streamId('login', tools.ids.uuid());
  const ttlMilliseconds = 3_600_000;
  if (kind === 'token') {
    const token = { userId, loginId, scope: { protocols: null, targetId: null } };
    const tokenId = streamId('token', tools.ids.uuid());
    const wish = (at: string) => ({ type: 'issue' as const, token, ttlMilliseconds, at });
    await new StreamWriter(tools, tokenDecider, tokenId).run(context, wish);
    return tokenId;
  }
  if (kind === 'login') {
    const login = {
      userId,
      authenticationId: streamId('authentication', tools.ids.uuid()),
      door: 'web' as const,
      source: '127.0.0.1',
      factors: ['UP'],
      provider: 'local',
      identityId: null,
      idleMilliseconds: ttlMilliseconds,
    };
    const wish = (at: string) => ({ type: 'open' as const, login, ttlMilliseconds, at });
    await new StreamWriter(tools, loginDecider, loginId).run(context, wish);
    return loginId;
  }
  const keyId = streamId('key', tools.ids.uuid());
  const key = {
    userId,
    loginId,
    algorithm: 'ssh-ed25519' as const,
    bits: 256,
    nameKey: keyId,
    fingerprint: 'SHA256:0',
    comment: '',
  };
  const wish = (at: string) => ({ type: 'register' as const, key, ttlMilliseconds, at });
  await new StreamWriter(tools, keyDecider, keyId).run(context, wish);
  return keyId;
}

const races = count(40, 1_000);

it(`admits no session after the revocation of its pass, over ${String(races)} races of two processes`, {
  timeout: 3_600_000,
}, async () => {
  const dataFolder = join(tempDir(), 'data');
  const node = await openNode(dataFolder, 'revoker');
  onTestFinished(() => node.close());
  await applyResources(node.resources, { system: null }, openToAll, { setSecrets: false });
  const [alice] = node.resources.views.directory.find({ where: { kind: 'user' }, limit: 1 });
  const userId = alice?.id as UserId;
  const proxy = await startProxy(dataFolder);

  // As long as an admission takes here now: a slow machine needs later revocations for the race to be one.
  let longest = 60;
  for (let race = 0; race < races; race += 1) {
    const passId = await issue(node, userId, kinds[race % kinds.length] ?? 'login');
    proxy.child.send({ passId, userId, times: 3 });
    await pause(Math.random() * longest);
    const context = {
      actor: { kind: 'user' as const, userId },
      correlationId: node.tools.ids.uuid(),
      causationId: null,
    };
    await runOnPass(node.tools, passId, context, (at) => ({ type: 'revoke', reason: 'owner', at }));
    const tried = await until(() => proxy.tried.find((each) => each.passId === passId), {
      what: 'the proxy to answer',
    });
    if (tried.admitted === 0) longest = Math.min(2_000, longest * 1.2);
    else if (tried.admitted === 3) longest = Math.max(10, longest / 1.2);

    const types = (await node.tools.log.readStream(passId)).map((event) => event.type);
    const revokedAt = types.findIndex((type) => /Revoked$|^LoginClosed$/.test(type));
    expect(revokedAt).toBeGreaterThan(0);
    expect(types.slice(revokedAt + 1), `race ${String(race)}`).not.toContain('SessionAdmitted');
  }

  const admitted = proxy.tried.reduce((sum, { admitted: each }) => sum + each, 0);
  expect(admitted, 'some sessions win the race, or it proves nothing').toBeGreaterThan(0);
  expect(admitted, 'some sessions lose the race, or it proves nothing').toBeLessThan(races * 3);
  // Those that won were cut once the revocation had reached the other process.
  await until(() => proxy.cuts.size >= admitted, { what: 'every admitted session to be cut', deadlineMs: 30_000 });
  proxy.child.send('end');
  await once(proxy.child, 'exit');
});
