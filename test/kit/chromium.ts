import { createHash, X509Certificate } from 'node:crypto';
import { connect } from 'node:tls';
import { once } from 'node:events';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

/** Debian's Chromium; it asks nobody but this machine. */
export async function startChromium(ports: readonly number[]): Promise<Browser> {
  const keys = await Promise.all(ports.map(keyHash));
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    headless: true,
    // Fields of dates are typed into in the order of the language that the machine speaks.
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
    args: [
      '--no-sandbox',
      '--disable-dev-shm-usage',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
      // These keys, and no others, count as certified: pages with a broken certificate may use no security key.
      `--ignore-certificate-errors-spki-list=${keys.join(',')}`,
    ],
  });
}

/** The certified key of the server at a port of this machine, as Chromium names it. */
async function keyHash(port: number): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port, servername: 'localhost', rejectUnauthorized: false });
  try {
    await once(socket, 'secureConnect');
    const certificate = new X509Certificate(socket.getPeerCertificate(true).raw);
    return createHash('sha256')
      .update(certificate.publicKey.export({ type: 'spki', format: 'der' }))
      .digest('base64');
  } finally {
    socket.destroy();
  }
}

/** A security key in the machine of this page: it is touched and unlocked by itself (WebAuthn Level 3, section 11). */
export async function virtualAuthenticator(context: BrowserContext, page: Page): Promise<void> {
  const session = await context.newCDPSession(page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}
