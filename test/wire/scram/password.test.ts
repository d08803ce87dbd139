import { expect, test } from 'vitest';
import { scramKeys } from '../../../src/wire/scram/keys.ts';
import { passwordBytes } from '../../../src/wire/scram/password.ts';
import { startPostgresServer } from '../../kit/postgres-server.ts';

const passwords: readonly (readonly [what: string, password: string])[] = [
  ['ASCII', 'pencil~!@"$%'],
  ['controls in ASCII', 'a\u0001b\u007f'],
  ['an umlaut in two parts', 'u\u0308ber'],
  ['a ligature and a full-width letter', 'ﬁＡ²'],
  ['spaces outside ASCII', 'a\u00a0b\u2003c\u200bd\u3000'],
  ['what maps to nothing', 'x\u00ady\u200dé\ufeffz\ufe0f'],
  ['nothing but what maps to nothing', '\u00ad\u200d'],
  ['a prohibited control, which stays as it is', 'u\u0308\u0007'],
  ['a prohibited private character', 'u\u0308\ue000'],
  ['a character younger than Unicode 3.2', 'u\u0308🔑\u0221ﬁ'],
  ['an old character outside the first plane', '𝔘u\u0308'],
  ['right to left', 'ﺍשﬞ\u05d0'],
  ['right to left with digits at its end', '\u05d0ﺍ1'],
  ['both directions', '\u05d0ﺍaﺍ\u05d0'],
  ['a Hangul syllable in parts', '\u1112\u1161\u11ab'],
  ['a sign whose normal form is prohibited or long', '\u0340ſ\u2100ﷺ'],
];

test('keys of a password are those that PostgreSQL keeps for it', { timeout: 120_000 }, async () => {
  const server = await startPostgresServer();
  for (const [what, password] of passwords) {
    const literal = password.replaceAll("'", "''");
    await server.sql(`DROP ROLE IF EXISTS person; CREATE ROLE person PASSWORD '${literal}'`);
    const kept = (await server.sql("SELECT rolpassword FROM pg_authid WHERE rolname = 'person'")).trim();
    const [, iterations, salt = '', storedKey, serverKey] = /^SCRAM-SHA-256\$(\d+):(.+)\$(.+):(.+)$/.exec(kept) ?? [];
    const keys = await scramKeys(passwordBytes(password), Buffer.from(salt, 'base64'), Number(iterations));
    expect([keys.storedKey.toString('base64'), keys.serverKey.toString('base64')], what).toEqual([
      storedKey,
      serverKey,
    ]);
  }
});
