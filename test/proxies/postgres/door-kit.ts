import { randomBytes } from 'node:crypto';
import { onTestFinished } from 'vitest';
import type { AdmissionRequest, PassShown, ProxyDoor, VerifiedPass } from '../../../src/application/admission/door.ts';
import { openStatementParser } from '../../../src/adapters/postgres-parser/parser.ts';
import { startPostgresProxy, type PostgresProxyOptions } from '../../../src/proxies/postgres/server.ts';
import { provesClient, scramKeys, serverSignature } from '../../../src/wire/scram/keys.ts';
import { type Certified, makeTestCa } from '../../kit/certificates.ts';

/** A proxy that knows one person and one token, and admits nobody: what can be done to it before that. */
export interface TestDoor {
  readonly port: number;
  readonly userName: string;
  readonly token: string;
  /** What was shown as a pass. */
  readonly shown: PassShown[];
  readonly requests: AdmissionRequest[];
}

const unused = async (): Promise<never> => {
  throw new Error('not used before the admission');
};

/** Made once for a test file: RSA keys take their time. */
let certified: Promise<Certified> | undefined;

export async function startDoor(limits: PostgresProxyOptions['limits'] = {}): Promise<TestDoor> {
  const [userName, token] = ['alice', `spt_${randomBytes(20).toString('hex')}`];
  const shown: PassShown[] = [];
  const requests: AdmissionRequest[] = [];
  const salt = randomBytes(16);
  const iterations = 16;
  const keys = await scramKeys(Buffer.from(token), salt, iterations);
  const door: ProxyDoor = {
    portalUrl: 'https://portal.example/tokens',
    turnsAway: () => null,
    mayBePass: unused,
    reachable: unused,
    isLive: unused,
    attend: () => () => undefined,
    scramParameters: async () => ({ salt, iterations }),
    verifyPass: async (pass) => {
      shown.push(pass);
      if (pass.transcript.mechanism !== 'scram-sha-256' || pass.userName !== userName) return null;
      const { authMessage, clientProof } = pass.transcript;
      if (!provesClient(keys.storedKey, authMessage, Buffer.from(clientProof))) return null;
      const verified = { passId: 'token-1', userId: 'user-1', userName } as unknown as VerifiedPass;
      return { pass: verified, serverSignature: serverSignature(keys.serverKey, authMessage) };
    },
    admit: async (request) => {
      requests.push(request);
      return { ok: false, message: 'there is no such target, or it is not for you' };
    },
  };
  certified ??= makeTestCa().then((ca) => ca.certify());
  const proxy = await startPostgresProxy({
    door,
    host: '127.0.0.1',
    port: 0,
    tls: await certified,
    parser: await openStatementParser(),
    limits,
  });
  onTestFinished(() => proxy.close());
  return { port: proxy.port, userName, token, shown, requests };
}
