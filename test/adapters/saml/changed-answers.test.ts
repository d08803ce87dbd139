import fc from 'fast-check';
import { expect, test } from 'vitest';
import { count } from '../../kit/counts.ts';
import { samlWorld, us } from './world.ts';

const world = samlWorld();

const pieces = fc.constantFrom('', '<!---->', '<a/>', '<a>', '</a>', '&amp;', '&x;', '"', '>', '<', '\u0000', ' ', 'A');

test('whatever is changed in a signed answer, it says the same of the same person or nothing', async () => {
  for (const sign of ['assertion', 'response'] as const) {
    world.idp.behave({ sign });
    const { fields, pending } = await world.signIn();
    const finish = (xml: string) =>
      world.provider.finish(
        { url: us.callbackUrl, fields: { SAMLResponse: Buffer.from(xml).toString('base64') } },
        pending,
      );
    const xml = Buffer.from(fields.SAMLResponse!, 'base64').toString('utf8');
    const honest = await finish(xml);
    expect(honest.ok).toBe(true);
    const place = fc.nat(xml.length - 1);
    const moved = fc.tuple(place, fc.nat(800)).map(([from, length]) => xml.slice(from, from + length));
    await fc.assert(
      fc.asyncProperty(place, fc.nat(60), fc.oneof(pieces, moved), async (at, cut, put) => {
        const answer = await finish(xml.slice(0, at) + put + xml.slice(at + cut));
        if (answer.ok) expect(answer).toEqual(honest);
      }),
      { numRuns: count(150, 20_000) },
    );
  }
});
