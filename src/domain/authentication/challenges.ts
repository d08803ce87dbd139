import type { Challenge, Mechanism, MechanismName } from './events.ts';
import type { PendingAuthentication } from './state.ts';

/** What a person knows or who a provider says they are, against what they have on top. */
const firstNames: readonly MechanismName[] = ['UP', 'IDP'];
/** What is answered needs something of ours first. */
const begunNames: readonly MechanismName[] = ['IDP', 'WebAuthn'];

export function isFactor({ name }: Pick<Mechanism, 'name'>): boolean {
  return !firstNames.includes(name);
}

/** Whether one of these, as a login lists what it was opened by, is a second factor. */
export function nameFactor(factors: readonly string[]): boolean {
  return factors.some((name) => isFactor({ name: name as MechanismName }));
}

export function needsBeginning({ name }: Mechanism): boolean {
  return begunNames.includes(name);
}

export function mechanismsOf(challenges: readonly Challenge[]): readonly Mechanism[] {
  return challenges.flatMap(({ mechanisms }) => mechanisms);
}

export function haveOwnIds(challenges: readonly Challenge[]): boolean {
  const ids = mechanismsOf(challenges).map(({ id }) => id);
  return new Set(ids).size === ids.length;
}

/** True when each challenge has a mechanism, and each factor mechanism a factor to answer it. */
export function canBeMet(challenges: readonly Challenge[]): boolean {
  return challenges.every(
    ({ mechanisms }) =>
      mechanisms.length > 0 && mechanisms.every((each) => !isFactor(each) || each.factorIds.length > 0),
  );
}

/** The mechanism of that id, when it belongs to the challenge that is to be met now. */
export function currentMechanism(state: PendingAuthentication, id: string): Mechanism | undefined {
  return state.challenges[state.challenge]?.mechanisms.find((mechanism) => mechanism.id === id);
}
