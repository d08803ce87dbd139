import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchSshd, type Sshd } from '../../kit/openssh.ts';
import { startTerminal } from '../../kit/pty.ts';
import { soon, until } from '../../kit/until.ts';
import { printed, prompt } from '../../proxies/ssh/typing/scenarios.ts';
import { type SeenSession, sshEnv, targetOf } from '../../proxies/ssh/proxy-kit.ts';
import { startTerminals, type TestTerminals } from './terminal-kit.ts';

let sshd: Sshd;
beforeAll(async () => {
  sshd = await launchSshd();
});
afterAll(async () => {
  await sshd.stop();
});

const start = async (options: Partial<Parameters<typeof startTerminals>[0]> = {}): Promise<TestTerminals> =>
  await startTerminals({ target: targetOf(sshd), ...options });

test('a shell is opened, typed to, resized and left, and is a session like any other', async () => {
  const terminals = await start();
  const page = await terminals.open({
    headers: {
      'user-agent': 'Mozilla/5.0 (X11) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.1.2 Safari/537.36',
    },
  });
  expect(page.socket.protocol).toBe('sallyport.terminal.v1');
  expect(page.messages[0]).toMatchObject({ type: 'session', target: 'web-1', recorded: true, from: 0, lost: 0 });
  page.type("PS1=; echo term $TERM; stty size; echo ready'!'\r");
  await page.shows('ready!');
  expect(page.output).toContain('term xterm-256color');
  expect(page.output).toContain('24 80');
  page.say({ type: 'resize', columns: 120, rows: 40 });
  page.type('stty size\r');
  await page.shows('40 120');
  page.type('exit 7\r');
  expect(await page.told('exit')).toEqual({ type: 'exit', code: 7, signal: null });
  expect(await page.told('end')).toMatchObject({ reason: 'exited' });
  expect(await page.isClosed()).toBe(1000);
  const seen = terminals.proxy.sessions[0]!;
  expect(terminals.proxy.requests[0]).toMatchObject({
    client: 'browser terminal Chrome/120.0',
    destination: { target: 'web-1', account: null },
    protocol: 'ssh',
    source: '127.0.0.1',
  });
  await soon(() => expect(seen.ended).toBe('closed-by-client'));
  expect(seen.opened).toMatchObject([{ channel: 0, kind: 'shell', pty: true }]);
  expect(seen.closed).toMatchObject([{ channel: 0, exitCode: 7, bytesSent: page.got }]);
  expect(seen.sent).toBe(page.got);
  const recorded = seen.records.filter(({ kind }) => kind === 'output').map(({ data }) => data);
  expect(Buffer.concat(recorded).equals(Buffer.concat(page.pieces))).toBe(true);
});

/** What a recording says: in which pieces output comes, and between which of them a line is known, is up to the kernel. */
function told({ records }: SeenSession): { readonly output: string; readonly others: readonly string[] } {
  const text = (data: Uint8Array): string => Buffer.from(data).toString('latin1');
  const isOutput = ({ kind }: { readonly kind: string }): boolean => kind === 'output';
  const output = records.filter(isOutput).map(({ data }) => text(data));
  return {
    output: output.join('').replaceAll(/Last login.*\r\n/g, ''),
    others: records
      .filter((record) => !isOutput(record))
      .map(({ kind, channel, data }) => `${kind} ${String(channel)} ${text(data)}`),
  };
}

test('the native client and the browser leave the same record', async () => {
  const terminals = await start({ channels: { typed: true } });
  const { proxy } = terminals;
  const steps = [
    ["exec env -i TERM=$TERM PS1='ready> ' HISTFILE= bash --norc --noprofile\r", `\u001b[?2004h${prompt}`],
    ['echo one\r', printed('\rone')],
    ['read -s word; echo got\r', 'echo got\r\n\u001b[?2004l\r'],
    ['Canary-hunter2\r', printed('got')],
    ['exit 3\r', 'exit\r\n'],
  ] as const;
  const args = ['-e', 'ssh', '-tt', ...proxy.ssh, '-o', 'SendEnv=-*', '127.0.0.1'];
  const env = { ...sshEnv(proxy), TERM: 'xterm-256color' };
  const native = startTerminal('sshpass', args, { columns: 80, rows: 24, env });
  await native.shows(/[$#] $/);
  for (const [keys, sees] of steps) {
    const from = native.output().length;
    native.type(keys);
    await native.shows(sees, from);
  }
  expect((await native.exited).code).toBe(3);
  await soon(() => expect(proxy.sessions[0]?.ended).toBe('closed-by-client'));

  const page = await terminals.open();
  await until(() => /[$#] $/.test(page.output), { what: 'the prompt' });
  for (const [keys, sees] of steps) {
    const from = page.output.length;
    page.type(keys);
    await until(() => page.output.slice(from).includes(sees), { what: sees });
  }
  await page.isClosed();
  await soon(() => expect(proxy.sessions[1]?.ended).toBe('closed-by-client'));
  const [one, other] = proxy.sessions.map(told);
  expect(other).toEqual(one);
  expect(other!.others).toContain('statement 0 {"line":"echo one","known":true}');
  expect(other!.others).toContain('hidden 0 {"bytes":15}');
  expect(JSON.stringify(other)).not.toContain('hunter2');
  const [a, b] = proxy.sessions.map(({ opened, closed, byPerson }) => ({ opened, closed, byPerson }));
  expect(b!.opened).toEqual(a!.opened);
  expect(b!.closed[0]).toMatchObject({ exitCode: 3, bytesReceived: a!.closed[0]!.bytesReceived });
});
