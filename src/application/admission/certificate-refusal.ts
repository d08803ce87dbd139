import { SallyportError } from '../../domain/kernel/errors.ts';
import type { ShownCertificate } from '../../domain/kernel/shown-certificate.ts';

/** The target showed a certificate that is not trusted. Thrown by target legs before anything of the login is sent. */
export class CertificateRefused extends SallyportError {
  readonly offered: ShownCertificate;
  /** Why, for the administrator. */
  readonly problem: string;

  constructor(targetName: string, offered: ShownCertificate, problem: string) {
    super(
      'denied',
      'target-certificate-refused',
      `${targetName} shows a certificate that is not trusted: an administrator compares it and confirms it with "sallyport target scan ${targetName}"`,
    );
    this.offered = offered;
    this.problem = problem;
  }
}
