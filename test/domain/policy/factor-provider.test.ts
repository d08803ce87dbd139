import { describe, expect, test } from 'vitest';
import type { FactorProviderSpec } from '../../../src/domain/policy/events.ts';
import { askedTypes } from '../../../src/domain/policy/factor-provider/asked-types.ts';
import type { FactorClaims } from '../../../src/domain/policy/factor-provider/claims.ts';
import { factorProviderDecider } from '../../../src/domain/policy/factor-provider/decider.ts';
import { deciderSpec } from '../kit/decider-spec.ts';
import { claims as sessionClaims, factorProvider } from '../kit/samples.ts';

describe('factor provider', () => {
  const given = deciderSpec(factorProviderDecider);
  test.each([
    '',
    'claims.',
    '1 + 1',
    'claims.user.reason == ""',
    'claims.device.os == "x"',
    'claims.system.protocol == "ssh"',
  ])('refuses %j', (expression) => {
    given()
      .when({ type: 'declare', spec: { ...factorProvider, atLogin: expression } })
      .thenRejected('invalid-at-login');
    given()
      .when({ type: 'declare', spec: { ...factorProvider, atToken: expression } })
      .thenRejected('invalid-at-token');
  });
  test.each([
    'claims.user.username == "ann" && "ops" in claims.user.groups && claims.user.provider == "local"',
    '!("UP" in claims.user.factors) || "webauthn" in claims.user.enrolled',
    '!claims.system.sourceAddress.startsWith("10.") && claims.system.door == "web"',
    'claims.system.local.hour >= 18 || claims.system.local.weekday > 5 || claims.system.local.zone != "UTC"',
  ])('takes %s', (expression) => {
    const data = { ...factorProvider, atLogin: expression, atToken: expression };
    given().when({ type: 'declare', spec: data }).thenEvents({ type: 'FactorProviderDeclared', data });
  });
  test('takes no expressions at all', () => {
    const data = { ...factorProvider, atLogin: null, atToken: null };
    given().when({ type: 'declare', spec: data }).thenEvents({ type: 'FactorProviderDeclared', data });
  });
  test('refuses another dialect', () => {
    given()
      .when({ type: 'declare', spec: { ...factorProvider, dialect: 'cel' } })
      .thenRejected('unknown-dialect');
  });
});

describe('which factors are asked for', () => {
  const who = (enrolled: readonly string[], groups: readonly string[] = ['ops']): FactorClaims => ({
    user: { username: 'ann', groups, provider: 'local', factors: ['UP'], enrolled },
    system: { sourceAddress: '127.0.0.1', door: 'web', local: sessionClaims.system.local },
  });
  const provider = (over: Partial<FactorProviderSpec>): FactorProviderSpec => ({
    ...factorProvider,
    atLogin: null,
    ...over,
  });
  const [totp, webauthn] = [provider({}), provider({ type: 'webauthn' })];
  const both = ['totp', 'webauthn'];

  test.each([
    ['nobody without a factor', [], [], []],
    ['whoever has one', [], ['totp'], ['totp']],
    ['nobody for recovery codes alone', [], ['recovery'], []],
    ['whoever has both', [], [...both, 'recovery'], both],
    ['the same, with providers that name no expression', [totp, webauthn], both, both],
    ['of the kind without a provider, whoever has one', [provider({ atLogin: 'false' })], both, ['webauthn']],
    ['everybody, has one or not', [provider({ atLogin: 'true' })], [], ['totp']],
    ['nobody where an administrator says so', [provider({ atLogin: 'false' })], ['totp'], []],
    ['by one of two providers', [provider({ atLogin: 'false' }), provider({ atLogin: 'true' })], [], ['totp']],
    ['as if it was not there, by a disabled one', [provider({ atLogin: 'false', disabled: true })], both, both],
    ['by claims', [provider({ atLogin: '"ops" in claims.user.groups' })], [], ['totp']],
    ['not by claims of others', [provider({ atLogin: '"admins" in claims.user.groups' })], ['totp'], []],
  ] as const)('at login: %s', (_title, providers, enrolled, asked) => {
    expect(askedTypes(providers, 'login', who(enrolled))).toEqual(asked);
  });

  test.each([
    ['nobody, has one or not', [], both, []],
    ['nobody, by what holds at login', [provider({ atLogin: 'true' })], both, []],
    ['by atToken alone', [provider({ atLogin: 'false', atToken: '"totp" in claims.user.enrolled' })], both, ['totp']],
    ['not by a disabled one', [provider({ atToken: 'true', disabled: true })], both, []],
    ['has one or not', [provider({ type: 'webauthn', atToken: 'true' })], [], ['webauthn']],
  ] as const)('for a token: %s', (_title, providers, enrolled, asked) => {
    expect(askedTypes(providers, 'token', who(enrolled))).toEqual(asked);
  });

  test('an expression that fails leaves nobody knowing, whatever the others say', () => {
    const failing = provider({ atLogin: 'claims.user.groups[0] == "ops"' });
    expect(askedTypes([failing], 'login', who(['totp']))).toEqual(['totp']);
    for (const others of [
      [],
      [provider({ atLogin: 'true' })],
      [webauthn],
      [provider({ type: 'webauthn', atLogin: 'true' })],
    ]) {
      expect(askedTypes([failing, ...others], 'login', who(both, []))).toBeNull();
    }
  });
});
