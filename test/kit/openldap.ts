import { writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'ldapts';
import { makeTestCa, type TestCa } from './certificates.ts';
import { freePort } from './ports.ts';
import { launch } from './process.ts';
import { makeTempDir } from './temp-dir.ts';
import { until } from './until.ts';

const schemas = ['core', 'cosine', 'inetorgperson', 'nis'];

export interface OpenLdapOptions {
  /** LDIF under dc=peer,dc=test; the base, ou=people, ou=groups and cn=svc (password svc-pw) are there before it. */
  readonly ldif: string;
  /** Signs the certificate; without it a new one. */
  readonly ca?: TestCa;
  /** Names in the certificate; localhost and 127.0.0.1 unless told. */
  readonly names?: readonly string[];
}

export interface OpenLdap {
  /** ldaps:// */
  readonly url: string;
  /** ldap://, where the server wants StartTLS before any bind. */
  readonly plainUrl: string;
  readonly ca: TestCa;
  /** What the server has logged so far: a line for each connection, bind and search. */
  log(): string;
  /** A connection bound as the root of the database, closed afterwards. */
  asAdmin<T>(work: (client: Client) => Promise<T>): Promise<T>;
  stop(): Promise<void>;
}

/** Debian's slapd with the password policy overlay on loopback, for `beforeAll`; the caller stops it. */
export async function launchOpenLdap(options: OpenLdapOptions): Promise<OpenLdap> {
  const dir = makeTempDir();
  const file = (name: string): string => join(dir.path, name);
  const ca = options.ca ?? (await makeTestCa('Directory CA'));
  const { cert, key } = await ca.certify(options.names === undefined ? {} : { names: options.names });
  mkdirSync(file('db'));
  writeFileSync(file('ca.crt'), ca.pem);
  writeFileSync(file('srv.crt'), cert);
  writeFileSync(file('srv.key'), key, { mode: 0o600 });
  writeFileSync(file('slapd.conf'), `${configOf(file).join('\n')}\n`);
  writeFileSync(file('init.ldif'), `${baseLdif}\n\n${options.ldif}\n`);
  const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: dir.path };
  const add = launch('/usr/sbin/slapadd', ['-q', '-f', file('slapd.conf'), '-l', file('init.ldif')], { env });
  if ((await add.exited).code !== 0) throw new Error(`slapadd of Debian's slapd: ${add.stderr()}`);

  const [tls, plain] = [await freePort(), await freePort()];
  const url = `ldaps://127.0.0.1:${tls}`;
  const plainUrl = `ldap://127.0.0.1:${plain}`;
  const server = launch('/usr/sbin/slapd', ['-f', file('slapd.conf'), '-h', `${url} ${plainUrl}`, '-d', 'stats'], {
    env,
  });
  const stop = async (): Promise<void> => {
    await server.stop('SIGTERM');
    dir.remove();
  };
  const asAdmin = async <T>(work: (client: Client) => Promise<T>): Promise<T> => {
    const client = new Client({
      url,
      tlsOptions: { ca: ca.pem, checkServerIdentity: () => undefined },
      timeout: 30_000,
    });
    try {
      await client.bind('cn=admin,dc=peer,dc=test', 'admin-pw');
      return await work(client);
    } finally {
      await client.unbind();
    }
  };
  try {
    await until(async () => await asAdmin(async () => true), { what: 'slapd to answer', deadlineMs: 60_000 });
  } catch (error) {
    await stop();
    throw new Error(`slapd: ${server.stderr()}`, { cause: error });
  }
  return { url, plainUrl, ca, log: () => server.stderr(), asAdmin, stop };
}

function configOf(file: (name: string) => string): string[] {
  return [
    ...schemas.map((name) => `include /etc/ldap/schema/${name}.schema`),
    'modulepath /usr/lib/ldap',
    'moduleload back_mdb',
    'moduleload ppolicy',
    `pidfile ${file('slapd.pid')}`,
    `TLSCACertificateFile ${file('ca.crt')}`,
    `TLSCertificateFile ${file('srv.crt')}`,
    `TLSCertificateKeyFile ${file('srv.key')}`,
    'security simple_bind=128',
    'sizelimit 100',
    'database mdb',
    'suffix "dc=peer,dc=test"',
    'rootdn "cn=admin,dc=peer,dc=test"',
    'rootpw admin-pw',
    `directory ${file('db')}`,
    'maxsize 268435456',
    'dbnosync',
    'index objectClass,uid,cn,member,entryUUID eq',
    'limits dn.exact="cn=svc,dc=peer,dc=test" size.soft=100 size.hard=100 size.pr=500 size.prtotal=unlimited',
    'overlay ppolicy',
    'ppolicy_default "cn=policy,dc=peer,dc=test"',
    'ppolicy_use_lockout',
    'access to attrs=userPassword by self write by anonymous auth by * none',
    'access to * by users read by * none',
  ];
}

const baseLdif = `dn: dc=peer,dc=test
objectClass: dcObject
objectClass: organization
dc: peer
o: Peer

dn: ou=people,dc=peer,dc=test
objectClass: organizationalUnit
ou: people

dn: ou=groups,dc=peer,dc=test
objectClass: organizationalUnit
ou: groups

dn: cn=policy,dc=peer,dc=test
objectClass: device
objectClass: pwdPolicy
cn: policy
pwdAttribute: userPassword
pwdLockout: TRUE
pwdMaxFailure: 3
pwdLockoutDuration: 1
pwdFailureCountInterval: 600
pwdMustChange: TRUE

dn: cn=svc,dc=peer,dc=test
objectClass: applicationProcess
objectClass: simpleSecurityObject
cn: svc
userPassword: svc-pw`;
