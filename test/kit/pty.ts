import { type Running, startProcess } from './process.ts';
import { until } from './until.ts';

/** Runs its arguments on a terminal. Frames on standard input: `t` and hex types, `r columns rows` resizes. */
const program = `
import fcntl, os, pty, select, struct, sys, termios
columns, rows = int(sys.argv[1]), int(sys.argv[2])
def size(fd, columns, rows): fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))
pid, fd = pty.fork()
if pid == 0:
    size(0, columns, rows)
    os.execvp(sys.argv[3], sys.argv[3:])
wanted, waiting = [0, fd], b''
while fd in wanted:
    for ready in select.select(wanted, [], [])[0]:
        try: data = os.read(ready, 65536)
        except OSError: data = b''
        if ready == fd:
            if data: sys.stdout.buffer.write(data); sys.stdout.buffer.flush()
            else: wanted = []
        elif not data: wanted = [fd]
        else:
            waiting += data
            while b'\\n' in waiting:
                frame, waiting = waiting.split(b'\\n', 1)
                words = frame.decode().split()
                if words[0] == 't': os.write(fd, bytes.fromhex(words[1]))
                else: size(fd, int(words[1]), int(words[2]))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

export interface Terminal {
  type(text: string): void;
  resize(columns: number, rows: number): void;
  /** Everything the terminal got so far. */
  output(): string;
  /** Waits until what it got after `from` characters fits. */
  shows(pattern: RegExp | string, from?: number): Promise<void>;
  readonly exited: Running['exited'];
}

/** A program at a terminal of its own, with a person before it. Only inside a test. */
export function startTerminal(
  command: string,
  args: readonly string[],
  options: { readonly columns: number; readonly rows: number; readonly env: NodeJS.ProcessEnv },
): Terminal {
  const { columns, rows, env } = options;
  const words = ['-c', program, String(columns), String(rows), command, ...args];
  const run = startProcess('/usr/bin/python3', words, { env, keepInput: true });
  const output = (): string => run.stdout();
  return {
    type: (text) => void run.child.stdin?.write(`t ${Buffer.from(text).toString('hex')}\n`),
    resize: (width, height) => void run.child.stdin?.write(`r ${String(width)} ${String(height)}\n`),
    output,
    shows: async (pattern, from = 0) => {
      const fits = (text: string): boolean =>
        typeof pattern === 'string' ? text.includes(pattern) : pattern.test(text);
      await until(() => fits(output().slice(from)), { what: String(pattern) }).catch((error: unknown) => {
        throw new Error(`${String(error)}; the terminal got ${JSON.stringify(output())}${run.stderr()}`, {
          cause: error,
        });
      });
    },
    exited: run.exited,
  };
}
