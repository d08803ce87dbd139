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

/** Applied by the installation itself, secrets too. */
export async function applyOwn(deps: ResourceDeps, nodeId: NodeId, documents: readonly Json[]): Promise<void> {
  const result = await applyResources(deps, { system: nodeId }, deps.yaml.print(documents), { setSecrets: true });
  if ('problems' in result) {
    const why = result.problems.map((problem) => problem.message).join('; ');
    throw new SallyportError('internal', 'first-start', `the first resources could not be made: ${why}`);
  }
}

/** The first administrator, named admin. */
export function createFirstAdmin(deps: ResourceDeps, nodeId: NodeId, password: string): Promise<void> {
  return applyOwn(deps, nodeId, [
    {
      apiVersion: 'sallyport/v1',
      kind: 'User',
      metadata: { name: 'admin' },
      spec: { roles: ['admin'], password },
    },
  ]);
}
