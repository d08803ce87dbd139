import { isStreamIdOf, type TargetId } from '../../domain/kernel/ids.ts';
import { visibleText } from '../../domain/kernel/visible-text.ts';
import { targetDecider } from '../../domain/target/decider.ts';
import type { TargetSpec, TargetTrust } from '../../domain/target/events.ts';
import { runCommand } from '../commands/run-command.ts';
import type { Refused, TargetScan } from '../ports/application-face.ts';
import type { OfferedHostKey, ScanHostKeys } from '../ports/host-key-scan.ts';
import { applyResources } from '../resources/apply.ts';
import { mustAdminister, newContext, type ResourceDeps, type ResourceViewer } from '../resources/deps.ts';
import { getResources } from '../resources/get.ts';
import { readState } from '../resources/state.ts';

export interface ScanTools {
  readonly resources: ResourceDeps;
  readonly scanHostKeys: ScanHostKeys;
}

const refused = (code: string, message: string): Refused => ({ ok: false, errors: [{ code, message }] });

/**
 * The system's own access to a target: fetches its host keys without logging in, and notes that as `TargetScanned`.
 * What is in `confirm` (fingerprints that the administrator has compared) is then applied to the target's trust as any
 * other apply; a fingerprint that the target does not show now confirms nothing. Errors: `denied`; those of apply.
 */
export async function scanTarget(
  { resources, scanHostKeys }: ScanTools,
  viewer: ResourceViewer,
  name: string,
  confirm: readonly string[],
): Promise<{ readonly ok: true; readonly scan: TargetScan } | Refused> {
  mustAdminister(viewer);
  const standing = (await readState(resources)).find('Target', name.normalize('NFC'));
  if (standing === null || !isStreamIdOf('target', standing.id)) {
    return refused('absent', `there is no Target "${visibleText(name)}"; \`sallyport get Target\` shows them`);
  }
  const { protocol, host, port, trust } = standing.spec as TargetSpec;
  if (protocol !== 'ssh') return refused('no-host-keys', `${name} speaks ${protocol}: only SSH has host keys to scan`);

  const { offered, error } = await scanHostKeys(host, port);
  const noted = await note(resources, viewer, standing.id, offered, error);
  if (noted !== null) return noted;
  const wrong = confirm.find((fingerprint) => !offered.some((key) => shows(key, fingerprint)));
  if (wrong !== undefined) {
    const text = `${name} does not show ${visibleText(wrong.slice(0, 80))} now, so nothing was confirmed`;
    return refused('not-offered', error === null ? text : `${text}: ${error}`);
  }

  const [resource] = await getResources(resources, viewer, 'Target', name);
  if (resource === undefined) return refused('absent', `the Target "${visibleText(name)}" was deleted meanwhile`);
  const withKeys = (keys: readonly OfferedHostKey[], fingerprints: readonly string[] | null) => ({
    ...resource,
    spec: { ...resource.spec, trust: { ...trustWith(trust, keys, fingerprints) } },
  });
  if (confirm.length > 0) {
    const document = JSON.stringify(withKeys(offered, confirm));
    const applied = await applyResources(resources, viewer, document, { setSecrets: false });
    if ('problems' in applied) {
      return { ok: false, errors: applied.problems.map(({ message }) => ({ code: 'invalid-resource', message })) };
    }
  }
  const now = confirm.length === 0 ? trust : trustWith(trust, offered, confirm);
  const keys = offered.map((key) => ({ ...key, trusted: isTrusted(key, now) }));
  return { ok: true, scan: { target: name, keys, error, confirmed: [...confirm], resource: withKeys(offered, null) } };
}

async function note(
  deps: ResourceDeps,
  viewer: ResourceViewer,
  id: TargetId,
  offered: readonly OfferedHostKey[],
  error: string | null,
): Promise<Refused | null> {
  const scanned = offered.map(({ line, authority }) => ({ key: line, authority: authority?.line ?? null }));
  const command = { type: 'note-scan', offered: scanned, error } as const;
  const result = await runCommand(deps.tools, targetDecider, id, newContext(deps, viewer), command);
  return result.ok ? null : refused(result.rejection.code, result.rejection.message);
}

function shows({ fingerprint, authority }: OfferedHostKey, wanted: string): boolean {
  return authority === null ? fingerprint === wanted : authority.fingerprint === wanted && authority.problem === null;
}

/** The trust with all keys (not CAs) that were offered, or with what has one of these fingerprints. */
function trustWith(
  trust: TargetTrust | null,
  offered: readonly OfferedHostKey[],
  fingerprints: readonly string[] | null,
): Omit<TargetTrust, 'tls'> {
  const chosen = (key: OfferedHostKey): boolean => fingerprints?.some((wanted) => shows(key, wanted)) ?? true;
  const keys = offered.filter((key) => key.authority === null && chosen(key)).map(({ line }) => line);
  const cas = offered.flatMap((key) =>
    fingerprints !== null && key.authority !== null && chosen(key) ? [key.authority.line] : [],
  );
  const hostKeys = [...new Set([...(trust?.hostKeys ?? []), ...keys])];
  const hostCa = [...new Set([...(trust?.hostCa ?? []), ...cas])];
  return { ...(hostKeys.length === 0 ? {} : { hostKeys }), ...(hostCa.length === 0 ? {} : { hostCa }) };
}

function isTrusted({ line, authority }: OfferedHostKey, trust: TargetTrust | null): boolean {
  if (trust?.hostKeys?.includes(line) === true) return true;
  return authority !== null && authority.problem === null && trust?.hostCa?.includes(authority.line) === true;
}
