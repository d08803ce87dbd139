import { SallyportError } from '../../domain/kernel/errors.ts';

/** The target showed a host key that is not trusted. Thrown by target legs before any credential is sent. */
export class HostKeyRefused extends SallyportError {
  /** Line of an OpenSSH public key or host certificate, without comment. */
  readonly offered: string;
  /** Lines of public keys; those of CAs begin with `@cert-authority`. */
  readonly trusted: readonly string[];
  /** What is wrong with a certificate; null for a key. */
  readonly problem: string | null;

  constructor(targetName: string, offered: string, trusted: readonly string[], problem: string | null) {
    super(
      'denied',
      'target-host-key-refused',
      `${targetName} shows a host key that is not trusted: an administrator confirms it with "sallyport target scan ${targetName}"`,
    );
    this.offered = offered;
    this.trusted = trusted;
    this.problem = problem;
  }
}
