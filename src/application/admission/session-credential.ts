import type { CredentialSpec, SshKeySpec } from '../../domain/credential/events.ts';
import type { AccountSpec } from '../../domain/target/events.ts';
import type { TargetId } from '../../domain/kernel/ids.ts';
import type { ReadModels } from '../ports/read-models.ts';
import type { SessionCredential } from './authorized-session.ts';

/** Why an account can't be logged in to: then nothing opens, whatever the entitlements say. */
export type MissingCredential = 'gone' | 'key-inactive' | 'key-of-other-targets';

export type FoundCredential =
  | { readonly credential: SessionCredential; readonly missing: null }
  | { readonly credential: null; readonly missing: MissingCredential };

/** Where the secret of an account is kept. An SSH key that names its devices is used at those alone. */
export function credentialOf(
  catalogue: ReadModels['targetCatalogue'],
  { credential, targetId }: Pick<AccountSpec, 'credential' | 'targetId'>,
): FoundCredential {
  const row = catalogue.get(credential.kind === 'password' ? credential.credentialId : credential.sshKeyId);
  if (row === undefined || row.withdrawn === 1) return { credential: null, missing: 'gone' };
  if (credential.kind === 'password') {
    const { secretId, certificate } = row.spec as unknown as CredentialSpec;
    return certificate === undefined
      ? { credential: { kind: 'password', secretId }, missing: null }
      : { credential: { kind: 'certificate', secretId, certificate }, missing: null };
  }
  const key = row.spec as unknown as SshKeySpec;
  if (key.status === 'inactive') return { credential: null, missing: 'key-inactive' };
  if (!isDevice(key, targetId)) return { credential: null, missing: 'key-of-other-targets' };
  return { credential: { kind: 'ssh-key', secretId: key.secretId }, missing: null };
}

function isDevice({ mainTargetId, targetIds }: SshKeySpec, targetId: TargetId): boolean {
  const devices = [...(mainTargetId === null ? [] : [mainTargetId]), ...targetIds];
  return devices.length === 0 || devices.includes(targetId);
}
