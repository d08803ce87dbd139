import fc from 'fast-check';
import type { NewEvent } from '../../../src/application/ports/event-log.ts';
import type { EventSchemas } from '../../../src/domain/kernel/event.ts';
import { authenticationEvents } from '../../../src/domain/authentication/events.ts';
import { credentialEvents, sshKeyEvents } from '../../../src/domain/credential/events.ts';
import { factorEvents } from '../../../src/domain/factor/events.ts';
import { favouritesEvents } from '../../../src/domain/favourites/events.ts';
import { identityEvents } from '../../../src/domain/identity/events.ts';
import { type Category, type StreamId, streamId } from '../../../src/domain/kernel/ids.ts';
import { factorSteps } from './factor-steps.ts';
import { keyEvents } from '../../../src/domain/key/events.ts';
import { loginEvents } from '../../../src/domain/login/events.ts';
import { nameEvents } from '../../../src/domain/name/events.ts';
import { nodeEvents } from '../../../src/domain/node/events.ts';
import {
  conditionEvents,
  entitlementEvents,
  factorProviderEvents,
  policyEvents,
  roleEvents,
} from '../../../src/domain/policy/events.ts';
import { identityProviderEvents } from '../../../src/domain/provider/events.ts';
import { sessionEvents } from '../../../src/domain/session/events.ts';
import { accountEvents, targetEvents } from '../../../src/domain/target/events.ts';
import { tokenEvents } from '../../../src/domain/token/events.ts';
import { groupEvents, userEvents } from '../../../src/domain/user/events.ts';

export const catalogue: EventSchemas = {
  ...authenticationEvents,
  ...credentialEvents,
  ...sshKeyEvents,
  ...factorEvents,
  ...favouritesEvents,
  ...identityEvents,
  ...identityProviderEvents,
  ...keyEvents,
  ...loginEvents,
  ...nameEvents,
  ...nodeEvents,
  ...conditionEvents,
  ...entitlementEvents,
  ...factorProviderEvents,
  ...policyEvents,
  ...roleEvents,
  ...sessionEvents,
  ...accountEvents,
  ...targetEvents,
  ...tokenEvents,
  ...groupEvents,
  ...userEvents,
};

/** One append of a history: the event is the next one of its stream. */
export interface Step {
  readonly stream: StreamId;
  readonly expected: number;
  readonly event: NewEvent;
}

/** A wish: which one of the things there are (`pick`), how (`choice`), and how much later than the one before. */
interface Wish {
  readonly kind:
    | 'user'
    | 'change-user'
    | 'declare'
    | 'withdraw'
    | 'issue'
    | 'register'
    | 'admit'
    | 'revoke'
    | 'session'
    | 'chunk'
    | 'end'
    | 'factor'
    | 'favour'
    | 'log-in'
    | 'log-out'
    | 'identity'
    | 'other';
  readonly pick: number;
  readonly choice: number;
  readonly laterMilliseconds: number;
}

const wish: fc.Arbitrary<Wish> = fc.record({
  kind: fc.constantFrom(
    'user',
    'change-user',
    'declare',
    'withdraw',
    'issue',
    'register',
    'admit',
    'admit',
    'revoke',
    'session',
    'session',
    'chunk',
    'end',
    'factor',
    'favour',
    'log-in',
    'log-out',
    'identity',
    'identity',
    'other',
  ),
  pick: fc.nat(1_000),
  choice: fc.nat(1_000),
  // Mostly seconds, at times hours or days, so that tokens expire and their rows are swept.
  laterMilliseconds: fc.oneof({ weight: 6, arbitrary: fc.nat(5_000) }, { weight: 1, arbitrary: fc.nat(90_000_000) }),
});

/** Valid histories of an installation: what the aggregates would let happen, over all views' events. */
export const history: fc.Arbitrary<readonly Step[]> = fc
  .array(wish, { minLength: 5, maxLength: 120, size: 'max' })
  .map(play);

const texts = ['alice', 'Zoë', '\u{1f511} key', '\uffee', '', "o'hara"];
const declarations: readonly (readonly [Category, string, (choice: number) => object])[] = [
  ['group', 'Group', () => ({ members: [uuid('user', 0)] })],
  ['role', 'Role', (choice) => ({ permissions: ['audit'], scope: choice % 2 === 0 ? null : { env: 'prod' } })],
  ['target', 'Target', () => ({ protocol: 'ssh', host: '192.0.2.1', port: 22, trust: null, disabled: false })],
  [
    'account',
    'Account',
    () => ({
      targetId: uuid('target', 0),
      username: 'deploy',
      credential: { kind: 'password', credentialId: uuid('credential', 0) },
    }),
  ],
  ['credential', 'Credential', () => ({ secretId: 'credential/1' })],
  [
    'sshkey',
    'SshKey',
    () => ({
      username: 'deploy',
      publicKey: 'ssh-ed25519 AAAA',
      secretId: 'sshkey/1',
      owner: null,
      status: 'active',
      mainTargetId: null,
      targetIds: [],
    }),
  ],
  [
    'provider',
    'IdentityProvider',
    () => ({
      connection: { type: 'saml', metadata: 'https://idp.test/metadata', entityId: null },
      claims: { username: 'uid', email: null, groups: null, attributes: {} },
      ca: null,
      createUsers: true,
      disabled: false,
      secretId: null,
    }),
  ],
  ['condition', 'Condition', () => ({ expression: 'true', dialect: 'cel-1', remedy: null })],
  [
    'entitlement',
    'Entitlement',
    () => ({
      access: { targets: ['web'], labels: null, accounts: [], protocols: [], rights: [] },
      conditionIds: [],
      recording: 'required',
      maxSessionMilliseconds: null,
      idleMilliseconds: null,
      approval: null,
      disabled: false,
    }),
  ],
  [
    'policy',
    'Policy',
    () => ({ assign: 'true', dialect: 'cel-1', entitlementIds: [], entitlementLabels: null, disabled: false }),
  ],
  [
    'factorprovider',
    'FactorProvider',
    (choice) => ({
      type: choice % 2 === 0 ? 'totp' : 'webauthn',
      atLogin: 'true',
      atToken: null,
      dialect: 'cel-1',
      disabled: false,
    }),
  ],
];

export function uuid<C extends Category>(category: C, number: number): StreamId<C> {
  return streamId(category, `01890000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`);
}

function play(wishes: readonly Wish[]): readonly Step[] {
  const steps: Step[] = [];
  const versions = new Map<StreamId, number>();
  const users: StreamId<'user'>[] = [];
  const live: {
    passes: StreamId<'token' | 'key'>[];
    sessions: StreamId<'session'>[];
    declared: { id: StreamId; type: string }[];
    logins: StreamId<'login'>[];
    identities: { id: StreamId<'identity'>; owner: StreamId<'user'>; linked: boolean }[];
  } = { passes: [], sessions: [], declared: [], logins: [], identities: [] };
  let clock = Date.UTC(2026, 0, 1);
  let made = 0;
  const fresh = <C extends Category>(category: C): StreamId<C> => uuid(category, (made += 1));
  const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();
  const add = (stream: StreamId, type: string, data: object): void => {
    const expected = versions.get(stream) ?? 0;
    versions.set(stream, expected + 1);
    const userId = users[0];
    const actor =
      userId === undefined ? ({ kind: 'system', nodeId: null } as const) : ({ kind: 'user', userId } as const);
    const metadata = { at: iso(clock), actor, correlationId: `c${steps.length}`, causationId: null };
    const id = `01890000-0000-7000-9000-${steps.length.toString(16).padStart(12, '0')}`;
    steps.push({ stream, expected, event: { id, type, data, metadata } });
  };
  const one = <T>(list: readonly T[], pick: number): T | undefined => list[pick % Math.max(1, list.length)];
  const without = <T>(list: T[], thing: T): void => void list.splice(list.indexOf(thing), 1);

  /** Links a new one, or observes, unlinks or links again one that there is. */
  const identity = (
    known: (typeof live.identities)[number] | undefined,
    userId: StreamId<'user'>,
    choice: number,
  ): void => {
    if (known === undefined || choice % 4 === 0) {
      const id = streamId('identity', (made += 1).toString(16).padStart(64, '0'));
      live.identities.push({ id, owner: userId, linked: false });
      identity(live.identities.at(-1), userId, 1);
    } else if (!known.linked) {
      known.linked = true;
      const by = { by: 'owner', authenticationId: uuid('authentication', 1) };
      add(known.id, 'IdentityLinked', { userId: known.owner, provider: 'corp', subject: `s${choice}`, ...by });
    } else if (choice % 3 === 0) {
      known.linked = false;
      add(known.id, 'IdentityUnlinked', { userId: known.owner, by: 'owner' });
    } else {
      const seen = { username: `u${choice}`, email: null, groups: [`g${choice % 2}`], at: iso(clock), by: 'sync' };
      add(known.id, 'IdentityObserved', {
        userId: known.owner,
        ...seen,
        attributes: '{}',
        standing: choice % 2 === 0 ? 'active' : 'gone',
      });
    }
  };

  for (const { kind, pick, choice, laterMilliseconds } of wishes) {
    clock += laterMilliseconds;
    const text = one(texts, choice) ?? '';
    const userId = one(users, pick);
    const pass = one(live.passes, pick);
    const opening = one([...live.passes, ...live.logins], pick);
    const session = one(live.sessions, pick);
    if (kind === 'user') {
      const id = fresh('user');
      add(id, 'UserCreated', {
        name: `${text}${users.length}`,
        nameKey: `key${users.length}`,
        email: choice % 3 === 0 ? null : `${users.length}@example.org`,
      });
      users.push(id);
    } else if (kind === 'change-user' && userId !== undefined) {
      const changes: readonly (readonly [string, object])[] = [
        ['UserEmailSet', { email: choice % 2 === 0 ? null : `${choice}@example.org` }],
        ['UserMembershipsSet', { groups: [text], roles: ['admin'] }],
        [
          'UserPasswordSet',
          { secretId: `user/${choice}`, mustChange: choice % 2 === 0, by: 'administrator', keptLogin: null },
        ],
        ['UserDisabled', {}],
        ['UserEnabled', {}],
        ['UserRemoved', {}],
        ['PersonShredded', {}],
      ];
      const [type, data] = one(changes, choice)!;
      add(userId, type, data);
    } else if (kind === 'favour' && userId !== undefined) {
      const type = choice % 3 === 0 ? 'FavouriteRemoved' : 'FavouriteAdded';
      const stream = streamId('favourites', userId.slice('user-'.length));
      add(stream, type, { userId, accountId: uuid('account', choice % 4) });
    } else if (kind === 'declare') {
      const [category, name, spec] = one(declarations, pick)!;
      const again = live.declared.find((thing) => thing.type === name && choice % 2 === 0);
      const id = again?.id ?? fresh(category);
      add(id, `${name}Declared`, { name: `${text}${choice}`, labels: { env: text }, ...spec(choice) });
      if (again === undefined) live.declared.push({ id, type: name });
    } else if (kind === 'withdraw') {
      const thing = one(live.declared, pick);
      if (thing !== undefined) add(thing.id, `${thing.type}Withdrawn`, {});
    } else if (kind === 'issue' && userId !== undefined) {
      const id = fresh('token');
      const scope = { protocols: choice % 2 === 0 ? null : ['ssh'], targetId: null };
      add(id, 'TemporaryTokenIssued', { userId, loginId: uuid('login', 1), scope, expiresAt: iso(clock + 28_800_000) });
      live.passes.push(id);
    } else if (kind === 'register' && userId !== undefined) {
      const id = fresh('key');
      add(id, 'PublicKeyRegistered', {
        userId,
        loginId: uuid('login', 1),
        algorithm: 'ssh-ed25519',
        bits: 256,
        nameKey: `key${choice}`,
        fingerprint: `SHA256:${choice}`,
        comment: text,
        expiresAt: iso(clock + 28_800_000),
      });
      live.passes.push(id);
    } else if (kind === 'admit' && opening !== undefined) {
      add(opening, 'SessionAdmitted', {
        sessionId: uuid('session', 0),
        userId: users[0],
        targetId: uuid('target', 0),
        accountId: uuid('account', 0),
        protocol: 'ssh',
        entitlement: { id: uuid('entitlement', 0), version: 1 },
        policyVersion: 'p',
        dialect: 'cel-1',
        claimsDigest: 'd',
        source: `192.0.2.${choice % 9}`,
      });
    } else if (kind === 'revoke' && pass !== undefined) {
      add(pass, pass.startsWith('key-') ? 'PublicKeyRevoked' : 'TemporaryTokenRevoked', {
        userId: users[0],
        reason: 'owner',
        expiresAt: iso(clock + choice * 10_000),
      });
      without(live.passes, pass);
    } else if (kind === 'session' && userId !== undefined) {
      const id = fresh('session');
      add(id, 'SessionOpened', {
        passId: pass ?? uuid('login', 1),
        userId,
        targetId: uuid('target', choice % 3),
        targetName: text,
        accountId: uuid('account', 0),
        accountName: text,
        entitlementId: uuid('entitlement', 0),
        protocol: 'ssh',
        source: '192.0.2.9',
        client: choice % 2 === 0 ? null : text,
        group: choice % 2 === 0 ? null : (live.sessions[0] ?? id),
        reason: choice % 3 === 0 ? null : text,
        recording: 'required',
        nodeId: uuid('node', 0),
        bootId: 'b',
      });
      live.sessions.push(id);
    } else if (kind === 'chunk' && session !== undefined) {
      add(session, 'RecordingChunkSealed', {
        chunk: 0,
        offset: 0,
        bytes: choice,
        sha256: 'e',
        fromMilliseconds: 0,
        toMilliseconds: 1,
      });
    } else if (kind === 'end' && session !== undefined) {
      add(session, 'SessionEnded', {
        userId: users[0],
        reason: 'idle',
        message: choice % 2 === 0 ? null : text,
        bytesReceived: choice,
        bytesSent: pick,
      });
      without(live.sessions, session);
    } else if (kind === 'factor' && userId !== undefined) {
      const id = fresh('factor');
      for (const { type, data } of factorSteps(userId, text, choice)) add(id, type, data);
    } else if (kind === 'log-in' && userId !== undefined) {
      const id = fresh('login');
      add(id, 'LoginOpened', {
        userId,
        authenticationId: uuid('authentication', 1),
        door: choice % 2 === 0 ? 'cli' : 'web',
        source: '192.0.2.9',
        factors: ['UP'],
        provider: choice % 2 === 0 ? 'local' : 'corp',
        identityId: choice % 2 === 0 ? null : (one(live.identities, choice)?.id ?? null),
        expiresAt: iso(clock + 43_200_000),
        idleMilliseconds: 900_000,
      });
      live.logins.push(id);
    } else if (kind === 'log-out') {
      const login = one(live.logins, pick);
      if (login === undefined) continue;
      add(login, 'LoginClosed', { reason: 'logout' });
      without(live.logins, login);
    } else if (kind === 'identity' && userId !== undefined) {
      identity(one(live.identities, pick), userId, choice);
    } else if (kind === 'other') {
      add(fresh('node'), 'NodeStarted', { bootId: 'b', version: '1' });
    }
  }
  return steps;
}
