import { chownSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { launch } from '../../kit/process.ts';
import type { Running } from '../../kit/process.ts';
import { makeTempDir } from '../../kit/temp-dir.ts';

const binaries = '/usr/lib/postgresql/15/bin';

export interface Postgres {
  /** Folder of the unix socket: what `host` is to a client. User and database are `postgres`. */
  readonly socket: string;
  stop(): Promise<void>;
}

/** A cluster of Debian's PostgreSQL 15 in a temporary folder, settings as Debian has them, so fsync on. */
export async function startPostgres(): Promise<Postgres> {
  const dir = makeTempDir();
  const root = userInfo().uid === 0;
  if (root) {
    const id = launch('id', ['-u', 'postgres']);
    await id.exited;
    chownSync(dir.path, Number(id.stdout()), 0);
  }
  // PostgreSQL refuses to run as root.
  const as = (command: string, args: readonly string[]): Running => {
    const path = join(binaries, command);
    return root
      ? launch('setpriv', ['--reuid=postgres', '--regid=postgres', '--init-groups', path, ...args])
      : launch(path, args);
  };
  const data = join(dir.path, 'data');
  const made = as('initdb', ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8']);
  if ((await made.exited).code !== 0) throw new Error(`initdb of Debian's postgresql-15: ${made.stderr()}`);
  const settings = join(dir.path, 'settings.conf');
  writeFileSync(settings, `listen_addresses = ''\nunix_socket_directories = '${dir.path}'\n`, { mode: 0o644 });
  writeFileSync(join(data, 'postgresql.conf'), `include '${settings}'\n`, { flag: 'a' });
  const server = as('postgres', ['-D', data]);
  await server.line(/ready to accept connections/, 30_000);
  return {
    socket: dir.path,
    stop: async () => {
      await server.stop('SIGINT');
      dir.remove();
    },
  };
}
