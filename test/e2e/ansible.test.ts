import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { count } from '../kit/counts.ts';
import { launchSshd, type Sshd } from '../kit/openssh.ts';
import { launchMachine, type Machine } from './client-tools.ts';
import { logIn, type Person } from './person.ts';
import { type Finished, launchProduct, type Product, sshdResources } from './product.ts';

const names = Array.from({ length: count(2, 5) }, (_, index) => `web${index + 1}`);
const playbook = join(import.meta.dirname, 'ansible/playbook.yml');

let product: Product;
let targets: readonly Sshd[];
let admin: Person;
let machine: Machine;
let payload: Buffer;

beforeAll(async () => {
  [product, targets] = await Promise.all([launchProduct(), Promise.all(names.map(() => launchSshd()))]);
  admin = await logIn(product);
  await admin.apply(targets.map((sshd, index) => sshdResources(sshd, names[index])).join('---'));
  const { secret } = await admin.token();
  const users = targets.map(({ username }, index) => [`FAR_USER_${names[index] ?? ''}`, username] as const);
  machine = launchMachine({ product, secret, hosts: {}, env: Object.fromEntries(users) });
  payload = randomBytes(700_000);
  writeFileSync(join(machine.home, 'payload'), payload);
  writeFileSync(join(machine.home, 'payload.sha256'), createHash('sha256').update(payload).digest('hex'));
}, 120_000);

afterAll(async () => {
  machine.remove();
  await product.stop();
  await Promise.all(targets.map((sshd) => sshd.stop()));
});

/** The inventory of docs/how-to/connect-ssh.md, for our names and ports. */
function inventoryOfDocs(): string {
  const page = readFileSync(join(import.meta.dirname, '../../docs/how-to/connect-ssh.md'), 'utf8');
  return (/```ini\n([\s\S]*?)```/.exec(page)?.[1] ?? '')
    .replace('web1\nweb2\n', `${names.join('\n')}\n`)
    .replace('sallyport.example.org', '127.0.0.1')
    .replace('2222', String(product.sshPort))
    .replace('alice', 'admin');
}

async function play(inventory: string, config: string, settings = ''): Promise<Finished> {
  writeFileSync(join(machine.home, 'inventory'), inventory);
  writeFileSync(join(machine.home, 'ssh_config'), `${config}\n${readFileSync(join(machine.home, 'config'), 'utf8')}`);
  const common = `ANSIBLE_HOME=$HOME/ansible ANSIBLE_SSH_COMMON_ARGS="-F $HOME/ssh_config" ${settings}`;
  const own = '-e ansible_python_interpreter=/usr/bin/python3 -e payload=$HOME/payload';
  return await machine.run(`${common} ansible-playbook -i inventory ${own} ${playbook}`);
}

function recap(run: Finished): readonly string[] {
  expect(run.code, `${run.stdout}\n${run.stderr}`).toBe(0);
  const lines = run.stdout.slice(run.stdout.indexOf('PLAY RECAP')).split('\n').slice(1);
  return lines.filter((line) => line !== '').map((line) => line.replace(/\s+/g, ' ').trim());
}

const firstRun = 'ok=32 changed=15 unreachable=0 failed=0 skipped=0 rescued=0 ignored=0';
const secondRun = 'ok=30 changed=0 unreachable=0 failed=0 skipped=1 rescued=0 ignored=0';

function expectSites(): void {
  for (const [index, sshd] of targets.entries()) {
    const site = (name: string): string => readFileSync(join(sshd.home, 'site', name), 'utf8');
    expect(site('app.conf')).toBe(`name=${names[index] ?? ''}\nservices=api,web,worker\nport=8080\n`);
    expect(site('said')).toBe('one two\n');
    expect(site('typed')).toBe('from standard input\n');
  }
}

it(`a playbook of 30 tasks runs on ${names.length} targets as it is, and again without a change`, async () => {
  const before = await admin.head();
  expect(recap(await play(inventoryOfDocs(), ''))).toEqual(names.map((name) => `${name} : ${firstRun}`));
  expectSites();
  expect(recap(await play(inventoryOfDocs(), ''))).toEqual(names.map((name) => `${name} : ${secondRun}`));
  const opened = (await admin.events(before)).filter(({ type }) => type === 'SessionOpened');
  expect(new Set(opened.map(({ data }) => data.targetName))).toEqual(new Set(names));
}, 600_000);

it('with an own key as the pass the inventory stays as it is, too, and nobody is asked anything; with pipelining', async () => {
  for (const { home } of targets) rmSync(join(home, 'site'), { recursive: true, force: true });
  rmSync(join(machine.home, 'payload-fetched'), { recursive: true, force: true });
  const key = join(machine.home, 'key');
  expect((await machine.run(`ssh-keygen -q -t ed25519 -N '' -f ${key}`)).code).toBe(0);
  await product.cli(['key', 'add', '--file', `${key}.pub`]);
  const host = (name: string): string => `Host ${name}
  HostName 127.0.0.1
  Port ${String(product.sshPort)}
  User admin~${name}
  IdentityFile ${key}
  IdentitiesOnly yes
  PubkeyAuthentication yes
  BatchMode yes`;
  const run = await play(names.join('\n'), names.map(host).join('\n'), 'ANSIBLE_PIPELINING=1');
  expect(recap(run)).toEqual(names.map((name) => `${name} : ${firstRun}`));
  expectSites();
}, 600_000);
