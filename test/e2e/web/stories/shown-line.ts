import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeTempDir } from '../../../kit/temp-dir.ts';
import { finished, type Finished } from '../../product.ts';

export interface Shown {
  /** As the drawer shows it. */
  readonly line: string;
  /** What the program asks the person for. */
  readonly secret: string;
  /** What the person adds to the line, as a shell takes it. */
  readonly more: string;
  /** Files that the drawer offers, by the names that it tells (`~/…`). */
  readonly files?: Readonly<Record<string, string>>;
}

/** Runs a line of the connect drawer on a machine where nobody was before. */
export async function runShown({ line, secret, more, files = {} }: Shown): Promise<Finished> {
  const home = makeTempDir();
  for (const [name, text] of Object.entries(files)) {
    const path = join(home.path, name.replace(/^~\//, ''));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  const [program = ''] = line.split(' ', 1);
  // OpenSSH asks the password of a terminal, and says yes to a host key that it sees for the first time.
  const yes = `-F none -o PubkeyAuthentication=no -o StrictHostKeyChecking=accept-new -o UserKnownHostsFile='${home.path}/known'`;
  const words = program === 'ssh' ? `sshpass -e ssh ${yes}${line.slice(program.length)}` : line;
  try {
    return await finished('sh', ['-c', `${words} ${more}`], {
      cwd: home.path,
      env: { PATH: process.env.PATH ?? '', HOME: home.path, LC_ALL: 'C.UTF-8', SSHPASS: secret, PGPASSWORD: secret },
    });
  } finally {
    home.remove();
  }
}
