import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type OidcProviderServer, startOidcProvider } from '../../kit/oidc-provider.ts';
import { launchOpenLdap, type OpenLdap } from '../../kit/openldap.ts';
import { oidcSpec } from '../../kit/provider-specs.ts';
import { launchSshd } from '../../kit/openssh.ts';
import { Api } from '../../../src/client/api.ts';
import { installationOf, logIn, type Person } from '../person.ts';
import { launchProduct, type Product, sshdResources } from '../product.ts';
import { doorNames } from './visit.ts';

export const password = 'a meadow full of quiet engines';
const people = 'ou=people,dc=peer,dc=test';

/** Of each person there is one for each door, so that no door sees what another one did. */
const groupsOf: Readonly<Record<string, readonly string[]>> = {
  ann: [],
  dis: [],
  mia: [],
  lou: [],
  kim: [],
  eve: ['factor'],
  ida: ['factor'],
  ian: ['factor'],
  fay: ['factor', 'fresh'],
  flo: ['factor', 'fresh'],
  kay: ['factor', 'keyed'],
  sam: ['factor'],
  poli: [],
};

const asks = '"factor" in claims.user.groups';
const fails = 'claims.user.username.startsWith("poli") && claims.user.groups[7] == "x"';

function document(kind: string, name: string, spec: object): string {
  return JSON.stringify({ apiVersion: 'sallyport/v1', kind, metadata: { name }, spec });
}

export interface RulesInstallation {
  readonly product: Product;
  readonly admin: Person;
  /** Logs somebody in at `corp`; gives where they are sent back to. */
  atCorp(url: string, name: string): Promise<string>;
  /** A recovery code of somebody that was not used yet. */
  code(name: string): string;
  /** What is declared of somebody, anew. */
  declare(name: string, spec: object): Promise<void>;
  readonly directory: OpenLdap;
  readonly directoryDn: (name: string) => string;
  /** The clock of the machine is 5 minutes and a second further on. */
  waitFiveMinutes(): Promise<void>;
  stop(): Promise<void>;
}

export async function launchRulesInstallation(): Promise<RulesInstallation> {
  const clock = join(import.meta.dirname, 'programs/moving-clock.mjs');
  const entries = doorNames.map((door) => {
    const uid = `lena-${door}`;
    return `dn: uid=${uid},${people}\nobjectClass: inetOrgPerson\nuid: ${uid}\ncn: ${uid}\nsn: ${uid}\nuserPassword: ${password}`;
  });
  const [sshd, product, directory] = await Promise.all([
    launchSshd(),
    launchProduct({ cut: null, env: { NODE_OPTIONS: `--import=${clock}`, SALLYPORT_SYNC_EVERY: '5m' } }),
    launchOpenLdap({ ldif: entries.join('\n\n') }),
  ]);
  const names = Object.keys(groupsOf).flatMap((name) => doorNames.map((door) => `${name}-${door}`));
  const corp = await startCorp(product, names);
  const admin = await logIn(product);
  await admin.apply(
    [
      sshdResources(sshd),
      document('IdentityProvider', 'corp', oidcSpec(corp, { scopes: ['profile'], createUsers: false })),
      document('IdentityProvider', 'directory', {
        type: 'ldap',
        urls: [directory.url],
        bindDn: 'cn=svc,dc=peer,dc=test',
        bindPassword: 'svc-pw',
        userBase: people,
        tls: { ca: directory.ca.pem },
      }),
      document('FactorProvider', 'app', {
        type: 'totp',
        atLogin: `${asks} || ${fails}`,
        atToken: '"fresh" in claims.user.groups',
      }),
      document('FactorProvider', 'keys', {
        type: 'webauthn',
        atLogin: 'false',
        atToken: '"keyed" in claims.user.groups',
      }),
      ...names.map((name) => document('User', name, { password, groups: groupsOf[name.split('-')[0] ?? ''] ?? [] })),
    ].join('\n---\n'),
  );
  const codes = await drawnCodes(product, admin, names);
  return {
    product,
    admin,
    atCorp: (url, name) => corp.login(url, name, password),
    code: (name) => codes.get(name)?.pop() ?? 'no code is left',
    declare: async (name, spec) => {
      const input = document('User', name, { password, ...spec });
      await product.cli(['apply', '--set-secrets', '-f', '-'], { input });
    },
    directory,
    directoryDn: (name) => `uid=${name},${people}`,
    waitFiveMinutes: async () => {
      const told = (
        product
          .running()
          .stderr()
          .match(/ms ahead/g) ?? []
      ).length;
      process.kill(Number(readFileSync(join(product.dataFolder, 'process.pid'), 'utf8')), 'SIGUSR2');
      await product.running().line(new RegExp(`clock is ${String((told + 1) * 301_000)} ms ahead`));
    },
    stop: async () => {
      await corp.stop();
      await directory.stop();
      await product.stop();
      await sshd.stop();
    },
  };
}

async function startCorp(product: Product, names: readonly string[]): Promise<OidcProviderServer> {
  const here = `https://localhost:${String(product.webPort)}`;
  return startOidcProvider({
    accounts: Object.fromEntries(names.map((name) => [name, { password, claims: { preferred_username: name } }])),
    redirectUri: `${here}/auth/callback/corp`,
    postLogoutRedirectUri: `${here}/`,
  });
}

/** Of everybody whom the policy asks for a factor, and who shall have one. */
async function drawnCodes(
  product: Product,
  admin: Person,
  names: readonly string[],
): Promise<ReadonlyMap<string, string[]>> {
  const api = new Api(installationOf(product), admin.bearer);
  const having = names.filter((name) => /^(eve|ida|ian|fay|flo|kay)-/.test(name));
  const drawn = having.map(async (user): Promise<readonly [string, string[]]> => {
    const { codes } = await api.rest<{ codes: readonly string[] }>('POST', '/auth/factors/recovery-codes', { user });
    return [user, [...codes]];
  });
  return new Map(await Promise.all(drawn));
}
