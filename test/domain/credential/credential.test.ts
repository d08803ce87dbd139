import { describe, test } from 'vitest';
import { credentialDecider } from '../../../src/domain/credential/decider.ts';
import { sshKeyDecider } from '../../../src/domain/credential/ssh-key/decider.ts';
import { deciderSpec } from '../kit/decider-spec.ts';
import { credential, publicKey, sshKey } from '../kit/samples.ts';

describe('credential', () => {
  const given = deciderSpec(credentialDecider);

  test('names a sealed secret', () => {
    given()
      .when({ type: 'declare', spec: { ...credential, secretId: '' } })
      .thenRejected('no-secret');
  });
  test('takes a new secret', () => {
    const data = { ...credential, secretId: 'secret-9' };
    given({ type: 'CredentialDeclared', data: credential })
      .when({ type: 'declare', spec: data })
      .thenEvents({ type: 'CredentialDeclared', data });
  });
});

describe('SSH key', () => {
  const given = deciderSpec(sshKeyDecider);
  const declare = (change: Partial<typeof sshKey>) => ({ type: 'declare', spec: { ...sshKey, ...change } }) as const;

  test.each(['', 'a~b'])('refuses the username %j', (username) => {
    given().when(declare({ username })).thenRejected('invalid-username');
  });
  test.each(['', 'ssh-ed25519', `${publicKey} ann@home`, 'AAAA'])('refuses the public key %j', (key) => {
    given()
      .when(declare({ publicKey: key }))
      .thenRejected('invalid-public-key');
  });
  test('names a sealed private key', () => {
    given()
      .when(declare({ secretId: '' }))
      .thenRejected('no-secret');
  });
});
