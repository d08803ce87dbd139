import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../client/errors.ts';
import { shellWord } from '../wire/connect-lines/shell-word.ts';
import { positionals, textOption, type Verb } from '../client/verb.ts';
import { durationSetting } from './config.ts';
import { readConfig } from './read-config.ts';
import { firstAdminLine, welcome } from './welcome.ts';

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
    const signals = stopSignals();
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
    const drain = (await signals.first) === 'SIGTERM' ? durationSetting(config, 'drain') : 0;
    context.note(
      drain === 0
        ? 'Stopping: sessions are told and ended, what is open is written.'
        : `Stopping: sessions may go on for ${String(drain / 1_000)} s; a second signal ends them at once.`,
    );
    await running.stop(drain, signals.second);
    // A handle that somebody forgot must not keep the process.
    setTimeout(() => process.exit(), leaveMilliseconds).unref();
  },
};

/** How long a process that has closed everything may take to end by itself. */
const leaveMilliseconds = 1_000;

/** SIGTERM lets sessions go on for a while, SIGINT (Ctrl-C) and every second signal do not; the third ends the process. */
function stopSignals(): { readonly first: Promise<NodeJS.Signals>; readonly second: Promise<unknown> } {
  const first = Promise.withResolvers<NodeJS.Signals>();
  const second = Promise.withResolvers<undefined>();
  let hurried = false;
  let asked = false;
  const ask = (signal: NodeJS.Signals): void => {
    if (hurried) process.exit(1);
    hurried = asked || signal === 'SIGINT';
    asked = true;
    first.resolve(signal);
    if (hurried) second.resolve(undefined);
  };
  process.on('SIGTERM', ask);
  process.on('SIGINT', ask);
  return { first: first.promise, second: second.promise };
}
