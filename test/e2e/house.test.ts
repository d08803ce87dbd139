import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchSshd, type Sshd } from '../kit/openssh.ts';
import { until } from '../kit/until.ts';
import { launchProduct, type Product, ssh, sshdResources, type Token } from './product.ts';

interface Session {
  readonly id: string;
  readonly user: string;
  readonly target: string;
  readonly account: string;
  readonly protocol: string;
  readonly endedAt: string | null;
  readonly endReason: string | null;
}

let product: Product;
let sshd: Sshd;

beforeAll(async () => {
  [product, sshd] = await Promise.all([launchProduct(), launchSshd()]);
  await product.cli(['apply', '-f', '-'], { input: sshdResources(sshd) });
}, 120_000);

afterAll(async () => {
  await product.stop();
  await sshd.stop();
});

describe('the main job', () => {
  it('goes from a login to a replayed session', async () => {
    const token = await product.json<Token>(['token', 'create', '--ttl', '1h']);
    const run = await ssh(product, 'admin~box', token.secret, ['echo hello from the target; exit 7']);
    expect(run.stderr).not.toContain('Permission denied');
    expect(run.stdout).toBe('hello from the target\n');
    expect(run.code).toBe(7);

    const session = await until(
      async () => {
        const sessions = await product.json<Session[]>(['sessions', 'list', '--target', 'box']);
        return sessions.find(({ endedAt }) => endedAt !== null);
      },
      { what: 'the session in the list, ended' },
    );
    expect(session).toMatchObject({
      user: 'admin',
      target: 'box',
      account: sshd.username,
      protocol: 'ssh',
      endReason: 'closed-by-client',
    });

    const replay = await product.cli(['sessions', 'play', session.id, '--speed', '0']);
    expect(replay.stdout.replaceAll('\r', '')).toContain('hello from the target\n');
    const cast = await product.cli(['recordings', 'export', session.id, '--as', 'asciicast']);
    expect(JSON.parse(cast.stdout.split('\n')[0] ?? '')).toMatchObject({ version: 2, width: 80, height: 24 });
    const verified = await product.cli(['audit', 'verify']);
    expect(verified.stdout).toMatch(/^ok: \d+ events/);
  });

  it('shows every step as an event', async () => {
    const events = (await product.cli(['audit', 'events', '--format', 'json'])).stdout.trim().split('\n');
    const types = new Set(events.map((line) => (JSON.parse(line) as { type: string }).type));
    for (const type of [
      'NodeStarted',
      'UserCreated',
      'TargetDeclared',
      'PolicyDeclared',
      'AuthenticationStarted',
      'AuthenticationSucceeded',
      'LoginOpened',
      'TemporaryTokenIssued',
      'SessionAdmitted',
      'SessionOpened',
      'TargetLegOpened',
      'ChannelOpened',
      'RecordingChunkSealed',
      'SessionEnded',
      'RecordingRead',
    ]) {
      expect(types, type).toContain(type);
    }
  });
});
