import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { yaml } from '../adapters/yaml/yaml.ts';
import { SallyportError } from '../domain/kernel/errors.ts';
import { type Config, loadConfig } from './config.ts';

/**
 * The configuration of a data folder: `<data>/config.yaml` when it is there, or the file that was named; environment over
 * file over defaults. Errors (`invalid`) name file, line or key.
 */
export function readConfig(
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
