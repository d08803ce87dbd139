import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { admit, type AdmitTools } from '../../../src/application/admission/admit.ts';
import type { Admission, AdmissionRequest, VerifiedPass } from '../../../src/application/admission/door.ts';
import { StreamWriter } from '../../../src/application/commands/run-command.ts';
import type { Viewer } from '../../../src/application/ports/application-face.ts';
import type { Clock } from '../../../src/application/ports/system.ts';
import { applyResources } from '../../../src/application/resources/apply.ts';
import { deleteResource } from '../../../src/application/resources/delete.ts';
import type { Kind } from '../../../src/application/resources/kinds.ts';
import { SallyportError } from '../../../src/domain/kernel/errors.ts';
import type { StoredEvent } from '../../../src/domain/kernel/event.ts';
import { type PassId, type StreamId, streamId, type TokenId, type UserId } from '../../../src/domain/kernel/ids.ts';
import type { SessionEndReason } from '../../../src/domain/session/events.ts';
import { tokenDecider } from '../../../src/domain/token/decider.ts';
import type { PassScope } from '../../../src/domain/kernel/pass.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { type NodeRig, openNode, openToAll } from '../admission/node-rig.ts';

/** One node with alice, a target `box` and a policy that lets everybody in. */
export interface House {
  readonly node: NodeRig;
  readonly alice: UserId;
  apply(yaml: string): Promise<void>;
  remove(kind: Kind, name: string): Promise<void>;
  token(scope?: Partial<PassScope>, ttlMilliseconds?: number): Promise<TokenId>;
  revoke(tokenId: TokenId): Promise<void>;
  /** As another process does it: past the queue of this one. */
  revokeElsewhere(tokenId: TokenId): Promise<void>;
  viewer(over?: Partial<Viewer>): Viewer;
  events(type: string): Promise<readonly StoredEvent[]>;
  types(stream: StreamId): Promise<readonly string[]>;
}

export async function openHouse(clock?: Clock): Promise<House> {
  const node = await openNode(join(tempDir(), 'data'), 'one', clock);
  onTestFinished(() => node.close());
  const { tools } = node;
  const apply = async (yaml: string): Promise<void> => {
    const applied = await applyResources(node.resources, { system: null }, yaml, { setSecrets: false });
    if ('problems' in applied) throw new Error(applied.problems.map(({ message }) => message).join('; '));
  };
  await apply(openToAll);
  const alice = node.views.directory.find({ where: { kind: 'user' }, limit: 1 })[0]?.id as UserId;
  const context = () => ({
    actor: { kind: 'user' as const, userId: alice },
    correlationId: tools.ids.uuid(),
    causationId: null,
  });
  return {
    node,
    alice,
    apply,
    remove: async (kind, name) => {
      const deleted = await deleteResource(node.resources, { system: null }, kind, name);
      if (!deleted.ok) throw new Error(deleted.message);
    },
    token: async (scope = {}, ttlMilliseconds = 3_600_000) => {
      const tokenId = streamId('token', tools.ids.uuid());
      await new StreamWriter(tools, tokenDecider, tokenId).run(context(), (at) => ({
        type: 'issue',
        token: {
          userId: alice,
          loginId: streamId('login', tools.ids.uuid()),
          scope: { protocols: null, targetId: null, ...scope },
        },
        ttlMilliseconds,
        at,
      }));
      return tokenId;
    },
    revoke: async (tokenId) => {
      const command = (at: string) => ({ type: 'revoke' as const, reason: 'owner' as const, at });
      await new StreamWriter(tools, tokenDecider, tokenId).run(context(), command);
    },
    revokeElsewhere: async (tokenId) => {
      const history = await tools.log.readStream(tokenId);
      const { expiresAt } = history[0]?.data as { readonly expiresAt: string };
      const data = { userId: alice, reason: 'owner', expiresAt };
      const metadata = { at: await tools.now(), ...context() };
      const revoked = { id: tools.ids.uuid(), type: 'TemporaryTokenRevoked', data, metadata };
      await tools.log.append(tokenId, history.length, [revoked]);
    },
    viewer: (over = {}) => ({
      loginId: streamId('login', tools.ids.uuid()),
      userId: alice,
      userName: 'alice',
      permissions: ['self'],
      roles: [],
      expiresAt: '2099-01-01T00:00:00.000Z',
      ...over,
    }),
    events: (type) => tools.log.readAll({ after: null, limit: 10_000, filter: { types: [type] } }),
    types: async (stream) => (await tools.log.readStream(stream)).map((event) => event.type),
  };
}

export interface Told {
  readonly reason: SessionEndReason;
  readonly message: string;
}

/** Asks for alice's way to `box`; `told` and `notices` fill with what the proxy is told. */
export function ask(
  house: House,
  passId: PassId,
  over: Partial<AdmissionRequest> = {},
  deps: AdmitTools = house.node.admission,
): { readonly admission: Promise<Admission>; readonly told: readonly Told[]; readonly notices: readonly string[] } {
  const told: Told[] = [];
  const notices: string[] = [];
  const pass = { passId, userId: house.alice, userName: 'alice' } as VerifiedPass;
  const destination = { target: 'box', account: null };
  const request = {
    pass,
    protocol: 'ssh' as const,
    destination,
    source: '127.0.0.1',
    client: null,
    reason: '',
    ...over,
  };
  const admission = admit(
    deps,
    request,
    (reason, message) => told.push({ reason, message }),
    (message) => notices.push(message),
  );
  return { admission, told, notices };
}

export const down = (): SallyportError => new SallyportError('unavailable', 'log-unavailable', 'it is down');

type Replacements<T> = { readonly [K in keyof T]?: T[K] };

/** The real part with some of its functions replaced. */
export function instead<T extends object>(part: T, replaced: Replacements<T>): T {
  return new Proxy(part, {
    get: (target, name) => {
      if (Object.hasOwn(replaced, name)) return Reflect.get(replaced, name) as unknown;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
