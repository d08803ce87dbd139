import type { AuthorizedSession } from '../admission/authorized-session.ts';

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** What the person asked for on the client leg. */
export interface TerminalRequest {
  readonly kind: 'shell' | 'exec' | 'sftp';
  /** The command line of an exec; bytes as text in latin1 are kept as the client sent them. */
  readonly command: string | null;
  readonly pty:
    | (TerminalSize & {
        readonly term: string;
        readonly widthPixels: number;
        readonly heightPixels: number;
        readonly modes: Uint8Array | null;
      })
    | null;
  /** Asked for before the start; the target may refuse each. */
  readonly env: readonly Variable[];
}

/** An environment variable; name and value in latin1, as they came. */
export interface Variable {
  readonly name: string;
  readonly value: string;
}

/** Where the target is asked to connect to; `origin` is what the client says of where its own connection comes from. */
export interface ForwardRequest {
  readonly host: string;
  readonly port: number;
  readonly originHost: string;
  readonly originPort: number;
}

export interface TerminalExit {
  readonly code: number | null;
  readonly signal: string | null;
  readonly coreDumped: boolean;
  readonly message: string;
}

/** One channel on the target leg. Streams respect back-pressure: a stalled reader pauses the target. */
export interface TerminalChannel {
  readonly stdin: NodeJS.WritableStream;
  readonly stdout: NodeJS.ReadableStream;
  readonly stderr: NodeJS.ReadableStream;
  resize(size: TerminalSize & { readonly widthPixels: number; readonly heightPixels: number }): void;
  signal(name: string): void;
  /** Resolves once the target reported the end of the command, or closed without one (both null). */
  readonly exit: Promise<TerminalExit>;
  close(): void;
}

/** One connection that the target made. Each side may end its direction alone. */
export interface ForwardChannel {
  readonly stdin: NodeJS.WritableStream;
  readonly stdout: NodeJS.ReadableStream;
  /** Resolves once the target has closed it. */
  readonly closed: Promise<void>;
  close(): void;
}

/** The target leg of an admitted session: logged in with the credential from custody, its identity checked. */
export interface TargetTerminal {
  /** What the target proved to be: its host key's fingerprint (`SHA256:…`) or its certificate's. */
  readonly identity: string;
  open(request: TerminalRequest): Promise<TerminalChannel>;
  /** Rejects with the target's words when it can't or won't connect. */
  forward(request: ForwardRequest): Promise<ForwardChannel>;
  /** Called once when the leg is gone, at once if it is: closed in good order, or broken or silent; not after `close`. */
  onLost(listener: (reason: 'closed-by-target' | 'target-lost') => void): void;
  close(): void;
}

/** What a target asks while it is being logged in to. Texts are visible text, bounded, and without line breaks. */
export interface TargetQuestion {
  /** The target's name here: whoever shows the prompts says that it is the target that asks. */
  readonly name: string;
  /** What the target says about its prompts; may be empty. */
  readonly instruction: string;
  /** At least one. `echo`: what is typed may be shown. */
  readonly prompts: readonly { readonly text: string; readonly echo: boolean }[];
}

/** Puts a target's questions (a verification code) to the person. */
export interface Prompter {
  /** One answer for each prompt; null when there is none. Answers are neither recorded nor logged nor kept. */
  ask(question: TargetQuestion): Promise<readonly string[] | null>;
}

/**
 * Opens target legs: there is one call site, in `application/admission/session-life.ts`, counted by a test. Errors are
 * `SallyportError`s with codes `target-unreachable`, `target-login-failed`, or `HostKeyRefused`.
 */
export interface TargetTerminals {
  /** Without a prompter, a target that asks for more than the credential in custody is a failed login. */
  connect(session: AuthorizedSession, prompter?: Prompter): Promise<TargetTerminal>;
}
