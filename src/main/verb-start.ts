import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../client/errors.ts';
import { positionals, textOption, type Verb } from '../client/verb.ts';
import { readConfig } from './read-config.ts';
import { firstAdminLine, shellWord, welcome } from './welcome.ts';

const roles = ['all'];
const root = join(import.meta.dirname, '../..');

export const startVerb: Verb = {
  name: 'start',
  usage: '',
  summary: 'start this installation',
  options: {
    'no-demo': { type: 'boolean', help: 'do not make the demo in an empty data folder' },
    role: { type: 'string', help: 'all (the default): everything in this process' },
  },
  async run(context, given) {
    positionals(given);
    const role = textOption(given, 'role') ?? 'all';
    if (!roles.includes(role)) throw new UsageError(`--role ${role} is unknown; this version has: ${roles.join(', ')}`);
    const { dataFolder, environment } = context;
    const config = readConfig(dataFolder, textOption(given, 'config') ?? environment.SALLYPORT_CONFIG, environment);
    // Loaded by this verb alone: it is most of the program, and every other verb would wait for it.
    const [{ start }, { hasNativeCiphers }] = await Promise.all([
      import('./start.ts'),
      import('../proxies/ssh/server.ts'),
    ]);
    const stopped = stopSignal();
    let password: string | null = null;
    const demo = given.options['no-demo'] !== true;
    const running = await start({ dataFolder, config, demo, onFirstPassword: (drawn) => (password = drawn) }).catch(
      (error: unknown) => {
        if (password !== null) context.line(firstAdminLine(password));
        throw error;
      },
    );
    const lines = welcome({
      ...running,
      password,
      dataFolder,
      command: process.cwd() === root ? 'npx sallyport' : `node ${shellWord(join(root, 'bin/sallyport.mjs'))}`,
      hostKeys: running.ssh === null ? '' : readFileSync(join(dataFolder, 'ssh_host_keys.pub'), 'utf8'),
      nativeCiphers: hasNativeCiphers(),
    });
    for (const line of lines) context.line(line);
    await stopped;
    context.note('Stopping: sessions are told and ended, what is open is written.');
    await running.stop();
  },
};

/** Resolves at the first SIGTERM or SIGINT; a second one ends the process at once. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const ask = (): void => {
      if (asked) process.exit(1);
      asked = true;
      resolve();
    };
    process.on('SIGTERM', ask);
    process.on('SIGINT', ask);
  });
}
