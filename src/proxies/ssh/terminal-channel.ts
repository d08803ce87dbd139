import { Writable } from 'node:stream';
import type {
  ForwardChannel,
  TerminalChannel,
  TerminalExit,
  TerminalRequest,
} from '../../application/ports/target-terminal.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import { type Channel, stderrCode } from './channel.ts';
import { decodeExit, encodePty, encodeVariable, encodeWindowChange } from './codec/requests.ts';
import { TerminalOutput } from './terminal-output.ts';

const noExit: TerminalExit = { code: null, signal: null, coreDumped: false, message: '' };

/** Asks for a terminal, shell or command on an open channel of a target; rejects when the target refuses it. */
export async function startTerminal(channel: Channel, request: TerminalRequest): Promise<TerminalChannel> {
  const terminal = terminalOf(channel);
  const answers: Promise<boolean>[] = [];
  const ask = (name: string, parts: Parameters<Channel['request']>[1]): void => {
    answers.push(new Promise((resolve) => channel.request(name, parts, resolve)));
  };
  // A target takes the variables that its AcceptEnv names and need not say so.
  for (const variable of request.env) channel.request('env', encodeVariable(variable));
  // Both requests leave at once; a target that refuses the terminal is asked no more.
  if (request.pty !== null) ask('pty-req', encodePty(request.pty));
  if (request.kind === 'shell') ask('shell', []);
  else if (request.kind === 'sftp') ask('subsystem', ['sftp']);
  else ask('exec', [Buffer.from(request.command ?? '', 'latin1')]);
  if ((await Promise.all(answers)).includes(false)) {
    channel.close(true);
    const what = request.pty === null ? request.kind : `${request.kind} with a terminal`;
    throw new SallyportError(
      'denied',
      'target-refused',
      `the target refused ${what === 'sftp' ? 'sftp' : `a ${what}`}`,
    );
  }
  return terminal;
}

/** An open `direct-tcpip` channel of a target as streams. */
export function forwardOf(channel: Channel): ForwardChannel {
  const { stdin, stdout, stderr, exit } = terminalOf(channel);
  // A connection has no second stream: what comes there all the same is read away.
  stderr.resume();
  return { stdin, stdout, closed: exit.then(() => undefined), close: () => channel.close(true) };
}

/** Wraps a channel to a target in streams. A stalled reader keeps the window shut, so that the target pauses. */
function terminalOf(channel: Channel): TerminalChannel {
  const settled = Promise.withResolvers<TerminalExit>();
  const consumed = (bytes: number): void => channel.consumed(bytes);
  const stdout = new TerminalOutput(consumed);
  const stderr = new TerminalOutput(consumed);
  let ended = false;
  const end = (): void => {
    if (ended) return;
    ended = true;
    stdout.end();
    stderr.end();
  };

  channel.events = {
    data: (code, data) => {
      if (code > stderrCode || ended) {
        channel.consumed(data.length);
        return;
      }
      (code === stderrCode ? stderr : stdout).add(data);
    },
    eof: end,
    request: (name, data, reply) => {
      const exit = decodeExit(name, data);
      reply(exit !== null);
      if (exit !== null) settled.resolve(exit);
    },
    closed: () => {
      end();
      settled.resolve(noExit);
      stdin.destroy();
    },
  };
  const stdin = new Writable({
    highWaterMark: 64 * 1024,
    write: (chunk: Uint8Array, _encoding, done) => channel.write(0, chunk, () => done()),
    final: (done) => {
      channel.eof();
      done();
    },
  });
  stdin.on('error', () => {});

  return {
    stdin,
    stdout,
    stderr,
    resize: (size) => channel.request('window-change', encodeWindowChange(size)),
    signal: (name) => channel.request('signal', [Buffer.from(name, 'latin1')]),
    exit: settled.promise,
    close: () => channel.close(true),
  };
}
