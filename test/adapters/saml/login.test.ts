import { expect, test } from 'vitest';
import { samlProvider } from '../../../src/adapters/saml/saml-provider.ts';
import { samlWorld, us } from './world.ts';

const world = samlWorld();

const mary = {
  provider: 'corp',
  subject: 'p-7f3a',
  username: 'mary',
  email: 'mary@example.com',
  groups: ['dba & friends', 'ops'],
  attributes: { department: ['eng', 'r&d'], room: [] },
  standing: 'active',
};

test.each(['both', 'response', 'assertion'] as const)('a person logs in, signed: %s', async (sign) => {
  world.idp.behave({ sign });
  const answer = await world.attempt();
  expect(answer).toEqual({
    ok: true,
    identity: mary,
    once: { id: expect.stringMatching(/^[0-9a-f]{64}$/), until: expect.stringMatching(/Z$/) },
  });
});

test('the same answer has the same mark, another one has another, and the mark outlives the answer', async () => {
  const first = await world.signIn();
  const finish = async ({ fields, pending }: typeof first, provider = world.provider) => {
    const answer = await provider.finish({ url: us.callbackUrl, fields }, pending);
    if (!answer.ok || answer.once === undefined) throw new Error('no mark');
    return answer.once;
  };
  const mark = await finish(first);
  expect(await finish(first)).toEqual(mark);
  const afterRestart = samlProvider(world.settings(), Date.now);
  expect(await finish(first, afterRestart)).toEqual(mark);
  expect((await finish(await world.signIn())).id).not.toBe(mark.id);
  world.ahead = new Date(mark.until).getTime() - Date.now() + 1;
  await expect(finish(first)).rejects.toThrow('no mark');
});

test('an answer is refused by a request that was begun later', async () => {
  const { fields } = await world.signIn();
  const { pending } = await world.provider.begin();
  expect(await world.provider.finish({ url: us.callbackUrl, fields }, pending)).toEqual({
    ok: false,
    reason: 'untrusted',
    detail: 'the Response answers another request than ours',
  });
});

test('ten minutes after the request its answer is refused', async () => {
  const { fields, pending } = await world.signIn();
  world.ahead = 601_000;
  expect(await world.provider.finish({ url: us.callbackUrl, fields }, pending)).toMatchObject({
    reason: 'untrusted',
    detail: expect.stringContaining('10 minutes'),
  });
});

test('without attribute names the username is the NameID and there are no groups', async () => {
  const claims = { username: null, email: null, groups: null, attributes: {} };
  const provider = samlProvider({ ...world.settings(), claims }, Date.now);
  const { url, pending } = await provider.begin();
  const { fields } = await world.idp.logIn(url, 'mary');
  expect(await provider.finish({ url: us.callbackUrl, fields }, pending)).toMatchObject({
    identity: { subject: 'p-7f3a', username: 'p-7f3a', email: null, groups: [] },
  });
});

test('a missing username is named, missing mail and groups are none', async () => {
  const { url, pending } = await world.provider.begin();
  const { fields } = await world.idp.logIn(url, 'bare');
  expect(await world.provider.finish({ url: us.callbackUrl, fields }, pending)).toMatchObject({
    reason: 'missing-claim',
    detail: expect.stringContaining('"uid"'),
  });
});

test('a no of the provider is no answer', async () => {
  world.idp.behave({ values: { StatusCode: 'urn:oasis:names:tc:SAML:2.0:status:AuthnFailed' } });
  expect(await world.attempt()).toEqual({
    ok: false,
    reason: 'wrong-answer',
    detail: 'the provider did not log the person in: AuthnFailed',
  });
});

test('an answer without a response, or with what is not base64 or UTF-8, is refused', async () => {
  const { pending } = await world.provider.begin();
  const finish = (fields: Record<string, string>) => world.provider.finish({ url: us.callbackUrl, fields }, pending);
  expect(await finish({})).toMatchObject({ detail: 'the answer is not base64' });
  expect(await finish({ SAMLResponse: '%%%' })).toMatchObject({ detail: 'the answer is not base64' });
  expect(await finish({ SAMLResponse: '/////w==' })).toMatchObject({ detail: 'the answer is not UTF-8' });
});

test('the person is logged out at the provider by the same subject', async () => {
  const url = await world.provider.logout('p-7f3a');
  expect((await world.idp.get(url!)).body).toBe('logged out');
  expect(world.idp.loggedOut).toEqual(['p-7f3a']);
});
