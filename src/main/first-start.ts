import { randomBytes } from 'node:crypto';
import { applyResources } from '../application/resources/apply.ts';
import type { ResourceDeps } from '../application/resources/deps.ts';
import { SallyportError } from '../domain/kernel/errors.ts';
import type { Json } from '../domain/kernel/json.ts';
import type { NodeId } from '../domain/kernel/ids.ts';

/** A password that people can type: 20 letters and digits that are not mistaken for others, about 116 bits. */
export function drawPassword(): string {
  const alphabet = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
  let password = '';
  while (password.length < 20) {
    for (const byte of randomBytes(32)) {
      if (byte < 256 - (256 % alphabet.length) && password.length < 20)
        password += alphabet[byte % alphabet.length] ?? '';
    }
  }
  return password;
}

async function apply(deps: ResourceDeps, nodeId: NodeId, documents: readonly Json[]): Promise<void> {
  const result = await applyResources(deps, { system: nodeId }, deps.yaml.print(documents), { setSecrets: true });
  if ('problems' in result) {
    const why = result.problems.map((problem) => problem.message).join('; ');
    throw new SallyportError('internal', 'first-start', `the first resources could not be made: ${why}`);
  }
}

/** The first administrator, named admin. */
export function createFirstAdmin(deps: ResourceDeps, nodeId: NodeId, password: string): Promise<void> {
  return apply(deps, nodeId, [
    {
      apiVersion: 'sallyport/v1',
      kind: 'User',
      metadata: { name: 'admin' },
      spec: { roles: ['admin'], password },
    },
  ]);
}

export interface DemoHost {
  readonly port: number;
  readonly hostKey: string;
  readonly username: string;
  readonly password: string;
}

/**
 * The demo (CONTRACT section 1): a shell host inside this process, an account on it, and an entitlement for everybody who
 * is an administrator or in the group demo. Applied at every start, since the host's port and password are new each time.
 */
export function declareDemo(deps: ResourceDeps, nodeId: NodeId, host: DemoHost): Promise<void> {
  const resource = (kind: string, name: string, spec: Json): Json => ({
    apiVersion: 'sallyport/v1',
    kind,
    metadata: { name, labels: { demo: 'true' } },
    spec,
  });
  return apply(deps, nodeId, [
    resource('Target', 'demo-shell', {
      protocol: 'ssh',
      address: `127.0.0.1:${String(host.port)}`,
      trust: { hostKeys: [host.hostKey] },
    }),
    resource('Credential', 'demo-shell', { password: host.password }),
    resource('Account', 'demo-shell', {
      target: 'demo-shell',
      username: host.username,
      credential: { password: 'demo-shell' },
    }),
    resource('Entitlement', 'demo', { access: { targets: ['demo-shell'] }, recording: 'required' }),
    resource('Policy', 'demo', {
      assign: 'claims.user.username == "admin" || "demo" in claims.user.groups',
      entitlements: ['demo'],
    }),
  ]);
}
