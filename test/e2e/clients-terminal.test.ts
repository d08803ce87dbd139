import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchSshd, type Sshd } from '../kit/openssh.ts';
import { launchMachine, type Machine, recordedOutput } from './client-tools.ts';
import { logIn, type Person, type SeenEvent } from './person.ts';
import { launchProduct, type Product, sshdResources } from './product.ts';

/** What a client must do: the same bytes out, the same exit code, and both in the record and in the log. */
const command = 'head -c 300000 data; printf "\\033[1m\\0\\377end"; exit 42';

describe('shells and commands', () => {
  let product: Product;
  let sshd: Sshd;
  let admin: Person;
  let machine: Machine;
  let data: Buffer;
  let expected: Buffer;
  let before: string | null;

  beforeAll(async () => {
    [product, sshd] = await Promise.all([launchProduct(), launchSshd()]);
    admin = await logIn(product);
    await admin.apply(sshdResources(sshd));
    const { secret } = await admin.token();
    machine = launchMachine({ product, secret, hosts: { box: 'admin~box' } });
    data = randomBytes(300_000);
    expected = Buffer.concat([data, Buffer.from('\u001b[1m\0'), Buffer.of(0xff), Buffer.from('end')]);
    writeFileSync(join(sshd.home, 'data'), data);
  }, 120_000);

  beforeEach(async () => {
    before = await admin.head();
  });

  afterAll(async () => {
    machine.remove();
    await product.stop();
    await sshd.stop();
  });

  /** The session that began in this test, once it has ended. */
  const ended = async (): Promise<{ readonly session: string; readonly events: readonly SeenEvent[] }> => {
    const { stream } = await admin.event(before, 'the session', ({ type }) => type === 'SessionOpened');
    await admin.event(before, 'its end', ({ type, stream: of }) => type === 'SessionEnded' && of === stream);
    const events = (await admin.events(before)).filter((event) => event.stream === stream);
    return { session: stream, events };
  };

  const recorded = async (output: Buffer, exitCode: number): Promise<void> => {
    const { session, events } = await ended();
    const [record = Buffer.alloc(0), ...others] = await recordedOutput(product, session);
    expect(others).toEqual([]);
    expect(record.equals(output), `${String(record.length)} of ${String(output.length)} bytes`).toBe(true);
    expect(events.filter(({ type }) => type === 'ChannelClosed').map((event) => event.data.exitCode)).toEqual([
      exitCode,
    ]);
  };

  const paramiko = `
import os, paramiko, sys
client = paramiko.SSHClient()
client.load_host_keys(os.environ['KNOWN_HOSTS'])
client.connect('127.0.0.1', int(os.environ['PORT']), 'admin~box', os.environ['SSHPASS'], look_for_keys=False, allow_agent=False)
`;

  it.each([
    ['ssh', `$ASK ssh -F $CONFIG box '${command}'`],
    ['ssh -T', `$ASK ssh -T -F $CONFIG box '${command}'`],
    ['plink', `plink $PUTTY admin~box@127.0.0.1 '${command}' 2>prompts`],
    [
      'paramiko',
      `cat > run.py <<'END'
${paramiko}
_, out, _ = client.exec_command(sys.argv[1])
sys.stdout.buffer.write(out.read())
code = out.channel.recv_exit_status()
client.close()
sys.exit(code)
END
/usr/bin/python3 run.py '${command}'`,
    ],
  ])('%s: a command has its bytes and its exit code', async (_client, script) => {
    const run = await machine.run(script);
    expect(run).toMatchObject({ code: 42, stderr: '' });
    expect(run.stdoutBytes.equals(expected)).toBe(true);
    await recorded(expected, 42);
  });

  /** A shell on a terminal, whose echo, prompt and colours are part of what the client gets. */
  const typed = "stty -echo; PS1='> '\necho $TERM; printf '\\033[31mred\\033[0m\\n'\nexit 7\n";

  it.each([
    ['ssh -tt', 'TERM=vt220 $ASK ssh -tt -F $CONFIG box', 'vt220'],
    ['plink -t', 'TERM=vt220 plink -no-antispoof -t $PUTTY admin~box@127.0.0.1', 'xterm'],
  ])('%s: a shell has its terminal', async (_client, script, term) => {
    const run = await machine.run(`${script} 2>errors`, typed);
    expect(run.code).toBe(7);
    expect(run.stdout).toContain(`${term}\r\n\u001b[31mred\u001b[0m\r\n`);
    await recorded(run.stdoutBytes, 7);
  });

  it('paramiko: invoke_shell', async () => {
    const run = await machine.run(
      `cat > shell.py <<'END'
${paramiko}
channel = client.invoke_shell('vt220', 100, 30)
channel.sendall(sys.stdin.buffer.read())
while True:
    data = channel.recv(4096)
    if not data: break
    sys.stdout.buffer.write(data)
code = channel.recv_exit_status()
client.close()
sys.exit(code)
END
/usr/bin/python3 shell.py`,
      `stty size\n${typed}`,
    );
    expect(run).toMatchObject({ code: 7, stderr: '' });
    expect(run.stdout).toContain('30 100\r\n');
    expect(run.stdout).toContain('vt220\r\n\u001b[31mred\u001b[0m\r\n');
    await recorded(run.stdoutBytes, 7);
  });

  it('ssh: a script from standard input, without a terminal', async () => {
    const run = await machine.run('$ASK ssh -T -F $CONFIG box', `cat data; printf '\\n'; cd /; pwd; exit 9\n`);
    expect(run).toMatchObject({ code: 9 });
    expect(run.stdoutBytes.equals(Buffer.concat([data, Buffer.from('\n/\n')]))).toBe(true);
    await recorded(run.stdoutBytes, 9);
  });

  it('ssh: what goes in comes out, whatever its bytes', async () => {
    const input = randomBytes(1_000_000);
    const run = await machine.run('$ASK ssh -F $CONFIG box cat', input);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdoutBytes.equals(input)).toBe(true);
    await recorded(input, 0);
  });
});
