import { createHmac } from 'node:crypto';
import type { NameKeys } from '../../application/ports/system.ts';

/** HMAC-SHA256 under the installation key over kind, NUL and canonical name. */
export function hmacNameKeys(installationKey: Uint8Array): NameKeys {
  return {
    nameKey: (kind, name) =>
      createHmac('sha256', installationKey)
        .update(`name\0${kind}\0${canonicalName(kind, name)}`)
        .digest('hex'),
  };
}

function canonicalName(kind: string, name: string): string {
  // Lower-casing can leave a text that is not in normal form, so it is normalised again.
  return kind === 'user' ? name.normalize('NFKC').toLowerCase().normalize('NFKC') : name.normalize('NFC');
}
