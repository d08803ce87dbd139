import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchSshd, type Sshd, startSshd } from '../../kit/openssh.ts';
import { type Running, startProcess } from '../../kit/process.ts';
import { until } from '../../kit/until.ts';
import { sshEnv, startProxy, type SeenSession, type TestProxy, targetOf } from './proxy-kit.ts';

let sshd: Sshd;

beforeAll(async () => {
  sshd = await launchSshd();
});
afterAll(async () => {
  await sshd.stop();
});

const recorded = (seen: SeenSession): Buffer =>
  Buffer.concat(seen.records.filter(({ kind }) => kind === 'output' || kind === 'stderr').map(({ data }) => data));

function start(proxy: TestProxy, args: readonly string[]): Running {
  return startProcess('sshpass', ['-e', 'ssh', ...proxy.ssh, ...args], { env: sshEnv(proxy), keepInput: true });
}

async function expectRecorded(proxy: TestProxy, client: Running): Promise<void> {
  await client.exited;
  const seen = proxy.sessions[0]!;
  await until(() => seen.ended, { what: 'the end of the session' });
  expect(recorded(seen).toString()).toBe(client.stdout());
  expect(seen.sent).toBe(client.stdoutBytes().length);
}

const chatter = 'while :; do echo "one line of output, again and again"; done';

test.each(['required', 'strict'] as const)(
  'a warning comes between the output, recorded in its place (%s)',
  async (recording) => {
    const proxy = await startProxy({ target: targetOf(sshd), recording, slowRecords: recording === 'strict' });
    const client = start(proxy, [
      '-tt',
      '127.0.0.1',
      'i=0; while [ $i -lt 300 ]; do echo "line $i"; i=$((i+1)); done; cat',
    ]);
    await until(() => client.stdout().includes('line 50'), { what: 'output' });
    proxy.sessions[0]!.notice('this session ends in 5 minutes (\u001b]0;title\u0007)');
    await until(() => client.stdout().includes('line 299'), { what: 'all output' });
    client.child.stdin?.end('\u0004');
    await expectRecorded(proxy, client);
    expect(client.stdout()).toContain('\r\nsallyport: this session ends in 5 minutes ( ]0;title )\r\n');
  },
);

test('a warning does not get into the output of a program', async () => {
  const proxy = await startProxy({ target: targetOf(sshd) });
  const client = start(proxy, ['127.0.0.1', 'echo data; cat']);
  await until(() => client.stdout() === 'data\n', { what: 'output' });
  proxy.sessions[0]!.notice('this session ends in 5 minutes');
  client.child.stdin?.end('more\n');
  await expectRecorded(proxy, client);
  expect(client.stdout() + client.stderr()).toBe('data\nmore\n');
});

test.each(['required', 'strict'] as const)(
  'an end under full output: what is recorded arrives, the last words too (%s)',
  async (recording) => {
    const proxy = await startProxy({ target: targetOf(sshd), recording, slowRecords: recording === 'strict' });
    const client = start(proxy, ['-tt', '127.0.0.1', chatter]);
    await until(() => client.stdout().length > 100_000, { what: 'output' });
    proxy.sessions[0]!.cut('administrator', 'an administrator ended the session: lunch');
    await expectRecorded(proxy, client);
    expect(client.stdout()).toMatch(/\r\nsallyport: an administrator ended the session: lunch\r\n$/);
  },
);

test('a lost target: its last output and the last words are in the record', async () => {
  const own = await startSshd();
  const proxy = await startProxy({ target: targetOf(own) });
  const client = start(proxy, ['-tt', '127.0.0.1', 'echo there; sleep 60']);
  await until(() => client.stdout().includes('there'), { what: 'output' });
  await own.stop();
  await expectRecorded(proxy, client);
  expect(client.stdout()).toContain('sallyport: the target closed the session');
});

test('a target that refuses the command says so, and that is recorded', async () => {
  const own = await startSshd({ config: ['PermitTTY no'] });
  const proxy = await startProxy({ target: targetOf(own) });
  const client = start(proxy, ['-tt', '127.0.0.1', 'true']);
  await expectRecorded(proxy, client);
  expect(client.stdout()).toContain('sallyport: the target refused');
});

test('what a terminal answers by itself is not what a person types', async () => {
  const proxy = await startProxy({ target: targetOf(sshd) });
  const client = start(proxy, ['-tt', '127.0.0.1', 'stty raw -echo; echo ready; head -c 30 | tr "\\033" E']);
  await until(() => client.stdout().includes('ready'), { what: 'the raw terminal' });
  const seen = proxy.sessions[0]!;
  const answers = ['\u001b[24;80R', '\u001b[?1;2c', '\u001b[I\u001b[O'];
  let sent = 0;
  for (const answer of answers) {
    client.child.stdin?.write(answer);
    sent += answer.length;
    await until(() => seen.received === sent, { what: 'the answer at the proxy' });
  }
  expect(seen.byPerson).toBe(0);
  client.child.stdin?.write('\u001b[A typed');
  await until(() => seen.byPerson === 9, { what: 'the typed bytes' });
});
