import type { Admission } from '../../application/admission/door.ts';
import { DatabaseRefused } from '../../application/ports/target-database.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import { internalFault, notInTime, tokenRefused } from '../kit/goodbye.ts';
import { encodeBackend } from './codec/backend-encode.ts';

/** What an ErrorResponse says at the end: an SQLSTATE (PostgreSQL, appendix A) and texts for the person. */
export interface LastWords {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** The one table of SQLSTATEs that this proxy makes itself. */
const sqlstate = {
  protocolViolation: '08P01',
  featureNotSupported: '0A000',
  connectionFailure: '08006',
  cannotConnect: '08001',
  invalidAuthorization: '28000',
  invalidPassword: '28P01',
  internalError: 'XX000',
  outOfMemory: '53200',
  /** admin_shutdown: what drivers take as "this connection was ended, make a new one". */
  ended: '57P01',
  cannotConnectNow: '57P03',
  tooManyConnections: '53300',
} as const;

export const withoutTls: LastWords = {
  code: sqlstate.invalidAuthorization,
  message: 'this server takes encrypted connections only',
  hint: 'Connect with TLS: sslmode=require, or sslmode=verify-full with sslrootcert=ca.pem.',
};

export const protocolViolation: LastWords = {
  code: sqlstate.protocolViolation,
  message: 'the client sent what the PostgreSQL protocol does not allow here; connect again',
};

export const faulty: LastWords = { code: sqlstate.internalError, message: internalFault };

export const tooLate: LastWords = { code: sqlstate.invalidAuthorization, message: notInTime };

export const stopped: LastWords = {
  code: sqlstate.cannotConnectNow,
  message: 'this proxy is shutting down; connect again',
};

/** Said to a whole network, before anything is asked. */
export function turnedAway(message: string): LastWords {
  return { code: sqlstate.tooManyConnections, message };
}

export function endedByUs(message: string): LastWords {
  return { code: sqlstate.ended, message };
}

export function unknownVersion(asked: string): LastWords {
  return {
    code: sqlstate.featureNotSupported,
    message: `protocol ${asked} is not spoken here; connect with a client that speaks 3.0, as all since PostgreSQL 7.4 do`,
  };
}

export function startupRefused(message: string, hint: string): LastWords {
  return { code: sqlstate.invalidAuthorization, message, hint };
}

/** One text for every refused token (security rule A10). */
export function passRefused(portalUrl: string): LastWords {
  return { code: sqlstate.invalidPassword, message: tokenRefused(portalUrl) };
}

export function notAdmitted({ message }: Extract<Admission, { readonly ok: false }>): LastWords {
  return { code: sqlstate.invalidAuthorization, message };
}

/** What a target that could not be opened says to the person; errors of ours that are nobody's business say nothing. */
export function targetFailed(error: unknown): LastWords {
  if (error instanceof DatabaseRefused && error.targetMessage !== null) {
    return { code: error.sqlState, message: error.targetMessage };
  }
  if (!(error instanceof SallyportError)) return faulty;
  return { code: sqlstate.cannotConnect, message: error.message };
}

export function targetGone(message: string): LastWords {
  return { code: sqlstate.connectionFailure, message };
}

export const targetUnreadable: LastWords = {
  code: sqlstate.connectionFailure,
  message: 'the database sent what the PostgreSQL protocol does not allow here, so the session was ended',
};

export const noMemory: LastWords = {
  code: sqlstate.outOfMemory,
  message: 'this proxy has no memory for a message of this size now, so the session was ended',
  hint: 'Connect again later, or send less at once: COPY takes any amount of data.',
};

/** The message that says them. */
export function fatal({ code, message, hint }: LastWords): Buffer {
  return encodeBackend.errorResponse({ severity: 'FATAL', code, message, ...(hint === undefined ? {} : { hint }) });
}
