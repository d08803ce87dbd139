import { describe, expect, test } from 'vitest';
import { signatureHolds } from './signature-holds.ts';
import { samlWorld } from './world.ts';
import { forged, wrappings } from './wrapping.ts';

const world = samlWorld();

describe.each(Object.entries(wrappings))('%s', (_name, { of, forge }) => {
  test('is refused, though its signature holds', async () => {
    world.idp.behave({ sign: of });
    let made = '';
    const answer = await world.attempt((xml) => (made = forge(xml)));
    expect(made).toContain(forged);
    expect(signatureHolds(made, world.idp.signer.cert)).toBe(true);
    expect(answer).toEqual({
      ok: false,
      reason: 'untrusted',
      detail: 'the Response has more than one Assertion',
    });
  });
});
