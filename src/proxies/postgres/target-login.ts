import { randomBytes } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { DatabaseRefused } from '../../application/ports/target-database.ts';
import { ProtocolError, SallyportError } from '../../domain/kernel/errors.ts';
import { visibleText } from '../../domain/kernel/visible-text.ts';
import { tlsServerEndPoint } from '../../wire/scram/channel-binding.ts';
import {
  beginScram,
  checkServer,
  type ClientExchange,
  type ClientProven,
  proveClient,
} from '../../wire/scram/client.ts';
import type { BackendMessage, ResponseFields } from './codec/backend.ts';
import { decodeBackend } from './codec/backend-decode.ts';
import { encodeFrontend } from './codec/frontend-encode.ts';
import { encodeFirstPacket, type StartupParameters } from './codec/startup.ts';
import { TargetReader } from './target-reader.ts';

export interface LoginWish {
  readonly targetName: string;
  readonly parameters: StartupParameters;
  readonly username: string;
  /** Null: there is a client certificate alone. */
  readonly password: string | null;
  /** DER of the server's. */
  readonly certificate: Buffer;
}

export interface LoggedIn {
  readonly early: Buffer;
  readonly parameters: readonly (readonly [name: string, value: string])[];
  readonly notices: readonly Buffer[];
  /** Null: the target gave none, so that nothing can be cancelled. */
  readonly cancelKey: { readonly processId: number; readonly secret: Buffer } | null;
}

/** So many notices and parameters a login takes; PostgreSQL has about 15 parameters. */
const mostNotices = 100;
const mostParameters = 256;
const longestMessage = 512;

/** How far the password was proven: each message of the server has its turn once. */
type Proof =
  | { readonly at: 'nothing' | 'done' }
  | { readonly at: 'begun'; readonly exchange: ClientExchange }
  | { readonly at: 'proven'; readonly proven: ClientProven };

/**
 * Logs in inside trusted TLS, up to ReadyForQuery ("Start-up"). The password leaves only as the proof of a SCRAM exchange;
 * a target that wants it in another way gets nothing. Errors: SallyportError, DatabaseRefused, ProtocolError, ScramError.
 */
export async function logIn(socket: TLSSocket, wish: LoginWish): Promise<LoggedIn> {
  const reader = new TargetReader(socket);
  const parameters: (readonly [string, string])[] = [];
  const notices: Buffer[] = [];
  let cancelKey: LoggedIn['cancelKey'] = null;
  let proof: Proof = { at: 'nothing' };
  let isIn = false;
  socket.write(encodeFirstPacket.startup(wish.parameters));
  while (true) {
    const bytes = await reader.next();
    const message = decodeBackend(bytes);
    if (message.type === 'error-response') throw refusal(wish, message.fields);
    if (message.type === 'notice-response') {
      notices.push(bytes);
      if (notices.length > mostNotices) throw unexpected('too many notices');
    } else if (!isIn) {
      if (message.type === 'authentication-ok') {
        // After SCRAM was begun only the server's own proof ends it; without, it is a login by trust or certificate.
        if (proof.at !== 'nothing' && proof.at !== 'done') throw unexpected('a login before its proof');
        isIn = true;
      } else proof = await prove(socket, wish, message, proof);
    } else if (message.type === 'parameter-status') {
      parameters.push([message.name, message.value]);
      if (parameters.length > mostParameters) throw unexpected('too many parameters');
    } else if (message.type === 'backend-key-data') cancelKey = message;
    else if (message.type === 'ready-for-query' && message.status === 'I') {
      return { early: reader.rest(), parameters, notices, cancelKey };
    } else throw unexpected('a message that is none of a login');
  }
}

async function prove(socket: TLSSocket, wish: LoginWish, message: BackendMessage, proof: Proof): Promise<Proof> {
  switch (message.type) {
    case 'authentication-sasl': {
      if (proof.at !== 'nothing') throw unexpected('a second exchange');
      if (wish.password === null) throw withoutPassword(wish);
      const { mechanisms } = message;
      if (!mechanisms.some((name) => name.startsWith('SCRAM-SHA-256'))) throw otherWay(wish, 'another SASL mechanism');
      const binding = tlsServerEndPoint(wish.certificate);
      const exchange = beginScram(mechanisms, binding, randomBytes(18).toString('base64'));
      socket.write(encodeFrontend.saslInitialResponse(exchange.mechanism, Buffer.from(exchange.message)));
      return { at: 'begun', exchange };
    }
    case 'authentication-sasl-continue': {
      if (proof.at !== 'begun' || wish.password === null) throw unexpected('a challenge out of its turn');
      const proven = await proveClient(proof.exchange, message.data, wish.password);
      socket.write(encodeFrontend.saslResponse(Buffer.from(proven.message)));
      return { at: 'proven', proven };
    }
    case 'authentication-sasl-final':
      if (proof.at !== 'proven') throw unexpected('a signature out of its turn');
      checkServer(proof.proven, message.data);
      return { at: 'done' };
    case 'authentication-cleartext':
      throw otherWay(wish, 'the password in clear');
    case 'authentication-md5':
      throw otherWay(wish, 'an MD5 of the password');
    case 'authentication-other':
      throw otherWay(wish, 'GSSAPI, SSPI or another way that is not served');
    case 'negotiate-protocol-version':
      // Of 3.0 and without options of the protocol there is nothing to negotiate.
      throw unexpected('another version of the protocol');
    default:
      throw unexpected('a message before the login');
  }
}

function unexpected(what: string): ProtocolError {
  return new ProtocolError('unexpected', 0, `a PostgreSQL server sent ${what}`);
}

function withoutPassword({ targetName, username }: LoginWish): SallyportError {
  const message = `${targetName} asks for the password of ${username}, and custody has only a client certificate: an administrator sets a password too, or takes cert in pg_hba.conf`;
  return new SallyportError('denied', 'target-login-failed', message);
}

function otherWay({ targetName, username }: LoginWish, what: string): SallyportError {
  return new SallyportError(
    'denied',
    'target-login-failed',
    `${targetName} asks for ${what}, which is not sent: an administrator of the database sets password_encryption = scram-sha-256, sets the password of ${username} again, and takes scram-sha-256 in pg_hba.conf`,
  );
}

/** What the target says of the account's login is for nobody; the rest, for example a database that is not there, is the person's. */
function refusal({ targetName, username }: LoginWish, fields: ResponseFields): DatabaseRefused {
  const given = fields.get('C') ?? '';
  const sqlState = /^[0-9A-Z]{5}$/.test(given) ? given : 'XX000';
  if (sqlState.startsWith('28')) {
    const message = `${targetName} refused the login of ${username}: an administrator has to check the credential in custody`;
    return new DatabaseRefused('denied', 'target-login-failed', message, sqlState, null);
  }
  const said = visibleText((fields.get('M') ?? '').replaceAll(/\s+/g, ' ').slice(0, longestMessage).toWellFormed());
  const message = `${targetName} refused the connection: ${said}`;
  // Too many connections, starting up, shutting down.
  const busy = sqlState.startsWith('53') || sqlState.startsWith('57');
  const code = busy ? 'target-unreachable' : 'target-login-failed';
  return new DatabaseRefused(busy ? 'unavailable' : 'denied', code, message, sqlState, said);
}
