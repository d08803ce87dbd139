import { SallyportError } from '../../domain/kernel/errors.ts';
import { passwordProblem } from '../../domain/user/password-rules.ts';
import { keyAlgorithms, type KeyPair } from '../ports/key-pairs.ts';
import type { CheckedDocument, ResourceProblem, WriteOnly } from './check.ts';
import { readCredentialSecret, storedCertificate } from './credential-secret.ts';
import type { ResourceDeps } from './deps.ts';
import { kindRules } from './kind-rules.ts';
import type { Kind } from './kinds.ts';
import type { PlannedSecret } from './rules.ts';
import type { ResourceState } from './state.ts';

/** How the vault records begin that resources own; what begins so and is named by nothing is an orphan. */
export const secretPrefix: Readonly<Partial<Record<Kind, string>>> = {
  User: 'secret-user-',
  Credential: 'secret-credential-',
  SshKey: 'secret-sshkey-',
  IdentityProvider: 'secret-provider-',
};

export interface PreparedSecrets {
  /** By document number: what the plan may know. */
  readonly planned: ReadonlyMap<number, PlannedSecret>;
  /** Seals the secret of a document; durable once resolved. */
  seal(document: number): Promise<void>;
  readonly problems: readonly ResourceProblem[];
  readonly warnings: readonly string[];
}

/**
 * The write-only values that act: those of new things, of users who have no password yet, and with `setSecrets` all.
 * Key pairs are read or made here, since a plan names the public half; passwords are hashed when they are sealed.
 */
export async function prepareSecrets(
  deps: ResourceDeps,
  state: ResourceState,
  documents: readonly CheckedDocument[],
  writeOnly: ReadonlyMap<number, WriteOnly>,
  setSecrets: boolean,
): Promise<PreparedSecrets> {
  const planned = new Map<number, PlannedSecret>();
  const values = new Map<number, () => Promise<string>>();
  const problems: ResourceProblem[] = [];
  const warnings: string[] = [];
  for (const document of documents) {
    const given = writeOnly.get(document.document) ?? {};
    const standing = state.find(document.kind, document.name);
    const kept = standing === null ? null : kindRules[document.kind].secretOf(standing.spec);
    if (!document.hasWriteOnly || (kept !== null && !setSecrets)) continue;
    const secretId = `${secretPrefix[document.kind] ?? ''}${deps.tools.ids.uuid()}`;
    if (document.kind === 'SshKey') {
      const pair = await keyPairOf(deps, document, given, problems, warnings);
      if (pair === null) continue;
      planned.set(document.document, { secretId, publicKey: pair.publicKey });
      const { privateKey, passphrase } = pair;
      values.set(document.document, async () => JSON.stringify({ privateKey, passphrase }));
    } else if (document.kind === 'Credential') {
      const reading = readCredentialSecret(given, storedCertificate(document.spec.certificate));
      if (!reading.ok) {
        problems.push(document.problem(['spec', reading.field], reading.message));
        continue;
      }
      planned.set(document.document, { secretId, publicKey: null });
      values.set(document.document, async () => reading.value);
    } else if (document.kind === 'IdentityProvider') {
      const secret = given.clientSecret ?? given.bindPassword ?? '';
      planned.set(document.document, { secretId, publicKey: null });
      values.set(document.document, async () => secret);
    } else {
      const password = given.password ?? '';
      warnings.push(...weakPassword(document, password));
      planned.set(document.document, { secretId, publicKey: null });
      values.set(document.document, async () => deps.passwords.hash(password));
    }
  }
  return {
    planned,
    seal: async (document) => {
      const secret = planned.get(document);
      const value = await values.get(document)?.();
      if (secret === undefined || value === undefined) {
        throw new SallyportError('internal', 'no-secret', `document ${document} brings no secret`);
      }
      await deps.vault.put(secret.secretId, Buffer.from(value, 'utf8'));
    },
    problems,
    warnings,
  };
}

/** One text for every reason: which of them it is would tell the password, or nearly. */
function weakPassword({ name, spec }: CheckedDocument, password: string): string[] {
  const email = typeof spec.email === 'string' ? [spec.email] : [];
  if (passwordProblem(password, [name, ...email]) === null) return [];
  return [
    `User ${JSON.stringify(name)}: the password is set, but people may not choose such a one themselves: it is too short, among those that are guessed first, or the name or address of its owner; set another with \`apply --set-secrets\``,
  ];
}

async function keyPairOf(
  deps: ResourceDeps,
  document: CheckedDocument,
  given: WriteOnly,
  problems: ResourceProblem[],
  warnings: string[],
): Promise<KeyPair | null> {
  const algorithm = keyAlgorithms.find((known) => known === given.generate);
  if (algorithm !== undefined && (given.privateKey ?? given.passphrase) !== undefined) {
    problems.push(document.problem(['spec', 'generate'], 'cannot stand beside privateKey and passphrase'));
    return null;
  }
  if (algorithm !== undefined) return deps.keyPairs.generate(algorithm);
  const reading = deps.keyPairs.read(given.privateKey ?? '', given.passphrase ?? null);
  if (!reading.ok) {
    problems.push(document.problem(['spec', reading.field], reading.message));
    return null;
  }
  if (!reading.passphraseChecked) {
    warnings.push(
      `SshKey ${JSON.stringify(document.name)}: whether the passphrase fits shows at the first use of the key`,
    );
  }
  return reading.pair;
}
