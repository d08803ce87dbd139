import fc from 'fast-check';
import { expect, test } from 'vitest';
import { vaultTokenProofs } from '../../../src/adapters/tokens/token-proofs.ts';
import { openFileVault } from '../../../src/adapters/vault/file-vault.ts';
import { loadMasterKey } from '../../../src/adapters/vault/master-key.ts';
import { hmacNameKeys } from '../../../src/adapters/vault/name-keys.ts';
import type { ScramProof, TokenProofs, TokenProofSubject } from '../../../src/application/ports/token-proofs.ts';
import type { Vault } from '../../../src/application/ports/vault.ts';
import { SallyportError } from '../../../src/domain/kernel/errors.ts';
import { streamId } from '../../../src/domain/kernel/ids.ts';
import { clientProof, scramKeys, serverSignature } from '../../../src/wire/scram/keys.ts';
import { tempDir } from '../../kit/temp-dir.ts';

const installationKey = Buffer.alloc(32, 9);
const at = '2026-01-02T03:04:05.000Z';
const authMessage = 'n=,r=a,r=ab,s=AAAA,i=4096,c=biws,r=ab';

const subject = (last: number, expiresAt = '2026-01-02T04:04:05.000Z'): TokenProofSubject => ({
  tokenId: streamId('token', `6f9619ff-8b86-4d01-b42d-00cf4fc9${String(last).padStart(4, '0')}`),
  userId: streamId('user', '6f9619ff-8b86-4d01-b42d-00cf4fc96401'),
  protocols: null,
  expiresAt,
});

function proofs(data = tempDir(), key = installationKey) {
  const vault = openFileVault(data, loadMasterKey(data));
  return { data, vault, tokens: vaultTokenProofs(vault, key, hmacNameKeys(key)) };
}

/** What a client makes of a secret. */
async function proofOf(
  tokens: TokenProofs,
  userName: string,
  secret: string,
): Promise<ScramProof & { keys: Awaited<ReturnType<typeof scramKeys>> }> {
  const { salt, iterations } = await tokens.scramParameters(userName);
  const keys = await scramKeys(Buffer.from(secret), salt, iterations);
  return { mechanism: 'scram-sha-256', userName, authMessage, clientProof: clientProof(keys, authMessage), keys };
}

/** How many records that are there a verification opens. */
async function opened(data: string, transcript: ScramProof): Promise<number> {
  let there = 0;
  const { vault } = proofs(data);
  const counting: Vault = {
    ...vault,
    open: async (id) => {
      const bytes = await vault.open(id);
      there += 1;
      return bytes;
    },
  };
  await vaultTokenProofs(counting, installationKey, hmacNameKeys(installationKey)).verify(transcript);
  return there;
}

test('a proof by SCRAM finds its token among ten, in any process and whatever the case of the name, and gets the signature back', async () => {
  const { tokens, data } = proofs();
  const secrets: string[] = [];
  for (let each = 0; each < 10; each += 1) secrets.push((await tokens.issue(subject(each), 'Jörg', at)).secret);
  const elsewhere = proofs(data).tokens;
  for (const [index, secret] of secrets.entries()) {
    const { keys, ...proof } = await proofOf(elsewhere, 'JÖRG', secret);
    expect(await elsewhere.verify(proof)).toEqual({
      tokenId: subject(index).tokenId,
      serverSignature: serverSignature(keys.serverKey, authMessage),
    });
  }
});

test('nothing else proves a token: another name, message, secret or length, or a decoy', async () => {
  const { tokens } = proofs();
  const { secret } = await tokens.issue(subject(1), 'alice', at);
  await tokens.issue(subject(2), 'bob', at);
  const right = await proofOf(tokens, 'alice', secret);
  expect(await tokens.verify(right)).toMatchObject({ tokenId: subject(1).tokenId });
  const wrong: readonly ScramProof[] = [
    await proofOf(tokens, 'bob', secret),
    { ...right, userName: 'bob' },
    { ...right, userName: 'mallory' },
    { ...right, userName: '' },
    { ...right, authMessage: `${authMessage} ` },
    { ...right, clientProof: right.clientProof.subarray(1) },
    { ...right, clientProof: Buffer.concat([right.clientProof, Buffer.alloc(1)]) },
    { ...right, clientProof: Buffer.alloc(0) },
    await proofOf(tokens, 'alice', `${secret} `),
  ];
  for (const [index, each] of wrong.entries()) expect(await tokens.verify(each), String(index)).toBeNull();
  await fc.assert(
    fc.asyncProperty(fc.nat(255), fc.integer({ min: 1, max: 255 }), async (bit, change) => {
      const changed = Buffer.from(right.clientProof);
      changed[bit % 32] = (changed[bit % 32] ?? 0) ^ change;
      expect(await tokens.verify({ ...right, clientProof: changed })).toBeNull();
    }),
    { numRuns: 50 },
  );
});

test('salts are the same always for one name, known or not, and differ by name and installation', async () => {
  const { tokens, data } = proofs();
  const salt = async (from: TokenProofs, name: string) =>
    Buffer.from((await from.scramParameters(name)).salt).toString('hex');
  const before = await salt(tokens, 'alice');
  await tokens.issue(subject(1), 'alice', at);
  expect(await salt(tokens, 'ALICE')).toBe(before);
  expect(await salt(proofs(data).tokens, 'alice')).toBe(before);
  expect(await salt(tokens, 'mallory')).toBe(await salt(tokens, 'mallory'));
  expect(await tokens.scramParameters('mallory')).toMatchObject({ iterations: 4096 });
  const other = proofs(tempDir(), Buffer.alloc(32, 8)).tokens;
  expect(new Set([before, await salt(tokens, 'mallory'), await salt(other, 'alice')]).size).toBe(3);
  expect(before).toHaveLength(32);
});

test('a no opens as many records for nobody as for somebody with ten tokens', async () => {
  const { tokens, data } = proofs();
  for (let each = 0; each < 10; each += 1) await tokens.issue(subject(each), 'alice', at);
  await tokens.issue(subject(10), 'bob', at);
  const wrong = await proofOf(tokens, 'alice', 'spt_wrong');
  await opened(data, wrong);
  const there = (userName: string) => opened(data, { ...wrong, userName });
  expect([await there('alice'), await there('bob'), await there('mallory')]).toEqual([16, 16, 16]);
});

test('a dropped token is proven by neither mechanism, leaves nothing behind, and its neighbours stay', async () => {
  const { tokens, vault } = proofs();
  const other = await tokens.issue(subject(2), 'alice', at);
  await tokens.verify({ mechanism: 'plain', secret: '' });
  await tokens.verify(await proofOf(tokens, 'alice', ''));
  const before = await vault.list('token-');
  const { secret } = await tokens.issue(subject(1), 'alice', at);
  const proof = await proofOf(tokens, 'alice', secret);
  expect(await tokens.verify(proof)).not.toBeNull();
  await Promise.all([tokens.drop(subject(1).tokenId), tokens.drop(subject(1).tokenId)]);
  expect(await tokens.verify(proof)).toBeNull();
  expect(await tokens.verify({ mechanism: 'plain', secret })).toBeNull();
  expect(await vault.list('token-')).toEqual(before);
  expect(await tokens.verify(await proofOf(tokens, 'alice', other.secret))).not.toBeNull();
});

test('a crash between any two writes or deletions leaves nothing that the sweep does not see and clear', async () => {
  const down = () => Promise.reject(new SallyportError('unavailable', 'vault-unavailable', 'it is down'));
  for (let steps = 0; steps < 3; steps += 1) {
    for (const during of ['issue', 'drop'] as const) {
      const { data, vault, tokens } = proofs();
      let left = steps;
      const failing: Vault = {
        ...vault,
        put: (id, bytes) => (during === 'issue' && left-- <= 0 ? down() : vault.put(id, bytes)),
        destroy: (id) => (during === 'issue' || left-- <= 0 ? down() : vault.destroy(id)),
      };
      const crashing = vaultTokenProofs(failing, installationKey, hmacNameKeys(installationKey));
      await expect(
        crashing.issue(subject(1), 'alice', at).then(() => crashing.drop(subject(1).tokenId)),
      ).rejects.toThrow('down');
      const after = proofs(data);
      for (const { tokenId } of await after.tokens.list()) await after.tokens.drop(tokenId);
      expect(await tokens.list()).toEqual([]);
      expect(await after.vault.list('token-'), `${during} after ${steps}`).toEqual([]);
    }
  }
});

test('tokens that ended and were not swept make no room but for themselves: an expired one is taken over', async () => {
  const { tokens } = proofs();
  const expired = subject(0, at);
  const { secret: old } = await tokens.issue(expired, 'alice', '2026-01-02T03:04:04.000Z');
  for (let each = 1; each < 16; each += 1) await tokens.issue(subject(each), 'alice', at);
  const { secret } = await tokens.issue(subject(16), 'alice', at);
  expect(await tokens.verify(await proofOf(tokens, 'alice', secret))).toMatchObject({ tokenId: subject(16).tokenId });
  expect(await tokens.verify(await proofOf(tokens, 'alice', old))).toBeNull();
  await tokens.drop(expired.tokenId);
  expect(await tokens.verify(await proofOf(tokens, 'alice', secret))).not.toBeNull();
  await expect(tokens.issue(subject(17), 'alice', at)).rejects.toMatchObject({ code: 'proofs-not-cleared' });
  expect((await tokens.list()).map(({ tokenId }) => tokenId)).not.toContain(subject(17).tokenId);
  await tokens.issue(subject(18), 'bob', at);
});

test('two that are issued at once, in two processes, both are proven', async () => {
  const { tokens, data } = proofs();
  const others = [tokens, proofs(data).tokens];
  const issued = await Promise.all(
    Array.from({ length: 8 }, (_, each) => others[each % 2]!.issue(subject(each), 'alice', at)),
  );
  for (const [index, { secret }] of issued.entries()) {
    expect(await tokens.verify(await proofOf(tokens, 'alice', secret))).toMatchObject({
      tokenId: subject(index).tokenId,
    });
  }
});
