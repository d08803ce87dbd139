// The real programs the tests talk to: what they are called in Debian, and how to prove that one is there.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';

/** One row per package; `needs` is "test" for `npm test` and "bench" for benches alone. */
const PEERS = [
  { pkg: 'openssh-server', needs: 'test', proof: ['/usr/sbin/sshd', '-V'], says: /OpenSSH/ },
  { pkg: 'openssh-client', needs: 'test', proof: ['ssh', '-V'], says: /OpenSSH/ },
  { pkg: 'sshpass', needs: 'test', proof: ['sshpass', '-V'], says: /sshpass/ },
  { pkg: 'putty-tools', needs: 'test', proof: ['plink', '-V'], says: /plink/ },
  {
    pkg: 'libnss-wrapper',
    needs: 'test',
    proof: ['sh', '-c', 'LD_PRELOAD=libnss_wrapper.so true && echo ok'],
    says: /^ok\s*$/,
  },
  { pkg: 'passwd', needs: 'test', proof: ['/usr/sbin/useradd', '--help'], says: /useradd/ },
  { pkg: 'git', needs: 'test', proof: ['git', '--version'], says: /git version/ },
  { pkg: 'rsync', needs: 'test', proof: ['rsync', '--version'], says: /rsync/ },
  { pkg: 'ansible-core', needs: 'test', proof: ['ansible-playbook', '--version'], says: /ansible-playbook/ },
  { pkg: 'lftp', needs: 'test', proof: ['lftp', '--version'], says: /LFTP/ },
  // Debian's own python3: another one earlier on the PATH does not see Debian's modules.
  {
    pkg: 'python3-paramiko',
    needs: 'test',
    proof: ['/usr/bin/python3', '-c', 'import paramiko; print("ok")'],
    says: /^ok/,
  },
  {
    pkg: 'libpam-google-authenticator',
    needs: 'test',
    proof: ['sh', '-c', 'ls /usr/lib/*/security/pam_google_authenticator.so && echo ok'],
    says: /ok\s*$/,
  },
  { pkg: 'curl', needs: 'test', proof: ['curl', '-V'], says: /sftp/ },
  { pkg: 'vim', needs: 'test', proof: ['vim', '--version'], says: /VIM/ },
  { pkg: 'nmap', needs: 'test', proof: ['nmap', '--version'], says: /Nmap version/ },
  { pkg: 'ssh-audit', needs: 'test', proof: ['ssh-audit', '-h'], says: /ssh-audit/ },
  { pkg: 'postgresql-15', needs: 'test', proof: ['/usr/lib/postgresql/15/bin/postgres', '--version'], says: /15\./ },
  {
    pkg: 'libpostgresql-jdbc-java',
    needs: 'test',
    proof: ['sh', '-c', 'ls /usr/share/java/postgresql.jar && echo ok'],
    says: /ok\s*$/,
  },
  { pkg: 'default-jdk-headless', needs: 'test', proof: ['javac', '-version'], says: /javac/ },
  {
    pkg: 'python3-psycopg2',
    needs: 'test',
    proof: ['/usr/bin/python3', '-c', 'import psycopg2; print("ok")'],
    says: /^ok/,
  },
  { pkg: 'slapd', needs: 'test', proof: ['sh', '-c', '/usr/sbin/slapd -VV 2>&1'], says: /OpenLDAP/ },
  { pkg: 'samba-ad-dc', needs: 'test', proof: ['/usr/sbin/samba', '-V'], says: /Version 4/ },
  // Only recommended by samba-ad-dc, and no domain can be made without it.
  {
    pkg: 'samba-ad-provision',
    needs: 'test',
    proof: ['sh', '-c', 'ls -d /usr/share/samba/setup && echo ok'],
    says: /ok\s*$/,
  },
  { pkg: 'chromium', needs: 'test', proof: ['/usr/bin/chromium', '--version'], says: /Chromium/ },
  { pkg: 'pgbouncer', needs: 'bench', proof: ['/usr/sbin/pgbouncer', '--version'], says: /PgBouncer/ },
];

function isThere({ proof: [command, ...args], says }) {
  const { stdout = '', stderr = '' } = spawnSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return says.test(`${stdout}${stderr}`);
}

export function missingPeers(needs) {
  return PEERS.filter((peer) => (needs === 'bench' || peer.needs === 'test') && !isThere(peer)).map(({ pkg }) => pkg);
}

/**
 * Installs what is missing, when that is possible here, and returns what is missing still.
 * A package that is installed already keeps its version: other programs on the machine may rely on it.
 */
export function installPeers(needs) {
  const missing = missingPeers(needs);
  if (missing.length === 0) return [];
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return missing;
  console.log(`Installing Debian packages: ${missing.join(' ')}`);
  withoutAutoStart(() => {
    if (!hasPackageLists()) apt(['update']);
    const install = ['install', '-y', '--no-upgrade', '--no-install-recommends', ...missing];
    // Lists from another day may name versions that are gone: fetch them and try once more.
    if (apt(install) !== 0 && apt(['update']) === 0) apt(install);
  });
  return missingPeers(needs);
}

function apt(args) {
  const env = {
    ...process.env,
    DEBIAN_FRONTEND: 'noninteractive',
    PATH: `${process.env.PATH ?? ''}:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin`,
  };
  const options = ['-q', '-o', 'DPkg::Lock::Timeout=300', '-o', 'Dpkg::Use-Pty=0'];
  return spawnSync('/usr/bin/apt-get', [...options, ...args], { stdio: ['ignore', 'inherit', 'inherit'], env }).status;
}

function hasPackageLists() {
  const lists = '/var/lib/apt/lists';
  return (
    existsSync(lists) && readdirSync(lists).some((name) => statSync(`${lists}/${name}`).isFile() && name !== 'lock')
  );
}

/** Debian starts a freshly installed server at once, unless this file says no (exit code 101). */
function withoutAutoStart(work) {
  const policy = '/usr/sbin/policy-rc.d';
  const ours = !existsSync(policy);
  if (ours) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    work();
  } finally {
    if (ours) rmSync(policy, { force: true });
  }
}
