import type { CredentialSpec, SshKeySpec } from '../../../src/domain/credential/events.ts';
import { defaultChannels } from '../../../src/domain/policy/channels.ts';
import type { Claims } from '../../../src/domain/policy/claims.ts';
import { dialect } from '../../../src/domain/policy/cel.ts';
import type {
  ConditionSpec,
  EntitlementSpec,
  FactorProviderSpec,
  PolicySpec,
  RoleSpec,
} from '../../../src/domain/policy/events.ts';
import { sessionRights } from '../../../src/domain/policy/events.ts';
import type { IdentityProviderSpec } from '../../../src/domain/provider/events.ts';
import type { AccountSpec, TargetSpec } from '../../../src/domain/target/events.ts';
import type { GroupSpec } from '../../../src/domain/user/events.ts';
import { id } from './ids.ts';

export const publicKey = `ssh-ed25519 ${'A'.repeat(68)}`;

export const group: GroupSpec = { name: 'ops', labels: {}, members: [id('user')] };
export const role: RoleSpec = { name: 'helpdesk', labels: {}, permissions: ['operate'], scope: null };
export const identityProvider: IdentityProviderSpec = {
  name: 'corp',
  labels: {},
  connection: { type: 'saml', metadata: 'https://idp.example/metadata', entityId: null },
  claims: { username: null, email: null, groups: null, attributes: {} },
  ca: null,
  createUsers: true,
  disabled: false,
  secretId: null,
};
export const target: TargetSpec = {
  name: 'web-1',
  labels: { tier: 'web' },
  protocol: 'ssh',
  host: '127.0.0.1',
  port: 22,
  trust: { hostKeys: [publicKey] },
  disabled: false,
};
export const account: AccountSpec = {
  name: 'root-web-1',
  labels: {},
  targetId: id('target'),
  username: 'root',
  credential: { kind: 'password', credentialId: id('credential') },
};
export const credential: CredentialSpec = { name: 'root-password', labels: {}, secretId: 'secret-1' };
export const sshKey: SshKeySpec = {
  name: 'root-key',
  labels: {},
  username: 'root',
  publicKey,
  secretId: 'secret-2',
  owner: null,
  status: 'active',
  mainTargetId: null,
  targetIds: [],
};
export const condition: ConditionSpec = {
  name: 'office hours',
  labels: {},
  expression: 'claims.system.local.hour >= 8 && claims.system.local.hour < 18',
  dialect,
  remedy: null,
};
export const entitlement: EntitlementSpec = {
  name: 'web as root',
  labels: { team: 'ops' },
  access: {
    targets: ['web-1'],
    labels: null,
    accounts: [],
    protocols: [],
    rights: sessionRights,
    channels: defaultChannels,
  },
  conditionIds: [],
  recording: 'required',
  maxSessionMilliseconds: null,
  idleMilliseconds: null,
  approval: null,
  disabled: false,
};
export const policy: PolicySpec = {
  name: 'ops',
  labels: {},
  assign: '"ops" in claims.user.groups',
  dialect,
  entitlementIds: [id('entitlement')],
  entitlementLabels: null,
  disabled: false,
};
export const factorProvider: FactorProviderSpec = {
  name: 'authenticator app',
  labels: {},
  type: 'totp',
  atLogin: '"ops" in claims.user.groups',
  atToken: null,
  dialect,
  disabled: false,
};
export const claims: Claims = {
  user: {
    username: 'ann',
    groups: ['ops', 'dev'],
    attributes: { department: ['eng', 'r&d'], room: [] },
    provider: 'local',
    authenticatedAt: '2026-01-05T08:00:00.000Z',
    factors: ['UP'],
    reason: '',
  },
  device: { os: 'linux', version: 6, nested: { list: [1, 2] } },
  system: {
    sourceAddress: '127.0.0.1',
    protocol: 'ssh',
    local: { hour: 9, minute: 30, weekday: 1, zone: 'Europe/Berlin' },
  },
};
