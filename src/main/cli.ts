import { realpathSync } from 'node:fs';
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { toYaml } from '../adapters/yaml/yaml.ts';
import { Context, type GlobalOptions } from '../client/context.ts';
import { Refused, UsageError } from '../client/errors.ts';
import type { Format } from '../client/format.ts';
import type { Verb } from '../client/verb.ts';
import type { Json } from '../domain/kernel/json.ts';
import { SallyportError } from '../domain/kernel/errors.ts';
import { editDistance, nearest } from '../domain/kernel/nearest.ts';
import { visibleText } from '../domain/kernel/visible-text.ts';
import { verbs } from './verbs.ts';

const globalOptions = {
  server: { type: 'string', help: 'address of the server, for example https://localhost:8443' },
  ca: { type: 'string', help: 'PEM file of the CA to trust' },
  data: { type: 'string', help: 'data folder of a local installation, default ./data' },
  config: { type: 'string', help: 'configuration file, default <data>/config.yaml' },
  format: { type: 'string', help: 'table (default), json or yaml' },
  help: { type: 'boolean', short: 'h', help: 'show this' },
} as const;

/** Finds the verb (two words before one) among the arguments; options may stand anywhere. */
function findVerb(words: readonly string[]): { readonly verb: Verb; readonly used: number } {
  const two = verbs.find((verb) => verb.name === words.slice(0, 2).join(' '));
  if (two !== undefined) return { verb: two, used: 2 };
  const one = verbs.find((verb) => verb.name === words[0]);
  if (one !== undefined) return { verb: one, used: 1 };
  throw new UsageError(unknownCommand(words));
}

function unknownCommand([first = '', second]: readonly string[]): string {
  const names = verbs.map((verb) => verb.name);
  const family = names.filter((name) => name.startsWith(`${first} `));
  if (family.length > 0) {
    const word = second === undefined ? first : `${first} ${second}`;
    return `unknown command: ${visibleText(word)}; there is ${family.join(', ')}`;
  }
  const close = nearest(first, names);
  const hint = editDistance(first, close) <= 2 ? `; did you mean ${close}?` : '';
  return `unknown command: ${visibleText(first)}${hint} (sallyport --help lists all)`;
}

/** Of all verbs, or of those that begin with one word, such as `token`. */
function usage(shown: readonly Verb[] = verbs): string {
  const width = Math.max(...shown.map((verb) => `${verb.name} ${verb.usage}`.length));
  return [
    'usage: sallyport <command> [options]',
    '',
    ...shown.map((verb) => `  ${`${verb.name} ${verb.usage}`.padEnd(width)}  ${verb.summary}`),
    '',
    ...optionLines(globalOptions),
  ].join('\n');
}

function optionLines(options: Verb['options']): readonly string[] {
  return Object.entries(options).map(([name, option]) => {
    const label = `${option.short === undefined ? '' : `-${option.short}, `}--${name}${option.type === 'string' ? ' …' : ''}`;
    return `  ${label.padEnd(18)}  ${option.help}`;
  });
}

function verbUsage(verb: Verb): string {
  return [
    `usage: sallyport ${verb.name} ${verb.usage}`.trimEnd(),
    `  ${verb.summary}`,
    '',
    ...optionLines(verb.options),
    ...optionLines(globalOptions),
  ].join('\n');
}

/** Words before the first option that takes a value can't be told from its value, so every verb's options are known here. */
function wordsOf(argv: readonly string[]): readonly string[] {
  const all = Object.assign({}, globalOptions, ...verbs.map((verb) => verb.options)) as ParseArgsOptionsConfig;
  return parseArgs({ args: [...argv], options: all, allowPositionals: true, strict: false }).positionals;
}

function helpIsAsked(argv: readonly string[]): boolean {
  return argv.includes('--help') || argv.includes('-h');
}

export async function main(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  let context: Context | undefined;
  try {
    const words = wordsOf(argv);
    if (words.length === 0) {
      const asked = helpIsAsked(argv);
      (asked ? process.stdout : process.stderr).write(`${usage()}\n`);
      return asked ? 0 : 2;
    }
    const family = verbs.filter(({ name }) => words.length === 1 && name.startsWith(`${words[0] ?? ''} `));
    if (family.length > 0 && helpIsAsked(argv)) {
      process.stdout.write(`${usage(family)}\n`);
      return 0;
    }
    const { verb, used } = findVerb(words);
    const given = parse(verb, argv);
    if (given.values.help === true) {
      process.stdout.write(`${verbUsage(verb)}\n`);
      return 0;
    }
    context = new Context(globals(given.values), environment, (value) => toYaml([value as Json]));
    await verb.run(context, { positionals: given.positionals.slice(used), options: given.values });
    return 0;
  } catch (error) {
    return report(error);
  } finally {
    await context?.leave();
  }
}

interface Given {
  readonly positionals: readonly string[];
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
}

function parse(verb: Verb, argv: readonly string[]): Given {
  const options = { ...verb.options, ...globalOptions } as ParseArgsOptionsConfig;
  try {
    const { positionals, values } = parseArgs({ args: [...argv], options, allowPositionals: true });
    return { positionals, values: values as Given['values'] };
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)} (sallyport ${verb.name} --help)`);
  }
}

function globals(values: Given['values']): GlobalOptions {
  const text = (name: string) => (typeof values[name] === 'string' ? values[name] : undefined);
  const format = text('format') ?? 'table';
  if (format !== 'table' && format !== 'json' && format !== 'yaml') {
    throw new UsageError(`--format ${format} is unknown; take table, json or yaml`);
  }
  return { server: text('server'), ca: text('ca'), data: text('data'), format: format satisfies Format };
}

function report(error: unknown): number {
  if (error instanceof UsageError) {
    process.stderr.write(`sallyport: ${error.message}\n`);
    return 2;
  }
  if (error instanceof Refused || error instanceof SallyportError) {
    const details = error instanceof Refused ? error.details : [];
    process.stderr.write(`sallyport: ${[error.message, ...details].map(visibleText).join('\n  ')}\n`);
    return 1;
  }
  process.stderr.write(`sallyport: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return 1;
}

// A reader that goes away (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === import.meta.filename) {
  process.exitCode = await main(process.argv.slice(2), process.env);
}
