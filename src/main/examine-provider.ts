import { examineDirectory } from '../adapters/ldap/examine.ts';
import { examineOidc } from '../adapters/oidc/examine.ts';
import { examineSaml } from '../adapters/saml/examine.ts';
import { problem } from '../application/finding.ts';
import type { ExamineProvider } from '../application/ports/examine-provider.ts';
import type { ResolveTarget } from '../application/ports/system.ts';
import { ldapSettings, oidcSettings, samlSettings } from './make-provider.ts';

interface ExamineParts {
  /** As browsers know it; null: the web is off. */
  readonly publicUrl: string | null;
  readonly resolve: ResolveTarget;
}

/** Asks providers from this machine: for `doctor`, and for administrators at their screens. */
export function examineProvider({ publicUrl, resolve }: ExamineParts): ExamineProvider {
  const now = (): Date => new Date();
  return async (spec, secret, signal) => {
    const { connection } = spec;
    const asking = { resolve: endedBy(signal, resolve), now, signal };
    if (connection.type === 'ldap') return examineDirectory(ldapSettings(secret, spec, connection), asking);
    if (publicUrl === null)
      return [problem('redirect address', 'the web is off, so that no browser can come back', 'set listen.web')];
    if (connection.type === 'oidc') return examineOidc(oidcSettings(publicUrl, secret, spec, connection), asking);
    return examineSaml({ settings: samlSettings(publicUrl, spec, connection), ca: spec.ca, ...asking });
  };
}

/** Whatever is dialed is looked up first: once the signal has fired, neither is done. */
function endedBy(signal: AbortSignal, resolve: ResolveTarget): ResolveTarget {
  return async (host, port) => {
    signal.throwIfAborted();
    const place = await resolve(host, port);
    signal.throwIfAborted();
    return place;
  };
}
