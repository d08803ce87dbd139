import type { Vault } from '../../application/ports/vault.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';

/** The content of a record, or undefined when there is none. */
export async function openIfThere(vault: Vault, recordId: string): Promise<Uint8Array | undefined> {
  try {
    return await vault.open(recordId);
  } catch (error) {
    if (error instanceof SallyportError && error.kind === 'absent') return undefined;
    throw error;
  }
}

/** Stores a text; false when the record was there already. */
export async function putOnce(vault: Vault, recordId: string, text: string): Promise<boolean> {
  try {
    await vault.put(recordId, Buffer.from(text, 'utf8'));
    return true;
  } catch (error) {
    if (error instanceof SallyportError && error.kind === 'conflict') return false;
    throw error;
  }
}
