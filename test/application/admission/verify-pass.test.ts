import { expect, it } from 'vitest';
import { publicKeys } from '../../../src/adapters/ssh-keys/public-keys.ts';
import type { PassShown } from '../../../src/application/admission/door.ts';
import { isStillLive, verifyPass, type VerifyPassTools } from '../../../src/application/admission/verify-pass.ts';
import { streamId, type TokenId } from '../../../src/domain/kernel/ids.ts';
import type { PassRefused } from '../../../src/domain/authentication/events.ts';
import type { PassScope } from '../../../src/domain/kernel/pass.ts';
import type { ProofTranscript } from '../../../src/application/ports/token-proofs.ts';
import { clientProof, scramKeys } from '../../../src/wire/scram/keys.ts';
import { down, type House, instead, openHouse } from '../kit/house.ts';
import { loneBrake } from '../kit/guessing.ts';
import { movingClock } from '../kit/moving-clock.ts';

const hour = 3_600_000;

interface Shown {
  readonly house: House;
  readonly deps: VerifyPassTools;
  readonly tokenId: TokenId;
  readonly secret: string;
  readonly move: (milliseconds: number) => void;
}

async function withToken(scope: Partial<PassScope> = {}): Promise<Shown> {
  const clock = movingClock();
  const house = await openHouse(clock);
  const { tools, custody, admission } = house.node;
  const tokenId = await house.token(scope, hour);
  const expiresAt = '2099-01-01T00:00:00.000Z';
  const subject = { tokenId, userId: house.alice, protocols: null, expiresAt };
  const { secret } = await custody.proofs.issue(subject, 'alice', await tools.now());
  const deps = {
    tools,
    proofs: custody.proofs,
    publicKeys,
    nameKeys: custody.nameKeys,
    processLog: admission.processLog,
    brake: loneBrake(),
  };
  return { house, deps, tokenId, secret, move: (milliseconds) => clock.move(milliseconds) };
}

function shown(secret: string, over: Partial<PassShown> = {}): PassShown {
  return { door: 'ssh', source: '192.0.2.7', userName: 'alice', transcript: { mechanism: 'plain', secret }, ...over };
}

it('knows a live token and its holder, whatever the case of the name, and notes nothing', async () => {
  const { house, deps, secret, tokenId } = await withToken();
  const pass = await verifyPass(deps, shown(secret, { userName: 'ALICE' }));
  expect(pass).toMatchObject({ pass: { passId: tokenId, userId: house.alice }, serverSignature: null });
  expect(await house.events('PassRefused')).toEqual([]);
});

interface Case {
  readonly reason: string;
  readonly when: string;
  readonly scope?: Partial<PassScope>;
  readonly before?: (with_: Shown) => unknown;
  readonly over?: Partial<PassShown>;
  readonly secret?: (secret: string) => string;
}

const cases: readonly Case[] = [
  { reason: 'malformed', when: 'the login name cannot be read', over: { userName: '' } },
  { reason: 'unknown-user', when: 'nobody has the name', over: { userName: 'mallory' } },
  { reason: 'no-match', when: 'the secret is wrong', secret: () => 'spt_wrong' },
  { reason: 'no-match', when: 'the secret is trimmed or padded', secret: (secret) => ` ${secret}` },
  {
    reason: 'no-match',
    when: 'it is the token of somebody else',
    before: ({ house }) =>
      house.apply(
        'apiVersion: sallyport/v1\nkind: User\nmetadata: {name: bob}\nspec: {password: another long password}',
      ),
    over: { userName: 'bob' },
  },
  { reason: 'revoked', when: 'it was revoked', before: ({ house, tokenId }) => house.revoke(tokenId) },
  { reason: 'expired', when: 'it has expired', before: ({ move }) => move(hour) },
  { reason: 'wrong-protocol', when: 'it is for another protocol', scope: { protocols: ['rdp'] } },
  {
    reason: 'disabled',
    when: 'the person is disabled',
    before: ({ house }) =>
      house.apply('apiVersion: sallyport/v1\nkind: User\nmetadata: {name: alice}\nspec: {disabled: true}'),
  },
];

const mechanisms = ['plain', 'scram-sha-256'] as const;
const everyCase = mechanisms.flatMap((mechanism) => cases.map((each) => ({ ...each, mechanism })));

/** What a client that knows `secret` makes of it. */
async function transcriptOf(
  { deps }: Shown,
  mechanism: (typeof mechanisms)[number],
  userName: string,
  secret: string,
): Promise<ProofTranscript> {
  if (mechanism === 'plain') return { mechanism, secret };
  const { salt, iterations } = await deps.proofs.scramParameters(userName);
  const authMessage = 'client-first,server-first,client-final';
  const proof = clientProof(await scramKeys(Buffer.from(secret), salt, iterations), authMessage);
  return { mechanism, userName, authMessage, clientProof: proof };
}

it('knows a live token by SCRAM, and gives what proves the server, but not for the token of another', async () => {
  const ready = await withToken();
  const { house, deps, secret, tokenId } = ready;
  const transcript = await transcriptOf(ready, 'scram-sha-256', 'Alice', secret);
  const taken = await verifyPass(deps, shown('', { door: 'postgres', userName: 'Alice', transcript }));
  expect(taken).toMatchObject({ pass: { passId: tokenId, userId: house.alice, userName: 'Alice' } });
  expect(taken?.serverSignature).toHaveLength(32);
  await house.apply(
    'apiVersion: sallyport/v1\nkind: User\nmetadata: {name: bob}\nspec: {password: another long password}',
  );
  expect(await verifyPass(deps, shown('', { userName: 'bob', transcript }))).toBeNull();
  expect(await house.events('PassRefused')).toMatchObject([{ data: { reason: 'no-match' } }]);
});

it.each(everyCase)('refuses by $mechanism with $reason when $when, and notes it once', async (each) => {
  const ready = await withToken(each.scope);
  await each.before?.(ready);
  const secret = each.secret?.(ready.secret) ?? ready.secret;
  const transcript = await transcriptOf(ready, each.mechanism, each.over?.userName ?? 'alice', secret);
  expect(await verifyPass(ready.deps, shown(secret, { ...each.over, transcript }))).toBeNull();
  const refused = (await ready.house.events('PassRefused')).map((event) => event.data as PassRefused['data']);
  expect(refused).toMatchObject([{ reason: each.reason, door: 'ssh', source: '192.0.2.7' }]);
  expect(JSON.stringify(refused)).not.toContain(secret);
  // Of names that nobody has the keyed digest alone is kept, as of all others: they are counted alike.
  expect(JSON.stringify(refused)).not.toContain('mallory');
  expect(refused[0]?.nameKey === null).toBe(each.reason === 'malformed');
});

it.each(cases.filter(({ reason }) => ['revoked', 'expired', 'disabled'].includes(reason)))(
  'says of a verified pass that it is live until $when',
  async ({ before }) => {
    const ready = await withToken();
    const taken = await verifyPass(ready.deps, shown(ready.secret));
    if (taken === null) throw new Error('the pass was refused');
    expect(await isStillLive(ready.house.node.admission, taken.pass)).toBe(true);
    await before?.(ready);
    expect(await isStillLive(ready.house.node.admission, taken.pass)).toBe(false);
  },
);

it('finds nothing in proofs whose token was never issued', async () => {
  const { house, deps } = await withToken();
  const { tools, custody } = house.node;
  const tokenId = streamId('token', tools.ids.uuid());
  const subject = { tokenId, userId: house.alice, protocols: null, expiresAt: '2099-01-01T00:00:00.000Z' };
  const { secret } = await custody.proofs.issue(subject, 'alice', await tools.now());
  expect(await verifyPass(deps, shown(secret))).toBeNull();
  expect(await house.events('PassRefused')).toMatchObject([{ data: { reason: 'no-match' } }]);
});

it('takes an error of custody or of the log for a no', async () => {
  const { house, deps, secret } = await withToken();
  const proofs = instead(deps.proofs, { verify: () => Promise.reject(down()) });
  expect(await verifyPass({ ...deps, proofs }, shown(secret))).toBeNull();
  expect(await house.events('PassRefused')).toMatchObject([{ data: { reason: 'unavailable' } }]);
  const log = instead(deps.tools.log, {
    readStream: () => Promise.reject(down()),
    append: () => Promise.reject(down()),
  });
  expect(await verifyPass({ ...deps, tools: { ...deps.tools, log } }, shown(secret))).toBeNull();
  expect(
    await verifyPass({ ...deps, tools: { ...deps.tools, now: () => Promise.reject(down()) } }, shown(secret)),
  ).toBeNull();
});
