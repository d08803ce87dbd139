import { isStreamIdOf, type TargetId } from '../../domain/kernel/ids.ts';
import { visibleText } from '../../domain/kernel/visible-text.ts';
import { targetDecider } from '../../domain/target/decider.ts';
import type { TargetScanned, TargetSpec } from '../../domain/target/events.ts';
import { runCommand } from '../commands/run-command.ts';
import type { Refused, TargetScan } from '../ports/application-face.ts';
import type { ScanCertificate } from '../ports/certificate-scan.ts';
import type { ScanHostKeys } from '../ports/host-key-scan.ts';
import { applyResources } from '../resources/apply.ts';
import { mustAdminister, newContext, type ResourceDeps, type ResourceViewer } from '../resources/deps.ts';
import { getResources } from '../resources/get.ts';
import { readState } from '../resources/state.ts';
import type { Seen } from './seen.ts';
import { seenCertificate } from './seen-certificate.ts';
import { seenHostKeys } from './seen-host-keys.ts';

export interface TargetScanners {
  readonly hostKeys: ScanHostKeys;
  /** Of PostgreSQL targets. */
  readonly postgres: ScanCertificate;
}

export interface ScanTools {
  readonly resources: ResourceDeps;
  readonly scanners: TargetScanners;
}

const refused = (code: string, message: string): Refused => ({ ok: false, errors: [{ code, message }] });

/**
 * The system's own access to a target: fetches its host keys or its certificate without logging in, and notes that as
 * `TargetScanned`. What is in `confirm` (fingerprints that the administrator has compared) is then applied to the
 * target's trust as any other apply; a fingerprint that the target does not show now confirms nothing. Errors: `denied`;
 * those of apply.
 */
export async function scanTarget(
  { resources, scanners }: ScanTools,
  viewer: ResourceViewer,
  name: string,
  confirm: readonly string[],
): Promise<{ readonly ok: true; readonly scan: TargetScan } | Refused> {
  mustAdminister(viewer);
  const standing = (await readState(resources)).find('Target', name.normalize('NFC'));
  if (standing === null || !isStreamIdOf('target', standing.id)) {
    return refused('absent', `there is no Target "${visibleText(name)}"; \`sallyport get Target\` shows them`);
  }
  const target = standing.spec as TargetSpec;
  const { protocol, trust } = target;
  const seen = await look(scanners, target);
  if (seen === null) {
    return refused('not-scannable', `${name} speaks ${protocol}: only ssh and postgres targets can be scanned`);
  }
  const noted = await note(resources, viewer, standing.id, seen.noted);
  if (noted !== null) return noted;
  const wrong = confirm.find((fingerprint) => !seen.shows(fingerprint));
  if (wrong !== undefined) {
    const text = `${name} does not show ${visibleText(wrong.slice(0, 100))} now, so nothing was confirmed`;
    return refused('not-offered', seen.error === null ? text : `${text}: ${seen.error}`);
  }

  const [resource] = await getResources(resources, viewer, 'Target', name);
  if (resource === undefined) return refused('absent', `the Target "${visibleText(name)}" was deleted meanwhile`);
  const trusting = (fingerprints: readonly string[] | null) => {
    const { tls, ...keys } = seen.trustWith(trust, fingerprints);
    const shown = tls === undefined ? keys : { ...keys, tls: { ...tls } };
    return { ...resource, spec: { ...resource.spec, trust: { ...shown } } };
  };
  if (confirm.length > 0) {
    const document = JSON.stringify(trusting(confirm));
    const applied = await applyResources(resources, viewer, document, { setSecrets: false });
    if ('problems' in applied) {
      return { ok: false, errors: applied.problems.map(({ message }) => ({ code: 'invalid-resource', message })) };
    }
  }
  const now = confirm.length === 0 ? trust : seen.trustWith(trust, confirm);
  const { error } = seen;
  return {
    ok: true,
    scan: { target: name, ...seen.judged(now), error, confirmed: [...confirm], resource: trusting(null) },
  };
}

async function look({ hostKeys, postgres }: TargetScanners, target: TargetSpec): Promise<Seen | null> {
  if (target.protocol === 'ssh') return seenHostKeys(await hostKeys(target.host, target.port));
  if (target.protocol === 'postgres') return seenCertificate(await postgres(target));
  return null;
}

async function note(
  deps: ResourceDeps,
  viewer: ResourceViewer,
  id: TargetId,
  scanned: TargetScanned['data'],
): Promise<Refused | null> {
  const command = { type: 'note-scan', ...scanned } as const;
  const result = await runCommand(deps.tools, targetDecider, id, newContext(deps, viewer), command);
  return result.ok ? null : refused(result.rejection.code, result.rejection.message);
}
