import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchSshd, type Sshd } from '../kit/openssh.ts';
import { launchMachine, type Machine } from './client-tools.ts';
import { logIn, type Person } from './person.ts';
import { type Finished, launchProduct, type Product, sshdResources } from './product.ts';

const names = ['web1', 'web2', 'web3', 'web4', 'web5'];
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

/** The inventory of docs/how-to/connect-ssh.md, with what this machine's own folders need. */
async function play(more = ''): Promise<Finished> {
  const inventory = `[web]\n${names.join('\n')}\n[web:vars]
ansible_host=127.0.0.1
ansible_port=${String(product.sshPort)}
ansible_user=admin~{{ inventory_hostname }}
ansible_password={{ lookup('env', 'SSHPASS') }}
ansible_remote_tmp=$HOME/.ansible/tmp
ansible_ssh_common_args=-F ${join(machine.home, 'config')}
ansible_python_interpreter=/usr/bin/python3
payload=${join(machine.home, 'payload')}
`;
  writeFileSync(join(machine.home, 'inventory'), inventory);
  const home = join(machine.home, 'ansible-home');
  return await machine.run(`ANSIBLE_HOME=${home} ${more} ansible-playbook -i inventory --forks 5 ${playbook}`);
}

function recap(run: Finished): readonly string[] {
  expect(run.code, `${run.stdout}\n${run.stderr}`).toBe(0);
  const lines = run.stdout.slice(run.stdout.indexOf('PLAY RECAP')).split('\n').slice(1);
  return lines.filter((line) => line !== '').map((line) => line.replace(/\s+/g, ' ').trim());
}

it('a playbook of 30 tasks runs on 5 targets as it is, and again without a change', async () => {
  const before = await admin.head();
  expect(recap(await play())).toEqual(
    names.map((name) => `${name} : ok=32 changed=15 unreachable=0 failed=0 skipped=0 rescued=0 ignored=0`),
  );
  for (const [index, sshd] of targets.entries()) {
    const name = names[index] ?? '';
    expect(readFileSync(join(sshd.home, 'site/app.conf'), 'utf8')).toBe(
      `name=${name}\nservices=api,web,worker\nport=8080\n`,
    );
    expect(readFileSync(join(sshd.home, 'site/said'), 'utf8')).toBe('one two\n');
    expect(readFileSync(join(sshd.home, 'site/typed'), 'utf8')).toBe('from standard input\n');
  }
  expect(recap(await play())).toEqual(
    names.map((name) => `${name} : ok=30 changed=0 unreachable=0 failed=0 skipped=1 rescued=0 ignored=0`),
  );
  const opened = (await admin.events(before)).filter(({ type }) => type === 'SessionOpened');
  expect(new Set(opened.map(({ data }) => data.targetName))).toEqual(new Set(names));
}, 600_000);
