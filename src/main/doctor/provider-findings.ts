import { existsSync } from 'node:fs';
import { eventsOfCategory } from '../../adapters/sqlite/declared-events.ts';
import { logFile } from '../../adapters/sqlite/log-schema.ts';
import { targetResolver } from '../../adapters/system/own-addresses.ts';
import { openFileVault } from '../../adapters/vault/file-vault.ts';
import { loadMasterKey } from '../../adapters/vault/master-key.ts';
import { eventCatalogue } from '../../application/event-catalogue.ts';
import { type Finding, ok, problem, warning } from '../../application/finding.ts';
import type { ExamineProvider } from '../../application/ports/examine-provider.ts';
import type { Vault } from '../../application/ports/vault.ts';
import { fold } from '../../domain/kernel/decider.ts';
import { identityProviderDecider } from '../../domain/provider/decider.ts';
import type { IdentityProviderEvent, IdentityProviderSpec } from '../../domain/provider/events.ts';
import type { Config } from '../config.ts';
import { logFolder } from '../custody.ts';
import { ownerOf } from '../data-folder.ts';
import { readDoors } from '../doors.ts';
import { examineProvider } from '../examine-provider.ts';
import { secretOf } from '../make-provider.ts';
import { ownPorts } from '../own-ports.ts';
import { publicUrl } from '../public-url.ts';

/** What is wrong with each identity provider, asked from this machine with what is in custody. Changes nothing. */
export async function checkProviders(dataFolder: string, config: Config | null): Promise<readonly Finding[]> {
  const folder = logFolder(dataFolder);
  if (config === null || !existsSync(logFile(folder))) return [];
  const specs = declared(folder);
  if (specs.length === 0) return [];
  const vault = openFileVault(dataFolder, loadMasterKey(dataFolder, config.get('master.key')));
  const web = webAddress(dataFolder, config);
  const examine = examineProvider({ publicUrl: web, resolve: targetResolver(ownPorts(config)) });
  const findings = await Promise.all(specs.map(async (spec) => await findingsOf(spec, { vault, examine })));
  return [...ownAddress(web, specs), ...findings.flat()];
}

/** Of the process that runs, which may have been started with settings that this shell does not have. */
function webAddress(dataFolder: string, config: Config): string | null {
  const running = ownerOf(dataFolder) === null ? undefined : readDoors(dataFolder);
  return running === undefined ? publicUrl(config) : running.publicUrl;
}

/** For all that is asked of one provider. */
const longestMilliseconds = 120_000;

interface Tools {
  readonly vault: Vault;
  readonly examine: ExamineProvider;
}

async function findingsOf(spec: IdentityProviderSpec, { vault, examine }: Tools): Promise<readonly Finding[]> {
  const who = `provider ${spec.name}`;
  if (spec.disabled) return [ok(who, 'is disabled')];
  try {
    const found = await examine(spec, await secretOf(vault, spec), AbortSignal.timeout(longestMilliseconds));
    return found.map((each) => ({ ...each, check: `${who}, ${each.check}` }));
  } catch (error) {
    return [problem(who, (error as Error).message, 'apply the IdentityProvider again with --set-secrets')];
  }
}

/** An address that only this machine understands brings nobody else back. */
function ownAddress(web: string | null, specs: readonly IdentityProviderSpec[]): readonly Finding[] {
  if (web === null || specs.every(({ connection }) => connection.type === 'ldap')) return [];
  if (!/^https:\/\/(?:localhost|127\.|\[::1\])/.test(web)) return [ok('public address', web)];
  return [
    warning(
      'public address',
      `providers send browsers back to ${web}, which is this machine alone`,
      'set publicNames or publicUrl to the name people have for it',
    ),
  ];
}

function declared(folder: string): readonly IdentityProviderSpec[] {
  const events = eventsOfCategory(folder, eventCatalogue, 'provider');
  const streams = Map.groupBy(events, ({ stream }) => stream);
  return [...streams.values()].flatMap((each) => {
    const state = fold(identityProviderDecider, each as unknown as readonly IdentityProviderEvent[]);
    return state.status === 'declared' ? [state.spec] : [];
  });
}
