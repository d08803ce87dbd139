import { describe, test } from 'vitest';
import { accountDecider } from '../../../src/domain/target/account/decider.ts';
import { targetDecider } from '../../../src/domain/target/decider.ts';
import { deciderSpec } from '../kit/decider-spec.ts';
import { id } from '../kit/ids.ts';
import { account, publicKey, target } from '../kit/samples.ts';

describe('target', () => {
  const given = deciderSpec(targetDecider);
  const declare = (change: Partial<typeof target>) => ({ type: 'declare', spec: { ...target, ...change } }) as const;

  test.each(['', 'a b', 'host/path', 'user@host', 'a\nb', 'x'.repeat(256)])('refuses the host %j', (host) => {
    given().when(declare({ host })).thenRejected('invalid-host');
  });
  test.each(['::1', 'fe80::1%eth0', 'db_1.example', 'bücher.example'])('takes the host %j', (host) => {
    given()
      .when(declare({ host }))
      .thenEvents({ type: 'TargetDeclared', data: { ...target, host } });
  });
  test.each([0, -1, 65_536, 22.5, Number.NaN])('refuses the port %d', (port) => {
    given().when(declare({ port })).thenRejected('invalid-port');
  });
  test.each([1, 65_535])('takes the port %d', (port) => {
    given()
      .when(declare({ port }))
      .thenEvents({ type: 'TargetDeclared', data: { ...target, port } });
  });
  test.each(['', 'ssh-ed25519', `${publicKey} comment`, `ssh-dss ${'A'.repeat(68)}`, `${publicKey}\n${publicKey}`])(
    'refuses the host key %j',
    (key) => {
      given()
        .when(declare({ trust: { hostKeys: [publicKey, key] } }))
        .thenRejected('invalid-trust');
    },
  );
  test.each([
    '',
    `@cert-authority ${publicKey}`,
    `sk-${publicKey}`,
    `ssh-ed25519-cert-v01@openssh.com ${'A'.repeat(68)}`,
  ])('refuses the host CA %j', (key) => {
    given()
      .when(declare({ trust: { hostCa: [publicKey, key] } }))
      .thenRejected('invalid-host-ca');
  });
  test('may trust a CA beside a key', () => {
    const trust = { hostKeys: [publicKey], hostCa: [publicKey] };
    given()
      .when(declare({ trust }))
      .thenEvents({ type: 'TargetDeclared', data: { ...target, trust } });
  });
  const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
  test.each([
    {},
    { ca: '' },
    { ca: pem.trim() },
    { ca: `${pem}-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n` },
    { certificateSha256: 'AB'.repeat(32) },
    { certificateSha256: 'ab'.repeat(31) },
    { ca: pem, system: true },
    { system: true, certificateSha256: 'ab'.repeat(32) },
  ] as const)('refuses the TLS trust %j', (tls) => {
    given()
      .when(declare({ trust: { tls } }))
      .thenRejected('invalid-tls');
  });
  test.each([{ ca: pem }, { ca: pem + pem }, { system: true }, { certificateSha256: 'ab'.repeat(32) }] as const)(
    'takes the TLS trust %j',
    (tls) => {
      given()
        .when(declare({ protocol: 'postgres', trust: { tls } }))
        .thenEvents({ type: 'TargetDeclared', data: { ...target, protocol: 'postgres', trust: { tls } } });
    },
  );
  test('may be declared without trust', () => {
    given()
      .when(declare({ trust: null }))
      .thenEvents({ type: 'TargetDeclared', data: { ...target, trust: null } });
    given()
      .when(declare({ trust: {} }))
      .thenEvents({ type: 'TargetDeclared', data: { ...target, trust: {} } });
  });
  test('is scanned while it stands, and stays as it was', () => {
    const scan = { offered: [{ key: publicKey, authority: null }], certificate: null, error: null };
    const declared = { type: 'TargetDeclared', data: target } as const;
    const scanned = { type: 'TargetScanned', data: scan } as const;
    given(declared)
      .when({ type: 'note-scan', ...scan })
      .thenEvents(scanned);
    given(declared, scanned).when(declare({})).thenNothing();
    given()
      .when({ type: 'note-scan', ...scan })
      .thenRejected('absent');
    given(declared, { type: 'TargetWithdrawn', data: {} })
      .when({ type: 'note-scan', ...scan })
      .thenRejected('absent');
  });
  test('keeps its protocol', () => {
    given({ type: 'TargetDeclared', data: target })
      .when(declare({ protocol: 'rdp' }))
      .thenRejected('protocol-fixed');
  });
  test('holds no separator in its name', () => {
    given()
      .when(declare({ name: 'web~1' }))
      .thenRejected('invalid-name');
  });
});

describe('account', () => {
  const given = deciderSpec(accountDecider);
  const declare = (change: Partial<typeof account>) => ({ type: 'declare', spec: { ...account, ...change } }) as const;

  test.each(['', 'ro~ot', 'a:b', 'a#b', '[a]', 'a\tb', 'x'.repeat(129)])('refuses the username %j', (username) => {
    given().when(declare({ username })).thenRejected('invalid-username');
  });
  test('takes the username of a domain', () => {
    given()
      .when(declare({ username: 'CORP\\ann' }))
      .thenEvents({ type: 'AccountDeclared', data: { ...account, username: 'CORP\\ann' } });
  });
  test('stays on its target', () => {
    given({ type: 'AccountDeclared', data: account })
      .when(declare({ targetId: id('target', 2) }))
      .thenRejected('target-fixed');
  });
  test('holds no separator in its name', () => {
    given()
      .when(declare({ name: 'root#web' }))
      .thenRejected('invalid-name');
  });
});
