import { expect, test } from 'vitest';
import { memoryLog } from '../kit/memory-log.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { catalogue, type Step, uuid } from './kit/histories.ts';
import { appendAll, everything, open } from './kit/open.ts';

const [alice, bob, web] = [uuid('user', 1), uuid('user', 2), uuid('target', 1)];
const [session, other, token, login] = [
  uuid('session', 1),
  uuid('session', 2),
  uuid('token', 1),
  uuid('authentication', 1),
];

let made = 0;
function step(stream: Step['stream'], expected: number, type: string, data: object): Step {
  made += 1;
  const metadata = {
    at: '2026-01-02T03:04:05.678Z',
    actor: { kind: 'user', userId: bob, passId: null },
    correlationId: 'c',
    causationId: null,
  } as unknown as Step['event']['metadata'];
  const id = `01890000-0000-7000-9000-${String(made).padStart(12, '0')}`;
  return { stream, expected, event: { id, type, data, metadata } };
}

test('what happens in a session is of its person and target, after a restart, a rebuild and a shredding too', async () => {
  const [folder, fresh] = [tempDir(), tempDir()];
  const log = memoryLog(catalogue);
  const before = await open(log, folder);
  await appendAll(log, [
    step(session, 0, 'SessionOpened', { userId: alice, targetId: web }),
    step(other, 0, 'SessionOpened', { userId: bob, targetId: web }),
    step(token, 0, 'TemporaryTokenIssued', { userId: alice }),
    step(login, 0, 'AuthenticationFailed', { userId: alice }),
    step(session, 1, 'ChannelOpened', { channel: 0 }),
  ]);
  await before.caughtUp();
  await before.close();

  const views = await open(log, folder);
  await appendAll(log, [
    step(session, 2, 'FileTransferred', { path: '/etc/motd' }),
    step(other, 1, 'FileRefused', { path: '/etc/motd' }),
    step(login, 1, 'AuthenticationFailed', { userId: null }),
    step(token, 1, 'TemporaryTokenRevoked', { reason: 'administrator' }),
    step(session, 3, 'SessionEndOrdered', { message: null }),
    step(alice, 0, 'PersonShredded', {}),
  ]);
  await views.caughtUp();
  const types = (where: object): string[] => views.auditTrail.find({ where, limit: 50 }).map(({ type }) => type);
  const inside = ['SessionOpened', 'ChannelOpened', 'FileTransferred', 'SessionEndOrdered'];
  expect(types({ userId: alice, targetId: web })).toEqual(inside);
  expect(types({ userId: bob })).toEqual(['SessionOpened', 'FileRefused']);
  expect(types({ userId: alice, category: 'token' })).toEqual(['TemporaryTokenIssued', 'TemporaryTokenRevoked']);
  // An authentication is no one person's: a later try from there may be anybody's.
  expect(types({ userId: alice, category: 'authentication' })).toEqual(['AuthenticationFailed']);

  const rebuilt = await open(log, fresh);
  await rebuilt.caughtUp();
  expect(everything(rebuilt).auditTrail).toEqual(everything(views).auditTrail);
});
