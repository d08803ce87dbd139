import type { Issuer } from './build-certificate.ts';
import { isDue, issueServerCertificate, type ServerCertificate, type ServerNames } from './server-certificate.ts';

const checkEvery = 3_600_000;

/**
 * A server certificate that is renewed in time, without a restart. It lives in memory only: each start makes a new one,
 * so that no server key lies on the disk and a change of names needs nothing but a start.
 */
export async function keepServerCertificate(options: {
  readonly authority: Issuer;
  readonly names: ServerNames;
  readonly now: () => Date;
  readonly onRenewed: (certificate: ServerCertificate) => void;
  readonly onWarning: (message: string, error: unknown) => void;
}): Promise<{ readonly certificate: ServerCertificate; stop(): void }> {
  const { authority, names, now } = options;
  let certificate = await issueServerCertificate(authority, names, now());
  const renew = async (): Promise<void> => {
    if (!isDue(certificate, now())) return;
    const renewed = await issueServerCertificate(authority, names, now());
    options.onRenewed(renewed);
    certificate = renewed;
  };
  const timer = setInterval(() => {
    renew().catch((error: unknown) =>
      options.onWarning('the server certificate could not be renewed; it is tried again in an hour', error),
    );
  }, checkEvery);
  timer.unref();
  return { certificate, stop: () => clearInterval(timer) };
}
