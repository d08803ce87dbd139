import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Attribute, Client } from 'ldapts';
import { makeTestCa, type TestCa } from './certificates.ts';
import { launch, type Running } from './process.ts';
import { makeTempDir } from './temp-dir.ts';
import { until } from './until.ts';

const adminPassword = 'Adm1n-Passw0rd!';

export interface SambaAd {
  /** ldaps:// with the domain controller's address on loopback. */
  readonly url: string;
  /** ldap://, where the server wants StartTLS before a simple bind. */
  readonly plainUrl: string;
  readonly base: 'DC=ad,DC=test';
  readonly ca: TestCa;
  /** The domain's administrator. */
  readonly adminUpn: string;
  readonly adminPassword: string;
  asAdmin<T>(work: (client: Client) => Promise<T>): Promise<T>;
  /** An enabled account under CN=Users; returns its DN. */
  addUser(name: string, password: string, extra?: Readonly<Record<string, string>>): Promise<string>;
  /** A group under CN=Users with these members; returns its DN. */
  addGroup(name: string, members: readonly string[]): Promise<string>;
  stop(): Promise<void>;
}

/**
 * A domain controller of the domain AD.TEST of its own (Debian's samba-ad-dc), for `beforeAll`; the caller stops it.
 * Its ports are fixed (636, 389), so that it has an address of its own. Needs root.
 */
export async function launchSambaAd(): Promise<SambaAd> {
  const dir = makeTempDir();
  const file = (name: string): string => join(dir.path, name);
  const address = `127.${64 + ((process.pid >> 14) & 63)}.${(process.pid >> 7) & 127}.${1 + (process.pid & 127)}`;
  const ca = await makeTestCa('Domain CA');
  const { cert, key } = await ca.certify({ names: ['dc1.ad.test', address] });
  writeFileSync(file('ca.crt'), ca.pem);
  writeFileSync(file('srv.crt'), cert);
  writeFileSync(file('srv.key'), key, { mode: 0o600 });
  const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: dir.path, LC_ALL: 'C.UTF-8' };
  const tool = async (...args: string[]): Promise<void> => {
    const run = launch('samba-tool', args, { env });
    if ((await run.exited).code !== 0) throw new Error(`samba-tool ${args.slice(0, 2).join(' ')}: ${run.stderr()}`);
  };
  const dc = file('dc');
  const where = ['--configfile=/dev/null', `--targetdir=${dc}`, '--host-name=dc1', `--host-ip=${address}`];
  const domain = ['--realm=AD.TEST', '--domain=ADTEST', '--server-role=dc', '--dns-backend=NONE'];
  await tool('domain', 'provision', ...where, ...domain, `--adminpass=${adminPassword}`);
  const settings = ['--min-pwd-age=0', '--history-length=0', '--complexity=off', '--account-lockout-threshold=3'];
  const lockout = ['--account-lockout-duration=1', '--reset-account-lockout-after=1'];
  const database = ['-H', join(dc, 'private/sam.ldb')];
  await tool(
    'domain',
    'passwordsettings',
    'set',
    `--configfile=${dc}/etc/smb.conf`,
    ...database,
    ...settings,
    ...lockout,
  );
  for (const folder of ['cache', 'run', 'ncalrpc']) mkdirSync(join(dc, folder), { recursive: true });
  writeFileSync(join(dc, 'etc/dc.conf'), `${configOf(dc, address, file).join('\n')}\n`);

  const server: Running = launch(
    '/usr/sbin/samba',
    ['-F', '--no-process-group', '-M', 'single', '-s', join(dc, 'etc/dc.conf'), '--debug-stdout'],
    { env },
  );
  const stop = async (): Promise<void> => {
    await server.stop('SIGTERM');
    dir.remove();
  };
  const url = `ldaps://${address}:636`;
  const base = 'DC=ad,DC=test';
  const asAdmin = async <T>(work: (client: Client) => Promise<T>): Promise<T> => {
    const client = new Client({ url, tlsOptions: { ca: ca.pem }, timeout: 30_000, connectTimeout: 5000 });
    try {
      await client.bind('administrator@ad.test', adminPassword);
      return await work(client);
    } finally {
      await client.unbind();
    }
  };
  const add = async (dn: string, values: Readonly<Record<string, readonly string[] | Buffer>>): Promise<string> => {
    const attributes = Object.entries(values).map(
      ([type, value]) => new Attribute({ type, values: Buffer.isBuffer(value) ? [value] : [...value] }),
    );
    await asAdmin(async (client) => {
      await client.add(dn, attributes);
    });
    return dn;
  };
  try {
    await until(async () => await asAdmin(async () => true), { what: 'Samba to answer', deadlineMs: 60_000 });
  } catch (error) {
    await stop();
    throw new Error(`samba: ${server.stdout()}${server.stderr()}`, { cause: error });
  }
  return {
    url,
    plainUrl: `ldap://${address}:389`,
    base,
    ca,
    adminUpn: 'administrator@ad.test',
    adminPassword,
    asAdmin,
    addUser: async (name, password, extra = {}) =>
      await add(`CN=${name},CN=Users,${base}`, {
        objectClass: ['user'],
        sAMAccountName: [name],
        userPrincipalName: [`${name}@ad.test`],
        unicodePwd: Buffer.from(`"${password}"`, 'utf16le'),
        userAccountControl: ['512'],
        ...Object.fromEntries(Object.entries(extra).map(([key, value]) => [key, [value]])),
      }),
    addGroup: async (name, members) =>
      await add(`CN=${name},CN=Users,${base}`, {
        objectClass: ['group'],
        sAMAccountName: [name],
        ...(members.length === 0 ? {} : { member: members }),
      }),
    stop,
  };
}

function configOf(dc: string, address: string, file: (name: string) => string): string[] {
  return [
    '[global]',
    'netbios name = DC1',
    'realm = AD.TEST',
    'workgroup = ADTEST',
    'server role = active directory domain controller',
    'server services = ldap',
    'bind interfaces only = yes',
    `interfaces = ${address}/8`,
    `private dir = ${dc}/private`,
    `state directory = ${dc}/state`,
    `cache directory = ${dc}/cache`,
    `lock directory = ${dc}`,
    `pid directory = ${dc}/run`,
    `ncalrpc dir = ${dc}/ncalrpc`,
    `binddns dir = ${dc}/bind-dns`,
    'tls enabled = yes',
    `tls keyfile = ${file('srv.key')}`,
    `tls certfile = ${file('srv.crt')}`,
    `tls cafile = ${file('ca.crt')}`,
    'ldap server require strong auth = yes',
    'old password allowed period = 0',
  ];
}
