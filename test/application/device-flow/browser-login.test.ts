import { beforeEach, expect, test } from 'vitest';
import { browserLogins } from '../../../src/application/device-flow/browser-login.ts';
import type { BrowserLogin } from '../../../src/application/ports/browser-login.ts';
import type { GrantAsked, GrantOutcome } from '../../../src/application/ports/device-grants.ts';
import { SallyportError } from '../../../src/domain/kernel/errors.ts';
import { streamId, type TokenId } from '../../../src/domain/kernel/ids.ts';
import { type House, openHouse } from '../kit/house.ts';

let house: House;
let tokenId: TokenId;
let redeem: () => Promise<GrantOutcome>;
let withdrawn: string[];
let asked: GrantAsked[];

const wish = { userName: 'alice', target: 'box', source: '192.0.2.7', client: 'SSH-2.0-Some' };

async function begin(full = false): Promise<BrowserLogin | null> {
  const { tools, admission } = house.node;
  const flow = {
    begin: async (asking: GrantAsked) => {
      if (full) throw new SallyportError('limit', 'too-many-attempts', 'too many');
      asked.push(asking);
      return { deviceCode: 'dc', userCode: 'BCDF-GHJK', expiresInSeconds: 600, intervalSeconds: 2 };
    },
    redeem: async () => redeem(),
    withdraw: (deviceCode: string) => void withdrawn.push(deviceCode),
  };
  const nodeId = streamId('node', tools.ids.uuid());
  return browserLogins({ tools, flow, nodeId, processLog: admission.processLog }, 'https://sallyport.example')(wish);
}

beforeEach(async () => {
  house = await openHouse();
  tokenId = await house.token({ protocols: ['ssh'] });
  [withdrawn, asked] = [[], []];
  redeem = () =>
    Promise.resolve({
      ok: true,
      secret: 'spt_s',
      passId: tokenId,
      expiresAt: '2099-01-01T00:00:00.000Z',
      userName: 'alice',
    });
});

test('the code is for the name that was given, and what it opened ends with the connection', async () => {
  const login = await begin();
  expect(asked).toEqual([{ door: 'ssh', ...wish }]);
  expect(login?.page).toBe('https://sallyport.example/auth/device?user_code=BCDF-GHJK');
  expect(await login?.poll()).toEqual({ secret: 'spt_s' });
  expect(await house.types(tokenId)).toEqual(['TemporaryTokenIssued']);
  await login?.end();
  await login?.end();
  expect(await house.types(tokenId)).toEqual(['TemporaryTokenIssued', 'TemporaryTokenRevoked']);
  expect(withdrawn).toEqual(['dc']);
});

test('what is opened while the connection goes is ended, and given to nobody', async () => {
  const login = await begin();
  const opening = Promise.withResolvers<GrantOutcome>();
  const outcome = redeem();
  redeem = () => opening.promise;
  const poll = login?.poll();
  await login?.end();
  opening.resolve(await outcome);
  expect(await poll).toBeNull();
  expect(await house.types(tokenId)).toEqual(['TemporaryTokenIssued', 'TemporaryTokenRevoked']);
});

test.each([
  ['authorization_pending', 'waiting'],
  ['slow_down', 'waiting'],
  ['access_denied', null],
  ['expired_token', null],
  ['invalid_grant', null],
] as const)('%s is %s to who waits', async (error, said) => {
  redeem = () => Promise.resolve({ ok: false, error });
  expect(await (await begin())?.poll()).toBe(said);
});

test('where no code can be had there is none', async () => {
  expect(await begin(true)).toBeNull();
});
