import { randomBytes } from 'node:crypto';
import type { Vault } from '../../application/ports/vault.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';

export interface InstallationKeys {
  /** The key of that name, made by `make` and stored durably at the first call; all processes get the same one. */
  sealedKey(name: string, make: () => Uint8Array): Promise<Uint8Array>;
}

/** Keys of the installation itself, in custody as `key/<name>`: log signing, CA, and `installation` for HMACs. */
export function installationKeys(vault: Vault): InstallationKeys {
  return {
    async sealedKey(name, make) {
      const id = `key/${name}`;
      try {
        return await vault.open(id);
      } catch (error) {
        if (!isKind(error, 'absent')) throw error;
      }
      try {
        await vault.put(id, make());
      } catch (error) {
        if (!isKind(error, 'conflict')) throw error;
      }
      return vault.open(id);
    },
  };
}

/** The HMAC key of the installation: 32 random bytes. */
export async function installationHmacKey(keys: InstallationKeys): Promise<Uint8Array> {
  return keys.sealedKey('installation', () => randomBytes(32));
}

function isKind(error: unknown, kind: SallyportError['kind']): boolean {
  return error instanceof SallyportError && error.kind === kind;
}
