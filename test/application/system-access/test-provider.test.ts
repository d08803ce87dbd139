import { afterEach, expect, test, vi } from 'vitest';
import { ok, type Finding } from '../../../src/application/finding.ts';
import type { ExamineProvider } from '../../../src/application/ports/examine-provider.ts';
import { testProvider } from '../../../src/application/system-access/test-provider.ts';
import { TestTurns } from '../../../src/application/system-access/test-turns.ts';
import { providerDocument } from '../../kit/provider-specs.ts';
import { until } from '../../kit/until.ts';
import { administrator, openRig } from '../resources/rig.ts';

afterEach(() => vi.useRealTimers());

const secret = 'the secret of the client';
const document = providerDocument('corp', {
  type: 'oidc',
  issuer: 'https://id.example.org',
  clientId: 'sallyport',
  clientSecret: secret,
});

/** Providers that answer when they are told to. */
async function held() {
  const rig = await openRig();
  const waiting: ((found: readonly Finding[] | Error) => void)[] = [];
  const noted: number[] = [];
  const events = async () => (await rig.events()).filter(({ type }) => type === 'IdentityProviderTested');
  const signals: AbortSignal[] = [];
  const examine: ExamineProvider = async (_spec, _secret, signal) => {
    signals.push(signal);
    noted.push((await events()).length);
    return new Promise((resolve, reject) => {
      waiting.push((found) => (found instanceof Error ? reject(found) : resolve(found)));
    });
  };
  const tools = { resources: rig.deps, examine, turns: new TestTurns(() => 0) };
  return { rig, noted, events, waiting, signals, run: (text = document) => testProvider(tools, administrator, text) };
}

test('a document that names more than 8 servers is refused: nobody is asked', async () => {
  const { run, waiting, events } = await held();
  const urls = Array.from({ length: 9 }, (_, each) => `ldaps://192.0.2.${each}`);
  const ldap = { type: 'ldap', urls, bindDn: 'cn=svc', bindPassword: secret, userBase: 'dc=corp' };
  expect(await run(providerDocument('corp', ldap))).toMatchObject({
    ok: false,
    errors: [{ message: expect.stringContaining('8 servers') }],
  });
  expect([waiting, await events()]).toEqual([[], []]);
});

test('two at once and ten in a minute are the most, and nobody is asked before it is in the log', async () => {
  const { run, waiting, noted, events } = await held();
  const first = [run(), run()];
  await until(() => waiting.length === 2, { what: 'two questions' });
  expect(noted.every((count) => count > 0)).toBe(true);
  expect(await run()).toMatchObject({ ok: false, errors: [{ code: 'too-many-tests' }] });
  for (const answer of waiting.splice(0)) answer([ok('issuer', 'is who it should be')]);
  expect(await Promise.all(first)).toEqual(
    Array(2).fill({ ok: true, findings: [ok('issuer', 'is who it should be')] }),
  );
  for (let each = 2; each < 10; each += 1) {
    const more = run();
    await until(() => waiting.length === 1, { what: 'a question' });
    waiting.pop()?.([]);
    expect((await more).ok).toBe(true);
  }
  expect(await run()).toMatchObject({ ok: false, errors: [{ code: 'too-many-tests' }] });
  expect((await events()).length).toBe(10);
});

test('what a provider says back of its secret is left out, and what goes wrong is a finding', async () => {
  const { run, waiting } = await held();
  const echoed = run();
  await until(() => waiting.length === 1, { what: 'a question' });
  waiting.pop()?.([{ check: 'client', state: 'problem', message: `no: ${secret}!`, mend: 'look there' }]);
  const answer = await echoed;
  expect(answer).toMatchObject({ ok: true, findings: [{ check: 'client', mend: 'look at its log' }] });
  expect(JSON.stringify(answer)).not.toContain(secret);
  const inBase64 = run();
  await until(() => waiting.length === 1, { what: 'a question' });
  const basic = Buffer.from(`sallyport:${secret}`).toString('base64');
  waiting.pop()?.([{ check: 'client', state: 'problem', message: `no: Basic ${basic}`, mend: null }]);
  expect(JSON.stringify(await inBase64)).not.toContain(basic);
  const broken = run();
  await until(() => waiting.length === 1, { what: 'a question' });
  waiting.pop()?.(new Error(`the wire broke at ${secret}`));
  const said = await broken;
  expect(said).toMatchObject({ ok: true, findings: [{ state: 'problem' }] });
  expect(JSON.stringify(said)).not.toContain(secret);
});

test('what can not be logged is not asked, and takes no place', async () => {
  const { rig, run, waiting } = await held();
  rig.failAfter(0);
  for (let each = 0; each < 3; each += 1) await expect(run()).rejects.toThrow('cut off');
  expect(waiting).toEqual([]);
  rig.heal();
  const asked = run();
  await until(() => waiting.length === 1, { what: 'a question' });
  waiting.pop()?.([]);
  expect((await asked).ok).toBe(true);
});

test('a test that takes too long is called off: its place is free once it is answered', async () => {
  const { run, waiting, signals } = await held();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
  const slow = [run(), run()];
  await until(() => waiting.length === 2, { what: 'two questions' });
  expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]);
  vi.advanceTimersByTime(25_000);
  expect(await Promise.all(slow)).toEqual(
    Array(2).fill({ ok: true, findings: [expect.objectContaining({ check: 'time' })] }),
  );
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
  const next = run();
  await until(() => waiting.length === 3, { what: 'a third question' });
  waiting.pop()?.([ok('issuer', 'is who it should be')]);
  expect(await next).toEqual({ ok: true, findings: [ok('issuer', 'is who it should be')] });
});
