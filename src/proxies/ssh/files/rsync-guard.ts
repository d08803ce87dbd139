import { Transform } from 'node:stream';
import type { TargetTerminal, TerminalChannel } from '../../../application/ports/target-terminal.ts';
import { SallyportError } from '../../../domain/kernel/errors.ts';

/** Protocol versions of rsync, which each side says first, in four bytes, the lowest first. */
const [oldest, newest] = [27, 40];
const versionBytes = 4;

/** Opens channels on which rsync must begin as rsync does: nothing else passes, and the exit rejects with the reason. */
export function rsyncOnly(terminal: TargetTerminal): TargetTerminal {
  return { ...terminal, open: async (request) => guarded(await terminal.open(request)) };
}

function guarded(channel: TerminalChannel): TerminalChannel {
  const broken = Promise.withResolvers<never>();
  const fail = (): void => {
    const text = 'the file transfer was ended: this is not rsync, but for example what a login script prints';
    broken.reject(new SallyportError('invalid', 'not-rsync', text));
    channel.close();
  };
  const server = Promise.withResolvers<undefined>();
  const stdout = afterVersion(() => server.resolve(undefined), fail);
  // The client's bytes wait until it is known that rsync reads them.
  const stdin = afterVersion(() => undefined, fail, server.promise);
  channel.stdout.pipe(stdout);
  stdin.pipe(channel.stdin);
  channel.stdout.once('close', () => stdout.end());
  const exit = Promise.race([channel.exit, broken.promise]);
  exit.catch(() => {});
  return { ...channel, stdin, stdout, exit };
}

/** Passes on what begins with a version, as soon as `first` has resolved; nothing of what does not. */
function afterVersion(known: () => void, fail: () => void, first?: Promise<undefined>): Transform {
  let head = Buffer.alloc(0);
  let state: 'waiting' | 'open' | 'failed' = 'waiting';
  const stream = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      if (state !== 'waiting') {
        done(null, state === 'open' ? chunk : undefined);
        return;
      }
      head = Buffer.concat([head, chunk]);
      if (head.length < versionBytes) {
        done();
        return;
      }
      const version = head.readUInt32LE(0);
      state = version >= oldest && version <= newest ? 'open' : 'failed';
      if (state === 'failed') {
        fail();
        done();
        return;
      }
      known();
      if (first === undefined) done(null, head);
      else void first.then(() => done(null, head));
    },
    flush: (done) => {
      if (state === 'waiting' && head.length > 0) fail();
      done();
    },
  });
  stream.on('error', () => {});
  return stream;
}
