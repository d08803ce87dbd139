import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { yaml } from '../adapters/yaml/yaml.ts';
import { UsageError } from '../client/errors.ts';
import { positionals, textOption, type Verb } from '../client/verb.ts';
import { SallyportError } from '../domain/kernel/errors.ts';
import { hasNativeCiphers } from '../proxies/ssh/server.ts';
import { type Config, loadConfig } from './config.ts';
import { type Running, start } from './start.ts';

const roles = ['all'];

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
    const dataFolder = context.options.data ?? context.environment.SALLYPORT_DATA ?? 'data';
    const file = textOption(given, 'config') ?? context.environment.SALLYPORT_CONFIG;
    const config = readConfig(dataFolder, file, context.environment);
    const stopped = stopSignal();
    const running = await start({ dataFolder, config, demo: given.options['no-demo'] !== true });
    for (const line of welcome(running, dataFolder)) context.line(line);
    await stopped;
    context.note('Stopping: sessions are told and ended, what is open is written.');
    await running.stop();
  },
};

function readConfig(
  dataFolder: string,
  named: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Config {
  const name = named ?? join(dataFolder, 'config.yaml');
  if (named === undefined && !existsSync(name)) return loadConfig({ file: null, environment });
  let text: string;
  try {
    text = readFileSync(name, 'utf8');
  } catch {
    throw new SallyportError(
      'invalid',
      'config-file',
      `cannot read the configuration ${name}; name a readable file with --config FILE`,
    );
  }
  const parsed = yaml.parse(text);
  if (!parsed.ok) {
    const { line, column, message } = parsed.problem;
    throw new SallyportError(
      'invalid',
      'config-file',
      `${name}, line ${String(line)}, column ${String(column)}: ${message}`,
    );
  }
  if (parsed.documents.length > 1)
    throw new SallyportError('invalid', 'config-file', `${name}: one document is enough`);
  return loadConfig({ file: { name, value: parsed.documents[0]?.value ?? null }, environment });
}

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

/** What a new user needs: every line can be pasted. */
function welcome(running: Running, dataFolder: string): readonly string[] {
  const { url, sshAddress } = running;
  const option = dataFolder === 'data' ? '' : ` --data ${dataFolder}`;
  const lines = ['', `Sallyport is ready${url === null ? '' : ` at ${url}`}`];
  if (url !== null) lines.push(`CA certificate of this installation: ${join(dataFolder, 'ca.pem')}`);
  if (running.adminPassword !== null)
    lines.push(`First admin: admin, password: ${running.adminPassword} (shown this once)`);
  if (!hasNativeCiphers()) {
    lines.push(
      'SSH uses the pure JavaScript ciphers, at about half the speed: install a C++ compiler, then run `npm run rebuild`.',
    );
  }
  if (url !== null && sshAddress !== null) {
    const [, port] = /:(\d+)$/.exec(sshAddress) ?? [];
    const target = running.demo ? 'demo-shell' : 'TARGET';
    lines.push(
      '',
      'Next, in another terminal in this folder:',
      `  npx sallyport login --user admin${option}`,
      `  npx sallyport token create${option}        # prints the password for the next line`,
      `  ssh -p ${port ?? '2222'} admin~${target}@localhost`,
      `  npx sallyport sessions list${option}`,
      `  npx sallyport sessions play ID${option}`,
    );
  }
  return [...lines, ''];
}
