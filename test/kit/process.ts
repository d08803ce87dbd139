import { type ChildProcess, spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { until } from './until.ts';

export interface StartOptions {
  readonly cwd?: string;
  /** The child's whole environment; without it, the one of the test. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Written to standard input, which is then closed; without it, standard input is empty. */
  readonly input?: string | Uint8Array;
  /** Keep standard input open for `child.stdin`. Not together with `input`. */
  readonly keepInput?: boolean;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Running {
  readonly pid: number;
  readonly child: ChildProcess;
  /** Standard output so far, byte for byte. */
  stdoutBytes(): Buffer;
  stdout(): string;
  stderr(): string;
  /** Resolves with the end of the child, after both outputs have been read to their end. */
  readonly exited: Promise<Exit>;
  /** The first whole line of either output that matches; an error with all output when the child ends before. */
  line(pattern: RegExp, deadlineMs?: number): Promise<RegExpExecArray>;
  /** Sends the signal to this pid alone and waits for the end. No error when it has ended already. */
  stop(signal?: NodeJS.Signals): Promise<Exit>;
}

/** Starts a child that is killed, if it still runs, when the running test has ended. Only inside a test. */
export function startProcess(command: string, args: readonly string[], options: StartOptions = {}): Running {
  const running = launch(command, args, options);
  onTestFinished(async () => {
    await running.stop('SIGKILL');
  });
  return running;
}

/** Starts a child, waits for its end and returns what it did. Only inside a test. */
export async function runProcess(
  command: string,
  args: readonly string[],
  options: StartOptions = {},
): Promise<Exit & { readonly stdout: string; readonly stdoutBytes: Buffer; readonly stderr: string }> {
  const running = startProcess(command, args, options);
  const exit = await running.exited;
  return { ...exit, stdout: running.stdout(), stdoutBytes: running.stdoutBytes(), stderr: running.stderr() };
}

/** The same as startProcess for `beforeAll` and scripts, where the caller stops it. */
export function launch(command: string, args: readonly string[], options: StartOptions = {}): Running {
  const wantsInput = options.input !== undefined || options.keepInput === true;
  const child = spawn(command, args, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: environment(options.env ?? process.env),
    stdio: [wantsInput ? 'pipe' : 'ignore', 'pipe', 'pipe'],
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => err.push(chunk));
  // A child that ends before it has read its input is judged by its exit code, not by EPIPE here.
  child.stdin?.on('error', () => undefined);
  if (options.input !== undefined) child.stdin?.end(options.input);

  let ended: Exit | undefined;
  const exited = new Promise<Exit>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      ended = { code, signal };
      resolve(ended);
    });
  });
  exited.catch(() => undefined);
  const text = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString('utf8');
  const described = [command, ...args].join(' ');

  return {
    pid: child.pid ?? -1,
    child,
    exited,
    stdoutBytes: () => Buffer.concat(out),
    stdout: () => text(out),
    stderr: () => text(err),
    line: async (pattern, deadlineMs = 30_000) => {
      const found = await until(
        () => {
          const match = matchLine(text(out), pattern) ?? matchLine(text(err), pattern);
          return match ?? (ended === undefined ? undefined : 'ended');
        },
        { deadlineMs, what: `a line like ${String(pattern)} from ${described}` },
      ).catch((error: unknown) => {
        throw new Error(`${String(error)}\n${text(out)}${text(err)}`, { cause: error });
      });
      if (found !== 'ended') return found;
      throw new Error(`${described} ended without a line like ${String(pattern)}:\n${text(out)}${text(err)}`);
    },
    stop: async (signal = 'SIGTERM') => {
      if (child.pid === undefined) return { code: null, signal: null };
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      return await exited;
    },
  };
}

/**
 * SALLYPORT_TEST_DEEP is for the tests alone: to the product it would be an unknown configuration key. What Node has compiled
 * once is kept for all (vitest.config.ts).
 */
function environment(wanted: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
  const env = Object.fromEntries(Object.entries(wanted).filter(([key]) => !key.startsWith('SALLYPORT_TEST_')));
  return { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...env };
}

function matchLine(output: string, pattern: RegExp): RegExpExecArray | undefined {
  const whole = output.slice(0, output.lastIndexOf('\n') + 1);
  for (const line of whole.split('\n')) {
    const match = new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, '')).exec(line);
    if (match !== null) return match;
  }
  return undefined;
}
