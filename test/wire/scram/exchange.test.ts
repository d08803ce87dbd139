import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { beginScram, checkServer, proveClient } from '../../../src/wire/scram/client.ts';
import { clientProof, provesClient, scramKeys, serverSignature } from '../../../src/wire/scram/keys.ts';
import {
  authMessage,
  readClientFinal,
  readClientFirst,
  readServerFinal,
  readServerFirst,
} from '../../../src/wire/scram/messages.ts';
import { passwordBytes } from '../../../src/wire/scram/password.ts';
import { ScramError, type ScramErrorCode } from '../../../src/wire/scram/scram-error.ts';
import { acceptClientFinal, answerClientFirst, type ServerOffer, serverFinal } from '../../../src/wire/scram/server.ts';
import { count } from '../../kit/counts.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'utf8');
const plain = 'SCRAM-SHA-256';
const plus = 'SCRAM-SHA-256-PLUS';
const salt = bytes('0123456789abcdef');
const offer: ServerOffer = { mechanism: plain, binding: null, nonce: 'server', salt, iterations: 2 };

function codeOf(work: () => unknown): ScramErrorCode | 'none' {
  try {
    work();
    return 'none';
  } catch (error) {
    if (error instanceof ScramError) return error.code;
    throw error;
  }
}

async function rejection(work: Promise<unknown>): Promise<ScramErrorCode | 'none'> {
  const outcome = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  return codeOf(() => {
    if (outcome !== undefined) throw outcome as Error;
  });
}

/** A whole exchange; true when both ends are sure of each other. */
async function exchange(
  password: string,
  known: string,
  over: Partial<ServerOffer> = {},
  binding: Uint8Array | null = null,
  nonces: readonly [string, string] = ['client', 'server'],
): Promise<boolean> {
  const offered = binding === null ? [plain] : [plus, plain];
  const begun = beginScram(offered, binding, nonces[0]);
  const ours = { ...offer, ...over, nonce: nonces[1], mechanism: begun.mechanism };
  const answered = answerClientFirst(bytes(begun.message), ours);
  const proven = await proveClient(begun, bytes(answered.serverFirst), password);
  const final = acceptClientFinal(bytes(proven.message), answered);
  const keys = await scramKeys(bytes(known), ours.salt, ours.iterations);
  if (!provesClient(keys.storedKey, final.authMessage, final.clientProof)) return false;
  checkServer(proven, bytes(serverFinal(serverSignature(keys.serverKey, final.authMessage))));
  return true;
}

test('the example of RFC 7677, section 3', async () => {
  const nonce = 'rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0';
  const first = readClientFirst(bytes('n,,n=user,r=rOprNGfwEbeRWgbNEkqO'));
  const server = readServerFirst(bytes(`r=${nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`));
  const final = readClientFinal(bytes(`c=biws,r=${nonce},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=`));
  const keys = await scramKeys(bytes('pencil'), server.salt, server.iterations);
  const signed = authMessage(first.bare, server.text, final.withoutProof);
  expect(clientProof(keys, signed).equals(final.proof)).toBe(true);
  expect(provesClient(keys.storedKey, signed, final.proof)).toBe(true);
  expect(serverFinal(serverSignature(keys.serverKey, signed))).toBe('v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=');
});

interface Driver {
  startSession(mechanisms: readonly string[], stream: null): { readonly response: string };
  continueSession(session: object, password: string, serverFirst: string, stream: null): Promise<void>;
  finalizeSession(session: object, serverFinal: string): void;
}

test('the driver `pg` proves a password to our end, and ours to it', async () => {
  const driver = createRequire(import.meta.url)('pg/lib/crypto/sasl.js') as Driver;
  const session = driver.startSession([plain], null);
  const answered = answerClientFirst(bytes(session.response), offer);
  await driver.continueSession(session, 'secret', answered.serverFirst, null);
  const final = acceptClientFinal(bytes(session.response), answered);
  const keys = await scramKeys(bytes('secret'), salt, offer.iterations);
  expect(provesClient(keys.storedKey, final.authMessage, final.clientProof)).toBe(true);
  const signature = serverSignature(keys.serverKey, final.authMessage);
  expect(() => driver.finalizeSession(session, serverFinal(randomBytes(32)))).toThrow();
  driver.finalizeSession({ ...session }, serverFinal(signature));
});

test('both ends prove a password to each other, bound or not; another password proves nothing', async () => {
  const nonce = fc.stringMatching(/^[!-+\--~]{1,40}$/);
  const text = fc.string({ unit: 'binary', minLength: 1 }).filter((each) => !/\p{Cs}/u.test(each));
  await fc.assert(
    fc.asyncProperty(text, fc.option(fc.uint8Array({ minLength: 1 })), fc.boolean(), nonce, nonce, async (...given) => {
      const [password, binding, same, one, other] = given;
      const known = same ? passwordBytes(password).toString('utf8') : `${password}x`;
      expect(await exchange(password, known, { binding }, binding, [one, other])).toBe(same);
    }),
    { numRuns: count(60, 2_000) },
  );
});

test.each<[string, Partial<ServerOffer>, Uint8Array | null, ScramErrorCode]>([
  ['bound to another connection', { binding: bytes('one') }, bytes('two'), 'wrong-binding'],
  ['bound to a part of the data', { binding: bytes('one') }, bytes('on'), 'wrong-binding'],
])('a client that is %s is refused', async (_, over, binding, code) => {
  expect(await rejection(exchange('secret', 'secret', over, binding))).toBe(code);
});

test.each<[string, Partial<ServerOffer>, string, ScramErrorCode | 'none']>([
  ['says that we offer no binding, while we do', { binding: bytes('one') }, 'y,,n=,r=a', 'downgrade'],
  ['says that we offer no binding, and we do not', {}, 'y,,n=,r=a', 'none'],
  ['can not bind', { binding: bytes('one') }, 'n,,n=,r=a', 'none'],
  ['sends a name, as some do', {}, 'n,,n=*,r=a', 'none'],
  ['sends an extension', {}, 'n,,n=,r=a,x=y', 'none'],
  ['binds without PLUS', { binding: bytes('one') }, 'p=tls-server-end-point,,n=,r=a', 'malformed'],
  ['takes PLUS and does not bind', { mechanism: plus, binding: bytes('one') }, 'n,,n=,r=a', 'malformed'],
  ['takes PLUS and says y', { mechanism: plus, binding: bytes('one') }, 'y,,n=,r=a', 'malformed'],
  ['takes PLUS that was not offered', { mechanism: plus }, 'p=tls-server-end-point,,n=,r=a', 'malformed'],
  ['binds otherwise', { mechanism: plus, binding: bytes('one') }, 'p=tls-unique,,n=,r=a', 'unsupported'],
  ['wants to act for another', {}, 'n,a=admin,n=,r=a', 'unsupported'],
  ['needs an extension', {}, 'n,,m=x,n=,r=a', 'unsupported'],
  ['has no nonce', {}, 'n,,n=,r=', 'malformed'],
  ['has a blank in its nonce', {}, 'n,,n=,r=a b', 'malformed'],
  ['has nothing but a flag', {}, 'n', 'malformed'],
  ['says nothing', {}, '', 'malformed'],
  ['goes on and on', {}, `n,,n=,r=${'a'.repeat(5_000)}`, 'malformed'],
])('a client that %s: %#', (_, over, message, code) => {
  expect(codeOf(() => answerClientFirst(bytes(message), { ...offer, ...over }))).toBe(code);
});

test('a client-final-message is taken as it must be, and in no other form', async () => {
  const answered = answerClientFirst(bytes('n,,n=,r=client'), offer);
  const proof = randomBytes(32).toString('base64');
  const take = (text: string) => codeOf(() => acceptClientFinal(bytes(text), answered));
  expect(take(`c=biws,r=clientserver,p=${proof}`)).toBe('none');
  expect(take(`c=biws,r=clientserver,x=y,p=${proof}`)).toBe('none');
  expect(take(`c=biws,r=clientserveR,p=${proof}`)).toBe('wrong-nonce');
  expect(take(`c=biws,r=client,p=${proof}`)).toBe('wrong-nonce');
  expect(take(`c=eSws,r=clientserver,p=${proof}`)).toBe('wrong-binding');
  for (const form of [
    `c=biwt,r=clientserver,p=${proof.slice(4)}`,
    `c=biws=,r=clientserver,p=${proof}`,
    `c=bi ws,r=clientserver,p=${proof}`,
    `c=biws,r=clientserver,p=${proof},x=y`,
    `c=biws,r=clientserver,p=${proof.replace(/=$/, '')}`,
    `c=biws,r=clientserver,p=`,
    `c=biws,r=clientserver`,
    `r=clientserver,c=biws,p=${proof}`,
    `c=biws,r=clientserver,p=${proof}\n`,
  ]) {
    expect(take(form), form).toBe('malformed');
  }
});

test.each<[string, string, ScramErrorCode]>([
  ['another nonce', 'r=other,s=AAAA,i=2', 'wrong-nonce'],
  ['our nonce and nothing more', 'r=client,s=AAAA,i=2', 'wrong-nonce'],
  ['work without end', 'r=clientserver,s=AAAA,i=1000001', 'too-many-iterations'],
  ['no iterations', 'r=clientserver,s=AAAA,i=0', 'malformed'],
  ['iterations below nothing', 'r=clientserver,s=AAAA,i=-1', 'malformed'],
  ['iterations in hexadecimal', 'r=clientserver,s=AAAA,i=0x1', 'malformed'],
  ['iterations of many digits', 'r=clientserver,s=AAAA,i=99999999999', 'malformed'],
  ['no salt', 'r=clientserver,s=,i=2', 'malformed'],
  ['a salt that is no base64', 'r=clientserver,s=A,i=2', 'malformed'],
  ['an extension that must be known', 'm=x,r=clientserver,s=AAAA,i=2', 'unsupported'],
])('a server that gives %s is refused before the password is used', async (_, message, code) => {
  const begun = beginScram([plain], null, 'client');
  expect(await rejection(proveClient(begun, bytes(message), 'secret'))).toBe(code);
});

test('a server that does not know the password is refused', async () => {
  const proven = await proveClient(beginScram([plain], null, 'client'), bytes('r=clientserver,s=AAAA,i=2'), 'secret');
  const check = (text: string) => codeOf(() => checkServer(proven, bytes(text)));
  expect(check(serverFinal(proven.serverSignature))).toBe('none');
  expect(check(serverFinal(randomBytes(32)))).toBe('wrong-signature');
  expect(check('e=invalid-proof')).toBe('refused');
  for (const text of ['', 'v=', 'v=AAAA', `${serverFinal(proven.serverSignature)}=`]) {
    expect(check(text), text).toBe('malformed');
  }
});

test('the strongest mechanism is taken, and a list without it says so to the server', () => {
  const flag = (offered: readonly string[], binding: Uint8Array | null) =>
    beginScram(offered, binding, 'client').message.split(',')[0];
  expect(flag([plain, plus], bytes('one'))).toBe('p=tls-server-end-point');
  expect(flag([plain], bytes('one'))).toBe('y');
  expect(flag([plain, plus], null)).toBe('n');
  expect(codeOf(() => flag([plus], null))).toBe('unsupported');
  expect(codeOf(() => flag(['PLAIN', 'scram-sha-256'], bytes('one')))).toBe('unsupported');
});

test('a peer may send what it likes: each reader gives a message or a ScramError, at once', () => {
  const near = fc.array(
    fc.constantFrom('n,,', 'y', 'p=', ',', 'r=a', 's=AAAA', 'i=2', 'c=biws', 'p=', 'v=', 'e=x', '=', 'm='),
  );
  const texts = fc.oneof(
    near.map((parts) => bytes(parts.join(''))),
    fc.uint8Array({ maxLength: 200 }),
  );
  fc.assert(
    fc.property(texts, fc.nat(30), (part, times) => {
      const message = Buffer.concat(Array.from({ length: times }, () => part));
      for (const read of [readClientFirst, readServerFirst, readClientFinal, readServerFinal]) {
        codeOf(() => read(message));
      }
    }),
    { numRuns: count(2_000, 200_000) },
  );
});

test('an exchange that somebody changed on its way proves nothing', async () => {
  const keys = await scramKeys(bytes('secret'), salt, offer.iterations);
  const begun = beginScram([plain], null, 'client');
  const known = answerClientFirst(bytes(begun.message), offer);
  const proven = await proveClient(begun, bytes(known.serverFirst), 'secret');
  const proves = (first: Uint8Array, final: Uint8Array): boolean => {
    const { authMessage: signed, clientProof: proof } = acceptClientFinal(final, answerClientFirst(first, offer));
    return provesClient(keys.storedKey, signed, proof);
  };
  expect(proves(bytes(begun.message), bytes(proven.message))).toBe(true);
  const change = fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 }), fc.boolean());
  fc.assert(
    fc.property(fc.boolean(), change, (inFirst, [at, by, isCut]) => {
      const message = bytes(inFirst ? begun.message : proven.message);
      const place = at % message.length;
      message[place] = (message[place] ?? 0) ^ by;
      const changed = isCut ? message.subarray(0, place) : message;
      const [first, final] = inFirst ? [changed, bytes(proven.message)] : [bytes(begun.message), changed];
      expect(codeOf(() => expect(proves(first, final)).toBe(false))).toBeTypeOf('string');
    }),
    { numRuns: count(2_000, 100_000) },
  );
});
