import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { logInByDevice } from '../../src/client/device-login.ts';
import { type Scripted, type ScriptedServer, startScriptedServer } from './scripted-server.ts';

let server: ScriptedServer;
beforeAll(async () => {
  server = await startScriptedServer();
});
beforeEach(() => {
  server.asked.length = 0;
});
afterAll(async () => server.stop());

const granted: Scripted = [
  200,
  { access_token: 'spl_x', expires_at: '2026-01-02T03:04:05.678Z', user: { name: 'ann' } },
];
const error = (word: string): Scripted => [400, { error: word }];
const busy = (status: number): Scripted => [status, { errors: [{ message: 'not now' }] }];

async function logIn(polls: readonly Scripted[], seconds: number) {
  const begun = {
    device_code: 'd',
    user_code: 'BCDF-GHJK',
    verification_uri: 'https://a.example/auth/device',
    verification_uri_complete: 'https://a.example/auth/device?user_code=BCDF-GHJK',
    expires_in: seconds,
    interval: 0.02,
  };
  server.answers = { '/auth/device_authorization': [[200, begun]], '/auth/token': polls };
  return logInByDevice(server.installation, () => {});
}
const polled = (): number => server.asked.filter((path) => path === '/auth/token').length;

test('the wait outlasts answers that are none: too many requests, a server that restarts, a connection that is cut', async () => {
  // More than there is time for at a pace that was slowed down for good.
  const pendings = Array.from({ length: 20 }, () => error('authorization_pending'));
  const polls: Scripted[] = [error('authorization_pending'), busy(429), 'cut', 'half', busy(503), ...pendings, granted];
  expect(await logIn(polls, 20)).toMatchObject({ user: 'ann', bearer: 'spl_x' });
  expect(polled()).toBe(polls.length);
});

test.each<[string, Scripted, string]>([
  ['is busy', busy(503), 'answered 503; try again later'],
  ['cuts every connection', 'cut', 'cannot reach https://localhost'],
  ['cuts every answer', 'half', 'was cut before its answer was whole'],
  ['waits', error('authorization_pending'), 'nobody confirmed the code in time'],
])('a server that only ever %s is waited for as long as the code lives', async (_what, poll, message) => {
  await expect(logIn([poll], 1)).rejects.toMatchObject({ name: 'Refused', message: expect.stringContaining(message) });
});

test('who gets no answer asks ever more seldom', async () => {
  await expect(logIn([busy(503)], 1)).rejects.toThrow('503');
  // 20, 40, 80 … milliseconds: after a second that is the sixth, and the one at the end.
  expect(polled()).toBeLessThanOrEqual(6);
});

test.each([
  ['access_denied', 'the login was denied'],
  ['expired_token', 'nobody confirmed the code in time'],
  ['invalid_grant', 'the server does not know this code any more'],
])('%s ends the wait at once', async (word, message) => {
  await expect(logIn([error(word)], 60)).rejects.toMatchObject({ name: 'Refused', message });
  expect(polled()).toBe(1);
});
