import { readFileSync } from 'node:fs';
import { buffer as readBytes } from 'node:stream/consumers';
import { Refused, UsageError } from '../errors.ts';
import { jsonLine, yamlText } from '../format.ts';
import { positionals, textOption, type Verb } from '../verb.ts';

interface Change {
  readonly kind: string;
  readonly name: string;
  readonly change: string;
}
interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly spec: unknown;
}

export const apply: Verb = {
  name: 'apply',
  usage: '',
  summary: 'make the installation as a YAML file says',
  options: {
    file: { type: 'string', short: 'f', help: 'the file, or - for standard input' },
    'set-secrets': { type: 'boolean', help: 'write-only values act on things that exist already, too' },
  },
  async run(context, given) {
    positionals(given);
    const file = textOption(given, 'file');
    if (file === undefined) throw new UsageError('-f FILE is missing (- for standard input)');
    const documents = utf8(file === '-' ? await readBytes(process.stdin) : readFile(file), file);
    const api = await context.api();
    const answer = await api.rest<{ results: readonly Change[]; warnings?: readonly string[] }>(
      'POST',
      '/api/v1/apply',
      {
        documents,
        setSecrets: given.options['set-secrets'] === true,
      },
    );
    for (const warning of answer.warnings ?? []) context.note(`warning: ${warning}`);
    if (context.options.format === 'table') {
      for (const { kind, name, change } of answer.results) context.line(`${kind}/${name} ${change}`);
    } else
      context.list(
        answer.results.map((result) => ({ ...result })),
        [],
        '',
      );
  },
};

function readFile(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch {
    throw new Refused(`cannot read ${file}; name a readable YAML file`);
  }
}

/** Bytes that are no UTF-8 would be replaced in silence by a lenient decoder, and a password with them. */
function utf8(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Refused(`${file === '-' ? 'standard input' : file} is not UTF-8 text; save it as UTF-8`);
  }
}

export const get: Verb = {
  name: 'get',
  usage: 'KIND [NAME]',
  summary: 'show resources; --format yaml prints what apply takes',
  options: {},
  async run(context, given) {
    const [kind, name] = given.positionals.length > 1 ? positionals(given, 'KIND', 'NAME') : positionals(given, 'KIND');
    const api = await context.api();
    const path = addressOf(String(kind), name);
    const { resources } = await api.rest<{ resources: readonly Resource[] }>('GET', path);
    const { format } = context.options;
    if (format === 'yaml') {
      if (resources.length > 0)
        context.line(resources.map((resource) => yamlText(resource, context.toYaml)).join('\n---\n'));
    } else if (format === 'json') {
      context.line(jsonLine(name === undefined ? resources : resources[0]));
    } else {
      const rows = resources.map(({ metadata, spec }) => ({ ...metadata, spec }));
      context.list(rows, ['name', 'labels', 'spec'], `No ${String(kind)}. \`sallyport apply -f FILE\` makes one.`);
    }
  },
};

export const remove: Verb = {
  name: 'delete',
  usage: 'KIND NAME',
  summary: 'remove a resource',
  options: {},
  async run(context, given) {
    const [kind, name] = positionals(given, 'KIND', 'NAME');
    const api = await context.api();
    await api.rest('DELETE', addressOf(String(kind), String(name)));
    context.note(`${String(kind)}/${String(name)} deleted`);
  },
};

/** A name may hold what no part of a path does, such as a slash. */
function addressOf(kind: string, name: string | undefined): string {
  const query = name === undefined ? '' : `?${new URLSearchParams({ name }).toString()}`;
  return `/api/v1/resources/${encodeURIComponent(kind)}${query}`;
}
