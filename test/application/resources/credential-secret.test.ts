import { generateKeyPairSync } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { buildCertificate } from '../../../src/adapters/certificates/build-certificate.ts';
import { privatePemOf, newKeyPair } from '../../../src/adapters/certificates/key-pair.ts';
import { makeTestCa, type Certified } from '../../kit/certificates.ts';
import { openRig, type Rig } from './rig.ts';
import { document } from './samples.ts';

let one: Certified;
let other: Certified;
/** Another certificate for the key of `one`. */
let renewed: string;
beforeAll(async () => {
  const ca = await makeTestCa();
  other = await ca.certify({ client: true });
  const keys = await newKeyPair(2048);
  const [first, second] = [1, 2].map((hours) =>
    buildCertificate(
      {
        subject: [{ name: 'commonName', value: 'reports' }],
        keys,
        notBefore: new Date(),
        notAfter: new Date(Date.now() + hours * 3_600_000),
        extensions: [{ name: 'basicConstraints', critical: true, cA: false }],
      },
      null,
    ),
  );
  one = { cert: first!, key: privatePemOf(keys) };
  renewed = second!;
});

const credential = (spec: Readonly<Record<string, string>>): string =>
  document('Credential', 'reports', JSON.stringify(spec));

async function sealed(rig: Rig): Promise<unknown> {
  const [id, ...more] = await rig.deps.vault.list('secret-credential-');
  expect(more).toEqual([]);
  return JSON.parse(Buffer.from(await rig.deps.vault.open(id!)).toString('utf8'));
}

test('a client certificate is shown; its private key and password go to custody and nowhere else', async () => {
  const rig = await openRig();
  const password = 'canary-credential';
  expect(await rig.outcomes(credential({ certificate: one.cert, privateKey: one.key, password }))).toEqual({
    'Credential reports': 'created',
  });
  expect(await sealed(rig)).toEqual({ privateKey: one.key, password });
  const shown = await rig.get('Credential');
  expect(shown).toMatchObject([{ spec: { certificate: one.cert } }]);
  const core = one.key.split('\n')[3]!;
  for (const canary of [core, password]) {
    expect(JSON.stringify([shown, await rig.events()])).not.toContain(canary);
    expect(rig.everything().includes(canary)).toBe(false);
  }
});

test('a private key that stands beside the certificates is not in the event', async () => {
  const rig = await openRig();
  await rig.outcomes(credential({ certificate: `${one.key}${one.cert}`, privateKey: one.key }));
  expect(await rig.get('Credential')).toMatchObject([{ spec: { certificate: one.cert } }]);
  expect(await sealed(rig)).toEqual({ privateKey: one.key, password: null });
});

test('certificate and key belong together, and the key is one that TLS can use', async () => {
  const rig = await openRig();
  const rsa = (bits: number) => generateKeyPairSync('rsa', { modulusLength: bits });
  const pem = { type: 'pkcs8', format: 'pem' } as const;
  const small = rsa(1024).privateKey.export(pem).toString();
  const locked = rsa(2048)
    .privateKey.export({ ...pem, cipher: 'aes-256-cbc', passphrase: 'x' })
    .toString();
  const ed448 = generateKeyPairSync('ed448').privateKey.export(pem).toString();
  const certificate = one.cert;
  const wrongs: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
    [{ certificate, privateKey: other.key }, 'spec.privateKey: is not that of the certificate'],
    [{ certificate, privateKey: 'canary' }, 'spec.privateKey: is no whole private key in PEM'],
    [{ certificate, privateKey: one.key.slice(0, 400) }, 'spec.privateKey: is no whole private key in PEM'],
    [{ certificate, privateKey: small }, 'spec.privateKey: is no whole private key in PEM'],
    [{ certificate, privateKey: ed448 }, 'spec.privateKey: is no whole private key in PEM'],
    [{ certificate, privateKey: locked }, 'spec.privateKey: is encrypted'],
    [{ certificate, password: 'x' }, 'spec.privateKey: is missing'],
    [{ privateKey: one.key }, 'spec.certificate: is missing'],
    [{ certificate: 'canary', privateKey: one.key }, 'spec.certificate: holds no certificate'],
    [{ certificate }, 'spec: password, or certificate and privateKey, is missing'],
    [{}, 'spec: password, or certificate and privateKey, is missing'],
  ];
  for (const [spec, says] of wrongs) {
    const problems = await rig.problems(credential(spec));
    expect(problems, says).toEqual([expect.stringContaining(says)]);
    expect(problems.join('')).not.toMatch(/canary|MII/);
  }
  expect(await rig.deps.vault.list('secret-')).toEqual([]);
});

test('the key in custody keeps to its certificate: a renewed one is taken, another only with its key and --set-secrets', async () => {
  const rig = await openRig();
  await rig.outcomes(credential({ certificate: one.cert, privateKey: one.key, password: 'first' }));
  const same = { 'Credential reports': 'unchanged' };
  const changed = { 'Credential reports': 'changed' };
  expect(await rig.outcomes(credential({ certificate: one.cert }))).toEqual(same);
  expect(await rig.outcomes(credential({ certificate: renewed }))).toEqual(changed);
  expect(await sealed(rig)).toEqual({ privateKey: one.key, password: 'first' });

  const next = { certificate: other.cert, privateKey: other.key };
  expect(await rig.problems(credential(next))).toEqual([
    expect.stringContaining('spec.certificate: belongs to another private key than the one in custody'),
  ]);
  expect(await rig.problems(credential({ password: 'x' }))).toEqual([
    expect.stringContaining('spec: certificate is missing: its private key is in custody'),
  ]);
  expect(await rig.outcomes(credential(next), true)).toEqual(changed);
  expect(await sealed(rig)).toEqual({ privateKey: other.key, password: null });
  expect(await rig.outcomes(credential({ password: '"plain"' }), true)).toEqual(changed);
  expect(await sealed(rig)).toBe('plain');
  expect(await rig.problems(credential(next))).toEqual([
    expect.stringContaining('spec.certificate: needs its privateKey'),
  ]);
});
