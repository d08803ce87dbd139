import type { AuthorizedSession } from '../../application/admission/authorized-session.ts';
import { HostKeyRefused } from '../../application/admission/host-key-refusal.ts';
import type { ResolveTarget } from '../../application/ports/system.ts';
import type { Prompter, TargetTerminal, TargetTerminals } from '../../application/ports/target-terminal.ts';
import type { Vault } from '../../application/ports/vault.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import { addressOf, targetUnreachable } from '../kit/target-address.ts';
import { TargetLoss } from '../kit/target-loss.ts';
import { openFailure } from './codec/messages.ts';
import { encodeForward } from './codec/requests.ts';
import { Connection, isConnectionMessage } from './connection.ts';
import { dial } from './dial.ts';
import { type HostKeyJudgement, hostKeyPreference, judgeHostKey } from './host-key.ts';
import { targetLogin } from './target-credential.ts';
import { afterRefusedLogin } from './target-questions.ts';
import { forwardOf, startTerminal } from './terminal-channel.ts';
import { disconnectReason, openTransport } from './transport.ts';

export interface TargetLegOptions {
  readonly vault: Vault;
  readonly resolve: ResolveTarget;
  /** From the first packet to the end of the login; anew when a person has answered what the target asked. */
  readonly connectMilliseconds?: number;
  /** How long a person may take for each thing that the target asks. */
  readonly askMilliseconds?: number;
  readonly keepAliveMilliseconds?: number;
}

/** Target legs over SSH, with a login from custody and a host key checked before any of it is used. */
export function sshTargetTerminals(options: TargetLegOptions): TargetTerminals {
  return { connect: async (session, prompter) => await connect(session, options, prompter ?? null) };
}

async function connect(
  session: AuthorizedSession,
  options: TargetLegOptions,
  prompter: Prompter | null,
): Promise<TargetTerminal> {
  const { target, account } = session;
  const { connectMilliseconds = 10_000, askMilliseconds = 90_000, keepAliveMilliseconds = 15_000 } = options;
  const address = await addressOf(target.host, target.port, options.resolve);
  const ready = Promise.withResolvers<undefined>();
  // The target has its time, and a person theirs; while one is waited for, the other is not.
  let deadline: NodeJS.Timeout | undefined;
  let asked = false;
  const wait = (forTarget: boolean): void => {
    clearTimeout(deadline);
    if (forTarget) deadline = setTimeout(() => ready.reject(late), connectMilliseconds);
  };
  const login = await targetLogin(account, options.vault, {
    targetName: target.name,
    prompter,
    askMilliseconds,
    asking: (now) => {
      asked ||= now;
      wait(!now);
    },
    giveUp: ready.reject,
  });
  const loss = new TargetLoss();
  let judgement: HostKeyJudgement | undefined;
  /** It has shown a trusted key and signed with it. */
  let proven = false;
  let wasReady = false;
  let fault: Error | undefined;

  const client = dial({
    host: target.host,
    port: target.port,
    address,
    username: account.username,
    hostKeys: hostKeyPreference(target.trust),
    verify: (shown) => {
      judgement = judgeHostKey(shown, target.trust, target.host, Date.now() / 1000);
      return judgement.trusted;
    },
    authenticate: (methodsLeft, partial) => judgement?.trusted === true && login.next(methodsLeft, partial),
    keepAliveMilliseconds,
  });
  client.once('handshake', () => (proven = true));
  client.on('ready', () => {
    wasReady = true;
    ready.resolve(undefined);
  });
  client.on('error', (error) => {
    fault ??= error;
    ready.reject(error);
  });
  client.on('close', () => ready.reject(fault ?? new Error('the target closed the connection')));
  wait(true);
  const transport = openTransport(client, (payload) => {
    if (!isConnectionMessage(payload)) return 'pass';
    // Before the login is done only a broken target speaks of channels.
    if (wasReady) connection.receive(payload);
    return 'taken';
  });
  const connection = new Connection(transport, {
    open: () => ({ ok: false, reason: openFailure.prohibited, text: 'channels from the target are not taken' }),
    globalRequest: () => false,
  });
  client.on('close', () => {
    connection.end();
    if (wasReady) loss.note(fault === undefined ? 'closed-by-target' : 'target-lost');
  });

  try {
    await ready.promise;
  } catch (error) {
    client.destroy();
    if (judgement?.trusted === false) throw refusedKey(judgement, target);
    throw connectError(error, proven, session, asked);
  } finally {
    clearTimeout(deadline);
    login.forget();
  }
  return {
    identity: judgement?.trusted === true ? judgement.identity : '',
    open: async (request) => await connection.open((channel) => startTerminal(channel, request), 'session'),
    forward: async (request) => await connection.open(forwardOf, 'direct-tcpip', ...encodeForward(request)),
    onLost: (listener) => loss.onLost(listener),
    close: () => {
      loss.expect();
      transport.disconnect(disconnectReason.byApplication, 'the session is over');
    },
  };
}

function refusedKey(
  { offered, problem }: Extract<HostKeyJudgement, { readonly trusted: false }>,
  { name, trust }: AuthorizedSession['target'],
): HostKeyRefused {
  const authorities = (trust?.hostCa ?? []).map((line) => `@cert-authority ${line}`);
  return new HostKeyRefused(name, offered, [...(trust?.hostKeys ?? []), ...authorities], problem);
}

/** In ssh2's words. */
const late = Object.assign(new Error('the target did not answer in time'), { level: 'client-timeout' });

/** `client-authentication` is ssh2's word for a refused login; a target that hangs up instead counts the same once it is known. */
function connectError(error: unknown, proven: boolean, session: AuthorizedSession, asked: boolean): SallyportError {
  if (error instanceof SallyportError) return error;
  const { target, account } = session;
  const level = (error as { readonly level?: unknown }).level;
  if (proven && level !== 'client-timeout' && level !== 'client-socket') {
    return new SallyportError(
      'denied',
      'target-login-failed',
      `${target.name} refused the login of ${account.username}: ${afterRefusedLogin(asked)}`,
      { cause: error },
    );
  }
  return targetUnreachable(target.name, error);
}
