import type { Decider, Decision } from '../kernel/decider.ts';
import { accept, reject } from '../kernel/decider.ts';
import { admitOn, afterUse, mayLive, type PassCode, revokeBy } from '../kernel/pass.ts';
import { plusMilliseconds, spokenDuration } from '../kernel/time.ts';
import type { KeyCommand, RegisterKey } from './commands.ts';
import type { KeyEvent } from './events.ts';
import type { KeyState } from './state.ts';

export type KeyCode = PassCode | 'already-registered' | 'weak-key';
type KeyDecision = Decision<KeyEvent, KeyCode>;

/** Shorter RSA keys are refused: NIST SP 800-57 calls 2048 bits enough until 2030, and a pass lives for hours. */
const leastRsaBits = 2_048;

function register({ key, ttlMilliseconds, at }: RegisterKey, state: KeyState): KeyDecision {
  if (state.status !== 'absent') {
    const { userId, nameKey } = state.pass;
    if (userId === key.userId && nameKey === key.nameKey) return accept();
    return reject('already-registered', 'another key stands under this id; register one under a new id');
  }
  if (!mayLive(ttlMilliseconds)) {
    return reject(
      'invalid-ttl',
      `a key is a pass for longer than zero and 8 hours at most, not ${spokenDuration(ttlMilliseconds)}`,
    );
  }
  if (key.algorithm === 'ssh-rsa' && key.bits < leastRsaBits) {
    return reject(
      'weak-key',
      `this RSA key has ${key.bits} bits, and fewer than ${leastRsaBits} are too weak; make one with \`ssh-keygen -t ed25519\``,
    );
  }
  return accept({ type: 'PublicKeyRegistered', data: { ...key, expiresAt: plusMilliseconds(at, ttlMilliseconds) } });
}

function decide(command: KeyCommand, state: KeyState): KeyDecision {
  switch (command.type) {
    case 'register':
      return register(command, state);
    case 'revoke':
      return revokeBy('key', 'PublicKeyRevoked', command, state);
    case 'admit':
      return admitOn('key', command, state);
  }
}

function evolve(state: KeyState, event: KeyEvent): KeyState {
  if (event.type !== 'PublicKeyRegistered') return afterUse(state, event);
  const { userId, loginId, nameKey, expiresAt } = event.data;
  // No other protocol than SSH has a way to show a public key.
  const scope = { protocols: ['ssh' as const], targetId: null };
  return { status: 'issued', pass: { userId, loginId, nameKey, scope, expiresAt }, sessions: null };
}

/** A person's own public key as a pass: registered for hours, proven by a signature at the SSH door. */
export const keyDecider: Decider<KeyState, KeyCommand, KeyEvent, KeyCode> = {
  initial: { status: 'absent' },
  decide,
  evolve,
};
