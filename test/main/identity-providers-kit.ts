import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { targetResolver } from '../../src/adapters/system/own-addresses.ts';
import type { ResolveTarget } from '../../src/application/ports/system.ts';
import { type Applied, applyResources } from '../../src/application/resources/apply.ts';
import { deleteResource } from '../../src/application/resources/delete.ts';
import { getResources } from '../../src/application/resources/get.ts';
import { type OpenIdentityProviders, openIdentityProviders } from '../../src/main/identity-providers.ts';
import { providerChecks } from '../../src/main/provider-checks.ts';
import { openNode } from '../application/admission/node-rig.ts';
import { tempDir } from '../kit/temp-dir.ts';

export const publicUrl = 'https://sallyport.example';

/** The IdentityProviders of one node with real log, views and vault, set up by YAML. */
export async function providersRig(
  ownPorts: readonly number[] = [],
  resolve: ResolveTarget = targetResolver(ownPorts),
) {
  let answers = true;
  const resolveOrNot: ResolveTarget = (host, port) =>
    answers ? resolve(host, port) : Promise.reject(new Error('no such name'));
  const folder = join(tempDir(), 'data');
  const node = await openNode(folder, 'one');
  const warnings: string[] = [];
  const processLog = { info: () => {}, warn: (message: string) => void warnings.push(message), error: () => {} };
  const opened: OpenIdentityProviders[] = [];
  const open = async (): Promise<OpenIdentityProviders> => {
    const { log } = node.tools;
    const { vault } = node.custody;
    const providers = await openIdentityProviders({
      log,
      views: node.views,
      vault,
      resolve: resolveOrNot,
      publicUrl,
      processLog,
    });
    opened.push(providers);
    return providers;
  };
  onTestFinished(async () => {
    for (const providers of opened) await providers.close();
    await node.close();
  });
  const resources = { ...node.resources, providerChecks: providerChecks(resolve) };
  const system = { system: null };
  return {
    node,
    folder,
    warnings,
    providers: await open(),
    /** As after a restart: nothing of the first ones is in memory. */
    reopened: open,
    /** From now on no name leads anywhere. */
    nobodyAnswers: () => {
      answers = false;
    },
    apply: (yaml: string, setSecrets = false): Promise<Applied> =>
      applyResources(resources, system, yaml, { setSecrets }),
    async applied(yaml: string, setSecrets = false): Promise<readonly string[]> {
      const applied = await applyResources(resources, system, yaml, { setSecrets });
      if ('problems' in applied) throw new Error(applied.problems.map(({ message }) => message).join('; '));
      return applied.changes.map(({ outcome }) => outcome);
    },
    async problems(yaml: string): Promise<readonly string[]> {
      const applied = await applyResources(resources, system, yaml, { setSecrets: false });
      if (!('problems' in applied)) throw new Error('was taken');
      return applied.problems.map(({ message }) => message);
    },
    get: (name: string) => getResources(resources, system, 'IdentityProvider', name),
    remove: (name: string) => deleteResource(resources, system, 'IdentityProvider', name),
  };
}
