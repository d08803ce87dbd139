import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { runProcess } from '../../../kit/process.ts';
import { tempDir } from '../../../kit/temp-dir.ts';
import { prompt, type Scenario, starsFile } from './scenarios.ts';

/** What went over a terminal, in order: typed (`in`) or shown (`out`). */
export type Passed = readonly (readonly ['in' | 'out', Buffer])[];

const program = `
import base64, fcntl, json, os, pty, select, signal, struct, sys, termios, time
argv, steps, prompt = json.loads(sys.argv[1])
pid, fd = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 80, 0, 0))
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.execvp(argv[0], argv)
passed = []
def read(sees):
    seen, end = b'', time.time() + 20
    while sees not in seen:
        if time.time() > end: sys.exit('no %r in %r' % (sees, seen))
        if not select.select([fd], [], [], 0.1)[0]: continue
        try: data = os.read(fd, 65536)
        except OSError: sys.exit('ended before %r, after %r' % (sees, seen))
        seen += data
        passed.append(['out', base64.b64encode(data).decode()])
read(prompt.encode())
for keys, sees in steps:
    if keys: passed.append(['in', base64.b64encode(keys.encode()).decode()])
    os.write(fd, keys.encode())
    read(sees.encode())
print(json.dumps(passed))
`;

/** The environment of every shell here, as words for \`env\`. */
export function shellCommand(shell: Scenario['shell'], stars: string): readonly string[] {
  const variables = [`PATH=${process.env.PATH ?? ''}`, 'TERM=xterm-256color', 'LANG=C.UTF-8', `PS1=${prompt}`];
  return [
    'env',
    '-i',
    ...variables,
    `STARS=${stars}`,
    'HISTFILE=',
    shell,
    ...(shell === 'bash' ? ['--norc'] : []),
    '-i',
  ];
}

/** Runs a scenario on a terminal of this machine, and gives what passed. */
export async function onTerminal({ shell, steps }: Scenario): Promise<Passed> {
  const stars = join(tempDir(), 'stars.py');
  writeFileSync(stars, starsFile);
  const job = JSON.stringify([shellCommand(shell, stars), steps, prompt]);
  const run = await runProcess('python3', ['-c', program, job]);
  expect(run.code, run.stderr).toBe(0);
  const passed = JSON.parse(run.stdout) as ['in' | 'out', string][];
  return passed.map(([way, text]) => [way, Buffer.from(text, 'base64')]);
}
