/** How the text of a setting is read. `address` is `host:port` or `off`; `duration` is `30s`, `5m`, `8h`; `networks` a list. */
export type SettingKind = 'address' | 'list' | 'text' | 'path' | 'secret' | 'integer' | 'duration' | 'networks';

export interface Setting {
  readonly kind: SettingKind;
  readonly default: string | null;
  readonly help: string;
}

/**
 * Every key of `config.yaml` (CONTRACT: key `a.b` is `SALLYPORT_A_B` in the environment, which wins; secrets also by
 * `SALLYPORT_…_FILE`).
 */
export const settings = {
  'listen.web': { kind: 'address', default: '0.0.0.0:8443', help: 'web and API, HTTPS' },
  'listen.ssh': { kind: 'address', default: '0.0.0.0:2222', help: 'SSH proxy' },
  'listen.rdp': { kind: 'address', default: '0.0.0.0:3390', help: 'Remote Desktop proxy; not in this version' },
  'listen.postgres': { kind: 'address', default: '0.0.0.0:5433', help: 'PostgreSQL proxy' },
  'listen.mysql': { kind: 'address', default: '0.0.0.0:3307', help: 'MySQL proxy; not in this version' },
  'listen.gateway': { kind: 'address', default: '0.0.0.0:8444', help: 'gateway tunnel; not in this version' },
  'listen.diagnostics': { kind: 'address', default: '127.0.0.1:9090', help: '/healthz, /readyz, /metrics' },
  publicNames: { kind: 'list', default: '', help: 'host names and addresses people reach this installation by' },
  publicUrl: {
    kind: 'text',
    default: null,
    help: 'https address of the web in browsers; default: the first of publicNames and the port of listen.web',
  },
  zone: { kind: 'text', default: null, help: 'time zone of claims.system.local; default: that of the machine' },
  'admin.password': {
    kind: 'secret',
    default: null,
    help: 'first password of the first admin; default: drawn and printed once',
  },
  'master.key': {
    kind: 'secret',
    default: null,
    help: 'master key, 32 bytes as 64 hex digits; default: <data>/keys/master.key',
  },
  'audit.checkpoints': {
    kind: 'path',
    default: null,
    help: 'second place for signed checkpoints, best on another machine',
  },
  'tls.certificate': {
    kind: 'path',
    default: null,
    help: 'PEM certificate chain of the web; default: one of the own CA',
  },
  'tls.key': { kind: 'path', default: null, help: 'PEM private key to tls.certificate' },
  'limits.unauthenticated': { kind: 'integer', default: '512', help: 'connections before login, all sources together' },
  'limits.unauthenticatedPerSource': {
    kind: 'integer',
    default: '64',
    help: 'connections before login from one address',
  },
  'limits.loginGrace': { kind: 'duration', default: '30s', help: 'time from connecting to being logged in at a proxy' },
  'limits.loginTries': { kind: 'integer', default: '6', help: 'refused tries to log in that end an SSH connection' },
  'limits.failuresPerNetwork': {
    kind: 'integer',
    default: '10',
    help: 'failed logins from one network (IPv4 address, IPv6 /64) after which it is refused for a while',
  },
  'limits.failuresPerUser': {
    kind: 'integer',
    default: '10',
    help: 'failed logins under one name after which each try takes longest (2 s) and an alert is raised',
  },
  'limits.failureWindow': { kind: 'duration', default: '15m', help: 'how long failed logins are counted together' },
  'limits.networkRefusal': { kind: 'duration', default: '1m', help: 'how long a network with too many is refused' },
  'limits.sharedNetworks': {
    kind: 'networks',
    default: '',
    help: 'addresses and networks (192.0.2.1, 2001:db8::/48) that many people share; never refused',
  },
  'limits.sessionsPerUser': { kind: 'integer', default: '256', help: 'sessions open at once of one person' },
  'limits.terminalDetached': {
    kind: 'duration',
    default: '60s',
    help: 'how long a terminal in the browser waits for a page that was lost',
  },
  'sync.every': {
    kind: 'duration',
    default: '5m',
    help: 'how often providers (LDAP, OpenID Connect with offline_access) are asked about who logged in by them; 10s to 5m',
  },
  drain: {
    kind: 'duration',
    default: '20s',
    help: 'how long sessions may go on after SIGTERM; Ctrl-C ends them at once',
  },
  'limits.channels': { kind: 'integer', default: '64', help: 'channels open at once in one SSH connection' },
} as const satisfies Readonly<Record<string, Setting>>;

export type ConfigKey = keyof typeof settings;

export const configKeys: readonly ConfigKey[] = Object.keys(settings) as ConfigKey[];

/** Variables of the command line's client: no settings of the server, and no errors for it. */
export const clientVariables: readonly string[] = [
  'SALLYPORT_USER',
  'SALLYPORT_PASSWORD',
  'SALLYPORT_CA',
  'SALLYPORT_SERVER',
  'SALLYPORT_DATA',
  'SALLYPORT_CONFIG',
];

/** `limits.loginGrace` is `SALLYPORT_LIMITS_LOGIN_GRACE`. */
export function environmentName(key: string): string {
  return `SALLYPORT_${key
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll('.', '_')
    .toUpperCase()}`;
}
