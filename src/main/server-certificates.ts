import { chmodSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { keepServerCertificate } from '../adapters/certificates/keep-certificate.ts';
import { namesOf } from '../adapters/certificates/server-certificate.ts';
import { SallyportError } from '../domain/kernel/errors.ts';
import { type Config, listSetting } from './config.ts';
import { openAuthority } from './custody.ts';
import type { Installation } from './installation.ts';

/** PEM. */
export interface Tls {
  readonly key: string;
  readonly cert: string;
}

/** The certificate that the doors show: the given one, or one of the own CA that is renewed in time. */
export interface ServerCertificates {
  readonly current: Tls;
  /** PEM of the own CA, where it is what clients have to trust; null: the certificate was given. */
  readonly ca: string | null;
  /** Called with each new one. */
  onRenewed(listener: (tls: Tls) => void): void;
  stop(): void;
}

/** Also opens the CA and makes `ca.pem` readable for everybody. */
export async function serverCertificates(
  { custody, processLog }: Installation,
  config: Config,
  dataFolder: string,
): Promise<ServerCertificates> {
  const authority = await openAuthority(dataFolder, custody);
  chmodSync(join(dataFolder, 'ca.pem'), 0o644);
  const given = givenCertificate(config);
  const listeners: ((tls: Tls) => void)[] = [];
  const onRenewed = (listener: (tls: Tls) => void): void => void listeners.push(listener);
  if (given !== null) return { current: given, ca: null, onRenewed, stop: () => undefined };
  const kept = await keepServerCertificate({
    authority,
    names: namesOf(hostname(), listSetting(config, 'publicNames')),
    now: () => new Date(),
    onRenewed: (certificate) => {
      for (const listener of listeners) listener(certificate);
    },
    onWarning: (message, error) => processLog.warn(message, { error: String(error) }),
  });
  return {
    get current() {
      return kept.certificate;
    },
    ca: readFileSync(join(dataFolder, 'ca.pem'), 'utf8'),
    onRenewed,
    stop: () => kept.stop(),
  };
}

function givenCertificate(config: Config): Tls | null {
  const certificate = config.get('tls.certificate');
  const key = config.get('tls.key');
  if (certificate === undefined && key === undefined) return null;
  if (certificate === undefined || key === undefined) {
    throw new SallyportError(
      'invalid',
      'half-certificate',
      'tls.certificate and tls.key go together; set both or none',
    );
  }
  try {
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(certificate, 'utf8') };
  } catch (error) {
    throw new SallyportError(
      'invalid',
      'certificate-file',
      `tls.certificate or tls.key cannot be read: ${String(error)}`,
    );
  }
}
