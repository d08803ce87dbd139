import type { TLSSocket } from 'node:tls';
import type { CertificateScan, ScanCertificate, ScannedPlace } from '../../application/ports/certificate-scan.ts';
import type { ResolveTarget } from '../../application/ports/system.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import { certificateProblem, describeCertificate } from '../kit/certificate-trust.ts';
import { addressOf } from '../kit/target-address.ts';
import { inTime } from './target-deadline.ts';
import { shakeHands } from './target-tls.ts';

export interface CertificateScanOptions {
  readonly resolve: ResolveTarget;
  /** For the whole scan. */
  readonly scanMilliseconds?: number;
}

/** Shows the certificate of a PostgreSQL server: SSLRequest and a TLS handshake, and nothing more. */
export function certificateScan({ resolve, scanMilliseconds = 15_000 }: CertificateScanOptions): ScanCertificate {
  return async (place) => {
    try {
      const address = await addressOf(place.host, place.port, resolve);
      return await inTime(place, scanMilliseconds, async (deadline) => {
        const socket = await shakeHands(place, address, null, deadline);
        const scan = shown(socket, place);
        await leave(socket);
        return scan;
      });
    } catch (error) {
      // What stands in a SallyportError is ours, and for administrators too; nothing of what a peer wrote is in it.
      return {
        offered: null,
        error: error instanceof SallyportError ? error.message : `${place.name} cannot be scanned`,
      };
    }
  };
}

function shown(socket: TLSSocket, { trust }: ScannedPlace): CertificateScan {
  const { raw } = socket.getPeerCertificate();
  const problem = certificateProblem(socket, trust?.tls, raw);
  return { offered: { ...describeCertificate(raw), problem }, error: null };
}

/** Ends TLS properly, so that the server's log holds no complaint; what it has to say then is not listened to. */
async function leave(socket: TLSSocket): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  socket.once('close', () => resolve(undefined));
  socket.destroySoon();
  await promise;
}
