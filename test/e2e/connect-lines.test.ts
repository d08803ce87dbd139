import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchSshd, type Sshd } from '../kit/openssh.ts';
import { launchMachine, type Machine } from './client-tools.ts';
import { logIn } from './person.ts';
import { launchProduct, type Product, sshdResources } from './product.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/how-to/connect-ssh.md'), 'utf8');
const blocks = (kind: string): readonly string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${kind}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, text = '']) => text);
const lines = (kind: string): readonly string[] => blocks(kind).flatMap((text) => text.trim().split('\n'));

type Ways = readonly { readonly client: string; readonly text: string }[];
const known = ({ home }: Machine): string => readFileSync(join(home, 'known_hosts'), 'utf8');

let product: Product;
let sshd: Sshd;
let machine: Machine;
/** The connect lines of GraphQL, by client. */
let ways: Readonly<Record<string, string>>;

beforeAll(async () => {
  [product, sshd] = await Promise.all([launchProduct(), launchSshd()]);
  const admin = await logIn(product);
  await admin.apply(sshdResources(sshd, 'web1'));
  const { secret } = await admin.token();
  machine = launchMachine({ product, secret, hosts: { '127.0.0.1': 'admin~web1' } });
  mkdirSync(join(machine.home, 'notes'));
  writeFileSync(join(machine.home, 'notes/one.txt'), 'one');
  writeFileSync(join(machine.home, 'commands.txt'), 'ls\n');
  writeFileSync(
    join(machine.home, 'known_hosts'),
    `${known(machine)}${known(machine).replaceAll('127.0.0.1', 'localhost')}`,
  );
  prepare();
  const { viewer } = await admin.graphql<{ viewer: { reach: { edges: readonly { node: { connect: Ways } }[] } } }>(
    '{ viewer { reach { edges { node { connect { client text } } } } } }',
  );
  const connect = viewer.reach.edges[0]?.node.connect ?? [];
  expect(JSON.stringify(connect)).not.toContain(secret);
  ways = Object.fromEntries(connect.map(({ client, text }) => [client, text]));
  const { code } = await machine.run(`chmod 777 ${sshd.home}; $ASK ssh -F $CONFIG web1 git init -q --bare repo.git`);
  expect(code).toBe(0);
}, 120_000);

afterAll(async () => {
  machine.remove();
  await product.stop();
  await sshd.stop();
});

/**
 * A line is run as it stands, with our names for its host, port and person. The programs are wrapped in what a person does
 * at the terminal: type the token; and in what a machine has: the host key.
 */
function prepare(): void {
  const bin = join(machine.home, 'bin');
  mkdirSync(bin);
  mkdirSync(join(machine.home, '.ssh'));
  writeFileSync(join(machine.home, '.ssh/known_hosts'), readFileSync(join(machine.home, 'known_hosts')));
  const config = asOurs(blocks('ssh-config').join('')).replaceAll('~/.ssh', join(machine.home, '.ssh'));
  writeFileSync(join(machine.home, 'config'), `${config}${readFileSync(join(machine.home, 'config'), 'utf8')}`);
  const wrap = (name: string, text: string): void => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  // What another program starts, with the token typed there, gets it from that program.
  wrap(
    'ssh',
    '[ "$TYPED" ] && exec /usr/bin/ssh -F $CONFIG "$@"; TYPED=1 exec sshpass -e /usr/bin/ssh -F $CONFIG "$@"',
  );
  for (const name of ['scp', 'sftp']) wrap(name, `TYPED=1 exec sshpass -e /usr/bin/${name} -F $CONFIG "$@"`);
  wrap('lftp', 'LFTP_PASSWORD=$SSHPASS TYPED=1 exec /usr/bin/lftp --env-password "$@"');
  for (const name of ['plink', 'pscp', 'psftp']) wrap(name, `exec /usr/bin/${name} -hostkey $HOST_KEY "$@"`);
}

function asOurs(text: string): string {
  return text
    .replaceAll('sallyport.example.org', '127.0.0.1')
    .replaceAll('2222', String(product.sshPort))
    .replaceAll('alice', 'admin');
}

const inBin = 'PATH=$HOME/bin:$PATH; unset RSYNC_RSH GIT_SSH_COMMAND; HOST_KEY=${PUTTY##* }; export HOST_KEY;';

it.each([...lines('sh client'), ...lines('sh config')])('%s', async (line) => {
  const run = await machine.run(`${inBin} ${asOurs(line)}`, line.startsWith('sftp') ? 'ls\n' : 'echo $0\n');
  expect(run, run.stderr).toMatchObject({ code: 0 });
});

it('paramiko', async () => {
  const run = await machine.run('/usr/bin/python3 -', asOurs(blocks('python').join('')));
  expect(run, run.stderr).toMatchObject({ code: 0 });
  expect(run.stdout).toContain('load average');
  expect(readFileSync(join(sshd.home, 'one.txt'), 'utf8')).toBe('one');
});

it('each connect line leads there with its client', async () => {
  const { ssh = '', scp = '', sftp = '', plink = '', putty = '', 'ssh-config': config = '', ...others } = ways;
  const alias = /^Host (.+)$/m.exec(config)?.[1] ?? '';
  writeFileSync(join(machine.home, 'with-alias'), `${config}${readFileSync(join(machine.home, 'config'), 'utf8')}`);
  const tried: readonly (readonly [line: string, input: string])[] = [
    [`${ssh} true`, ''],
    [scp.replace('FILE', 'notes/one.txt'), ''],
    [sftp, 'ls\n'],
    [`CONFIG=with-alias; ssh ${alias} true`, ''],
    [`${plink.replace('plink', 'plink -batch -pwfile token.txt')} true`, ''],
  ];
  for (const [line, input] of tried) {
    const run = await machine.run(`${inBin} ${line}`, input);
    expect(run, `${line}\n${run.stderr}`).toMatchObject({ code: 0 });
  }
  // PuTTY itself has a window, and takes the options that plink takes.
  expect(putty.replace('putty.exe', 'plink')).toBe(plink);
  expect(others).toEqual({});
});

it('every client of the page is among them', () => {
  const programs = [...lines('sh client'), ...lines('sh config')].map((line) => line.split(' ')[0]);
  expect(new Set(programs)).toEqual(new Set(['ssh', 'sftp', 'scp', 'rsync', 'git', 'plink', 'pscp', 'psftp', 'lftp']));
});
