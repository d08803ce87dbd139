import { describe, expect, test } from 'vitest';
import { permissionsOf, permissionsWithin } from '../../../src/domain/policy/permissions.ts';
import { role } from '../kit/samples.ts';

describe('permissions', () => {
  test.each([
    ['admin', ['self', 'audit', 'administer', 'operate']],
    ['auditor', ['self', 'audit']],
    ['operator', ['self', 'operate']],
  ])('%s is built in', (name, permissions) => {
    expect(permissionsOf([name], [])).toEqual(permissions);
  });
  test('everybody has self, and an unknown role gives no more', () => {
    expect(permissionsOf([], [])).toEqual(['self']);
    expect(permissionsOf(['nobody', 'constructor', '__proto__'], [])).toEqual(['self']);
  });
  test('a declared role gives what it says, and does not alter a built-in one', () => {
    expect(permissionsOf(['helpdesk'], [role])).toEqual(['self', 'operate']);
    expect(permissionsOf(['auditor'], [{ ...role, name: 'auditor', permissions: ['administer'] }])).toEqual([
      'self',
      'audit',
    ]);
  });
  test('roles add up', () => {
    expect(permissionsOf(['operator', 'auditor'], [])).toEqual(['self', 'audit', 'operate']);
  });
  test('a scope narrows a role to what carries its labels', () => {
    const scoped = { ...role, scope: { tier: 'web', site: 'north' } };
    expect(permissionsOf(['helpdesk'], [scoped])).toEqual(['self']);
    expect(permissionsWithin(['helpdesk'], [scoped], { tier: 'web' })).toEqual(['self']);
    expect(permissionsWithin(['helpdesk'], [scoped], { tier: 'web', site: 'north' })).toEqual(['self', 'operate']);
    expect(permissionsWithin(['helpdesk'], [role], {})).toEqual(['self', 'operate']);
  });
});
