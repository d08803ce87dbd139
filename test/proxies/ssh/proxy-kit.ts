import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type {
  AuthorizedSession,
  AuthorizedSessionFacts,
} from '../../../src/application/admission/authorized-session.ts';
import type {
  Admission,
  AdmissionRequest,
  EndListener,
  LiveSession,
  NoticeListener,
  PassShown,
  ProxyDoor,
  Reachable,
  VerifiedPass,
} from '../../../src/application/admission/door.ts';
import type { BeginBrowserLogin } from '../../../src/application/ports/browser-login.ts';
import type { RecordEntry, RecordingWriter } from '../../../src/application/ports/recordings.ts';
import { publicKeys } from '../../../src/adapters/ssh-keys/public-keys.ts';
import { HostKeyRefused } from '../../../src/application/admission/host-key-refusal.ts';
import type { Vault } from '../../../src/application/ports/vault.ts';
import { defaultChannels, type SshChannels } from '../../../src/domain/policy/channels.ts';
import type { NoteFile } from '../../../src/domain/session/commands.ts';
import type {
  ChannelClosed,
  ChannelOpened,
  ChannelRefused,
  SessionEndReason,
} from '../../../src/domain/session/events.ts';
import { SallyportError } from '../../../src/domain/kernel/errors.ts';
import { startSshProxy, type SshProxy, type SshProxyOptions } from '../../../src/proxies/ssh/server.ts';
import { sshTargetTerminals } from '../../../src/proxies/ssh/target-leg.ts';
import { cutEverything, launchCuttingRelay } from '../../kit/cutting-relay.ts';
import type { Sshd } from '../../kit/openssh.ts';
import { runProcess, type StartOptions } from '../../kit/process.ts';
import { makeTempDir } from '../../kit/temp-dir.ts';

/** What one session told its application. */
export interface SeenSession {
  readonly authorized: AuthorizedSession;
  readonly opened: ChannelOpened['data'][];
  readonly refused: ChannelRefused['data'][];
  readonly closed: ChannelClosed['data'][];
  readonly files: NoteFile['fact'][];
  readonly records: RecordEntry[];
  received: number;
  /** Bytes of output that the recorder was given. */
  recorded: number;
  sent: number;
  ended: SessionEndReason | null;
  offered: string | null;
  /** Bytes that a person typed or transferred. */
  byPerson: number;
  /** Questions of the target that were put to the person. */
  asked: number;
  /** Says something to the person, as a warning does. */
  notice(message: string): void;
  /** What was wrong with the host certificate that was offered. */
  problem: string | null;
  /** What the target leg proved to be. */
  identity: string | null;
  /** Ends it from outside, as a revocation does. */
  cut(reason: SessionEndReason, message: string): void;
}

export interface TestProxy extends SshProxy {
  /** What the proxy has of the application. */
  readonly door: ProxyDoor;
  readonly token: string;
  readonly sessions: SeenSession[];
  /** Every pass shown, without its secret. */
  readonly shown: { readonly userName: string; readonly source: string; readonly good: boolean }[];
  readonly requests: AdmissionRequest[];
  /** Fingerprints of keys that were offered without a signature. */
  readonly offered: readonly string[];
  /** Who waits between login and admission, each by what ends that. */
  readonly waiting: ReadonlySet<EndListener>;
  /** Runs before admission answers. */
  admitting: () => void;
  /** Options for ssh that make this proxy known and nothing else. */
  readonly ssh: readonly string[];
  readonly dir: string;
}

export interface TestTarget {
  readonly host: string;
  readonly port: number;
  readonly hostKeyLine: string | null;
  /** CAs whose host certificates are trusted; none by default. */
  readonly hostCa?: readonly string[];
  readonly username: string;
  readonly credential: { readonly kind: 'password' | 'ssh-key'; readonly secret: string };
}

export interface TestProxyOptions {
  readonly target: TestTarget;
  readonly limits?: SshProxyOptions['limits'];
  /** How people log in in a browser, given the token that is good; not at all by default. */
  readonly browserLogin?: (token: string) => BeginBrowserLogin;
  /** Public key lines that are the person's passes now. */
  readonly keys?: () => readonly string[];
  readonly recording?: AuthorizedSessionFacts['recording'];
  /** What differs from the default. */
  readonly channels?: Partial<SshChannels>;
  /** What it takes to store a fact about a file. */
  readonly noteFile?: () => Promise<void>;
  /** Records are counted, not kept. */
  readonly forgetRecords?: boolean;
  /** A seed: what clients send and get is cut into random pieces. */
  readonly cut?: number;
  readonly makeRecorder?: (seen: SeenSession) => RecordingWriter | null;
  /** What the person may choose from when no target is named; nothing by default. */
  readonly reachable?: () => readonly Reachable[];
  /** Which reason admission asks for: any will do. */
  readonly asks?: string;
  /** Whether the pass of who is in the menu is still good; it is by default. */
  readonly isLive?: () => boolean;
  /** Each record takes its time, as one that is synced does. */
  readonly slowRecords?: boolean;
  /** On both legs, in milliseconds. */
  readonly keepAliveMilliseconds?: number;
  /** How long a target may take, which is more than a busy machine needs by default. */
  readonly connectMilliseconds?: number;
  /** How long a person may take for what the target asks. */
  readonly askMilliseconds?: number;
  /** Runs before `ChannelOpened` is noted. */
  readonly beforeOpened?: () => Promise<void>;
  /** Which target addresses lead back to us; none by default. */
  readonly leadsToUs?: (host: string, port: number) => Promise<boolean>;
}

export const userName = 'alice@corp.example';
const targetName = 'web-1';

/** Login name for the one target there is. */
export const login = `${userName}~${targetName}`;

/** Made once for a test file: RSA keys take their time. */
let hostKeys: ReturnType<typeof hostKey>[] | undefined;

/** A proxy in front of one target, with an application that knows one person, one token and that target. */
export async function startProxy(options: TestProxyOptions): Promise<TestProxy> {
  const proxy = await launchProxy(options);
  onTestFinished(async () => {
    await proxy.close();
  });
  return proxy;
}

async function launchProxy(options: TestProxyOptions): Promise<TestProxy> {
  const { path: dir, remove } = makeTempDir();
  hostKeys ??= ['ed25519', 'rsa'].map((type) => hostKey(dir, type));
  const token = `spt_${randomUUID().replaceAll('-', '')}`;
  const sessions: SeenSession[] = [];
  const shown: TestProxy['shown'] = [];
  const requests: AdmissionRequest[] = [];
  const { keepAliveMilliseconds } = options;
  const keepAlive = keepAliveMilliseconds === undefined ? {} : { keepAliveMilliseconds };
  const terminals = sshTargetTerminals({
    vault: vaultOf(options.target.credential.secret),
    resolve: async (host, port) => ({
      addresses: [{ address: host, family: 4 }],
      leadsToUs: (await options.leadsToUs?.(host, port)) ?? false,
    }),
    ...(options.askMilliseconds === undefined ? {} : { askMilliseconds: options.askMilliseconds }),
    connectMilliseconds: options.connectMilliseconds ?? 20_000,
    ...keepAlive,
  });

  const offered: string[] = [];
  const waiting = new Set<EndListener>();
  const isOurs = (key: Uint8Array): boolean =>
    (options.keys?.() ?? []).some((line) => line.split(' ')[1] === Buffer.from(key).toString('base64'));
  const door: ProxyDoor = {
    portalUrl: 'https://portal.example/tokens',
    turnsAway: () => null,
    reachable: async () => ({ ok: true, open: options.reachable?.() ?? [] }),
    mayBePass: async (key) => {
      offered.push(publicKeys.fingerprint(key));
      return isOurs(key);
    },
    verifyPass: async (pass: PassShown) => {
      const { transcript } = pass;
      const proven =
        transcript.mechanism === 'plain'
          ? transcript.secret === token
          : transcript.mechanism === 'publickey' && isOurs(transcript.key) && publicKeys.verify(transcript);
      const good = pass.userName === userName && proven;
      shown.push({ userName: pass.userName, source: pass.source, good });
      const verified = { passId: 'token-1', userId: 'user-1', userName } as unknown as VerifiedPass;
      return good ? { pass: verified, serverSignature: null } : null;
    },
    scramParameters: () => Promise.reject(new Error('SSH has no SCRAM')),
    isLive: async () => options.isLive?.() ?? true,
    attend: (_pass, end) => {
      waiting.add(end);
      return () => waiting.delete(end);
    },
    admit: async (request, end, notice): Promise<Admission> => {
      requests.push(request);
      made.admitting();
      const { target, account } = request.destination;
      if (target === null) return { ok: false, message: `name a target: log in as ${userName}~TARGET` };
      if (target !== targetName || (account !== null && account !== options.target.username)) {
        return { ok: false, message: `${target} is not there, or not for you` };
      }
      if (options.asks !== undefined && request.reason === '') {
        return { ok: false, message: `${target} needs a reason`, asks: options.asks };
      }
      const seen = seenSession(options, end, notice);
      sessions.push(seen);
      return { ok: true, session: liveSession(seen, options, terminals) };
    },
  };
  const proxy = await startSshProxy({
    door,
    browserLogin: options.browserLogin?.(token) ?? null,
    host: '127.0.0.1',
    port: 0,
    hostKeys: hostKeys.map(({ pem }) => pem),
    ...keepAlive,
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  });
  const { cut = cutEverything } = options;
  const relay =
    cut === undefined
      ? undefined
      : await launchCuttingRelay({ to: () => ({ host: '127.0.0.1', port: proxy.port }), seed: cut });
  const port = relay?.port ?? proxy.port;
  const known = join(dir, 'known_hosts');
  writeFileSync(known, hostKeys.map(({ line }) => `[127.0.0.1]:${String(port)} ${line}\n`).join(''));
  const ssh = [
    '-F',
    'none',
    '-o',
    `UserKnownHostsFile=${known}`,
    '-o',
    'StrictHostKeyChecking=yes',
    '-o',
    'PubkeyAuthentication=no',
    '-p',
    String(port),
    '-l',
    login,
  ];
  const made: TestProxy = {
    ...proxy,
    door,
    port,
    admitting: () => {},
    close: async () => {
      await proxy.close();
      await relay?.close();
      remove();
    },
    token,
    sessions,
    shown,
    requests,
    offered,
    waiting,
    ssh,
    dir,
  };
  return made;
}

function seenSession(options: TestProxyOptions, end: EndListener, notice: NoticeListener): SeenSession {
  const { target } = options;
  const facts: AuthorizedSessionFacts = {
    sessionId: `session-${randomUUID()}`,
    passId: `token-${randomUUID()}`,
    userId: `user-${randomUUID()}`,
    userName,
    protocol: 'ssh',
    target: {
      id: `target-${randomUUID()}`,
      name: targetName,
      host: target.host,
      port: target.port,
      trust:
        target.hostKeyLine === null && target.hostCa === undefined
          ? null
          : {
              ...(target.hostKeyLine === null ? {} : { hostKeys: [target.hostKeyLine] }),
              ...(target.hostCa === undefined ? {} : { hostCa: target.hostCa }),
            },
    },
    account: {
      id: `account-${randomUUID()}`,
      username: target.username,
      credential: { kind: target.credential.kind, secretId: 'secret-1' },
    },
    entitlementId: `entitlement-${randomUUID()}`,
    recording: options.recording ?? 'required',
    channels: { ...defaultChannels, ssh: { ...defaultChannels.ssh, ...options.channels } },
    admittedAt: new Date().toISOString(),
    endsAt: new Date(Date.now() + 3_600_000).toISOString(),
    endsBecause: 'max-session',
    idleMilliseconds: null,
    source: '127.0.0.1',
  };
  const seen: SeenSession = {
    authorized: facts as AuthorizedSession,
    opened: [],
    refused: [],
    closed: [],
    files: [],
    records: [],
    received: 0,
    recorded: 0,
    sent: 0,
    ended: null,
    offered: null,
    byPerson: 0,
    asked: 0,
    notice,
    problem: null,
    identity: null,
    cut: (reason, message) => {
      if (seen.ended !== null) return;
      seen.ended = reason;
      end(reason, message);
    },
  };
  return seen;
}

function liveSession(
  seen: SeenSession,
  options: TestProxyOptions,
  terminals: ReturnType<typeof sshTargetTerminals>,
): LiveSession {
  const endWith = async (reason: SessionEndReason): Promise<void> => {
    seen.ended ??= reason;
  };
  return {
    authorized: seen.authorized,
    recorder:
      options.makeRecorder === undefined
        ? memoryRecorder(seen, options.forgetRecords === true, options.slowRecords === true)
        : options.makeRecorder(seen),
    openDatabase: () => Promise.reject(new Error('this is no database')),
    openTarget: async (prompter) => {
      try {
        const terminal = await terminals.connect(
          seen.authorized,
          prompter && {
            ask: async (question) => {
              seen.asked += 1;
              return await prompter.ask(question);
            },
          },
        );
        seen.identity = terminal.identity;
        return terminal;
      } catch (error) {
        if (error instanceof HostKeyRefused) Object.assign(seen, { offered: error.offered, problem: error.problem });
        await endWith(error instanceof SallyportError ? (error.code as SessionEndReason) : 'error');
        throw error;
      }
    },
    channelOpened: async (fact) => {
      await options.beforeOpened?.();
      seen.opened.push(fact);
    },
    channelRefused: async (fact) => void seen.refused.push(fact),
    channelClosed: async (fact) => void seen.closed.push(fact),
    statementsNoted: async () => {},
    fileNoted: async (fact) => {
      seen.files.push(fact);
      await options.noteFile?.();
    },
    received: (bytes, byPerson = true) => {
      seen.received += bytes;
      if (byPerson) seen.byPerson += bytes;
    },
    sent: (bytes) => (seen.sent += bytes),
    end: endWith,
  };
}

function memoryRecorder(seen: SeenSession, forget: boolean, slow: boolean): RecordingWriter {
  let records = 0;
  return {
    write: (entry) => {
      records += 1;
      if (entry.kind === 'output' || entry.kind === 'stderr') {
        seen.recorded += [entry.data].flat().reduce((sum, { length }) => sum + length, 0);
      }
      if (!forget)
        seen.records.push({
          ...entry,
          data: entry.data instanceof Uint8Array ? entry.data : Buffer.concat(entry.data),
        });
      return slow ? new Promise((resolve) => setTimeout(resolve, 5)) : undefined;
    },
    get records() {
      return records;
    },
    onChunk: () => {},
    onFailure: () => {},
    close: async () => {},
  };
}

function vaultOf(secret: string): Vault {
  return {
    put: async () => {},
    open: async () => Buffer.from(secret),
    destroy: async () => {},
    list: async () => [],
  };
}

/** A new private key and its public line, made by OpenSSH. */
export function hostKey(dir: string, type: string): { readonly pem: string; readonly line: string } {
  const file = join(dir, `${type}-${randomUUID()}`);
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', '', '-f', file]);
  return { pem: readFileSync(file, 'utf8'), line: readFileSync(`${file}.pub`, 'utf8').trim() };
}

/** The real sshd as a target, with its password in custody. */
export function targetOf({ host, port, hostKeyLine, username, password }: Sshd): TestTarget {
  return { host, port, hostKeyLine, username, credential: { kind: 'password', secret: password } };
}

export function sshEnv(proxy: TestProxy, secret = proxy.token): NodeJS.ProcessEnv {
  return { ...process.env, SSHPASS: secret };
}

/** OpenSSH through the proxy, with the token from the environment. */
export async function runSsh(
  proxy: TestProxy,
  args: readonly string[],
  options: StartOptions & { readonly secret?: string } = {},
): ReturnType<typeof runProcess> {
  const { secret, ...rest } = options;
  const destination = args.findIndex(
    (arg, index) => !arg.startsWith('-') && !/^-[oScplOLRDwW]$/.test(args[index - 1] ?? ''),
  );
  const at = destination === -1 ? args.length : destination;
  const words = ['-e', 'ssh', ...args.slice(0, at), ...proxy.ssh, '127.0.0.1', ...args.slice(at)];
  return await runProcess('sshpass', words, { env: sshEnv(proxy, secret), ...rest });
}
