import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Refused } from './errors.ts';

export interface KeyChallenge {
  readonly text: string;
  readonly namespace: string;
}

/** A .pub file with the private key beside it or in an agent, or a public key whose private half only an agent can have. */
type Signer = { readonly file: string } | { readonly publicKey: string };

/**
 * The signature by `ssh-keygen -Y sign` (OpenSSH 8.2 or later), which asks the agent first and then takes the file. The
 * challenge goes by a file, so that standard input stays the terminal at which a passphrase is asked for.
 */
export function signByKey(signer: Signer, { text, namespace }: KeyChallenge): string {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-'));
  try {
    const challenge = join(folder, 'challenge');
    const key = 'file' in signer ? signer.file : join(folder, 'key.pub');
    if ('publicKey' in signer) writeFileSync(key, signer.publicKey, { mode: 0o600 });
    writeFileSync(challenge, text, { mode: 0o600 });
    const words = ['-q', '-Y', 'sign', '-n', namespace, '-f', key, challenge];
    const ended = spawnSync('ssh-keygen', words, { stdio: ['inherit', 'ignore', 'inherit'] });
    if (ended.error !== undefined) {
      throw new Refused(`ssh-keygen, which signs for your key, could not be started (${ended.error.message})`, [
        'it comes with OpenSSH, 8.2 or later (Debian: openssh-client); nothing was registered',
      ]);
    }
    if (ended.status !== 0) throw unsigned(signer);
    return readFileSync(`${challenge}.sig`, 'utf8');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function unsigned(signer: Signer): Refused {
  const place =
    'file' in signer
      ? `it has to be in an agent (\`ssh-add -l\`) or beside ${signer.file}, without the .pub, and its passphrase the right one`
      : 'it has to be in an agent (`ssh-add -l` lists what is); --file names the .pub file of a key that is not';
  return new Refused('your private key did not sign, so nothing was registered', [place]);
}
