import { SallyportError } from '../../domain/kernel/errors.ts';

/** The target showed a host key that is not trusted. Thrown by target legs before any credential is sent. */
export class HostKeyRefused extends SallyportError {
  /** OpenSSH public key line, without comment. */
  readonly offered: string;
  readonly trusted: readonly string[];

  constructor(offered: string, trusted: readonly string[]) {
    super(
      'denied',
      'target-host-key-refused',
      'the target shows a host key that is not trusted; an administrator confirms it in trust.hostKeys',
    );
    this.offered = offered;
    this.trusted = trusted;
  }
}

/** What the audit keeps of it; null for any other error. */
export function hostKeyRefusal(
  error: unknown,
): { readonly offered: string; readonly trusted: readonly string[] } | null {
  return error instanceof HostKeyRefused ? { offered: error.offered, trusted: error.trusted } : null;
}
