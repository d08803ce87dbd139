import { z } from 'zod';
import { nearest } from '../../domain/kernel/nearest.ts';
import type { YamlDocument, YamlPath } from '../ports/yaml.ts';
import { fields, metadata } from './fields.ts';
import { kindRules } from './kind-rules.ts';
import { apiVersion, type Kind, kinds, laterKinds } from './kinds.ts';
import type { Labels } from './rules.ts';

/** `document`, `line` and `column` count from 1. `message` names the field and never quotes a value of `spec`. */
export interface ResourceProblem {
  readonly document: number;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** The write-only values of one document. They go nowhere but to hashing and custody. */
export interface WriteOnly {
  readonly password?: string;
  readonly privateKey?: string;
  readonly passphrase?: string;
  readonly generate?: string;
  readonly clientSecret?: string;
  readonly bindPassword?: string;
}

/** A document of the right shape; references are not resolved yet. */
export interface CheckedDocument {
  readonly document: number;
  readonly kind: Kind;
  readonly name: string;
  readonly labels: Labels;
  /** Without the write-only values. */
  readonly spec: Readonly<Record<string, unknown>>;
  readonly hasWriteOnly: boolean;
  problem(path: YamlPath, message: string): ResourceProblem;
}

export interface Checked {
  readonly documents: readonly CheckedDocument[];
  /** By document number. */
  readonly writeOnly: ReadonlyMap<number, WriteOnly>;
  readonly problems: readonly ResourceProblem[];
}

/** The shape of every document: kind, fields, types. */
export function checkDocuments(parsed: readonly YamlDocument[]): Checked {
  const documents: CheckedDocument[] = [];
  const problems: ResourceProblem[] = [];
  const writeOnly = new Map<number, WriteOnly>();
  for (const [index, each] of parsed.entries()) {
    const result = checkOne(each, index + 1);
    if ('problems' in result) {
      problems.push(...result.problems);
      continue;
    }
    documents.push(result.document);
    writeOnly.set(index + 1, result.writeOnly);
  }
  return { documents, writeOnly, problems: [...problems, ...twice(documents)] };
}

type One =
  | { readonly document: CheckedDocument; readonly writeOnly: WriteOnly }
  | { readonly problems: readonly ResourceProblem[] };

function checkOne(yaml: YamlDocument, document: number): One {
  const at = (path: YamlPath, message: string, place = yaml.position(path)): ResourceProblem => ({
    document,
    ...place,
    message: path.length === 0 ? message : `${pathText(path)}: ${message}`,
  });
  const { value } = yaml;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { problems: [at([], 'a resource is a map with apiVersion, kind, metadata and spec')] };
  }
  const given = (value as Readonly<Record<string, unknown>>).kind;
  const kind = kinds.find((known) => known === given);
  const result = kind === undefined ? undefined : documentSchemas.get(kind)?.safeParse(value);
  if (kind === undefined || result === undefined) return { problems: [at(['kind'], kindProblem(given))] };
  if (!result.success) return { problems: result.error.issues.flatMap((issue) => describe(issue, yaml, at)) };
  const { name, labels } = result.data.metadata;
  const { spec, secrets } = apart(result.data.spec as Readonly<Record<string, unknown>>);
  return {
    document: {
      document,
      kind,
      name: name.normalize('NFC'),
      labels: { ...labels },
      spec,
      hasWriteOnly: Object.keys(secrets).some((field) => field !== 'passphrase'),
      problem: at,
    },
    writeOnly: secrets,
  };
}

function documentSchema(kind: Kind) {
  return fields({
    apiVersion: z.literal(apiVersion, { error: `must be ${apiVersion}` }),
    kind: z.literal(kind),
    metadata,
    spec: kindRules[kind].schema,
  });
}

const documentSchemas = new Map(kinds.map((kind) => [kind, documentSchema(kind)]));

function kindProblem(given: unknown): string {
  if (typeof given !== 'string') return given === undefined ? 'is missing' : 'must be a text';
  if (laterKinds.includes(given)) return `${given} is not supported by this version`;
  return `is unknown; did you mean ${nearest(given, kinds)}?`;
}

type At = (path: YamlPath, message: string, place?: ReturnType<YamlDocument['position']>) => ResourceProblem;

function describe(issue: z.core.$ZodIssue, yaml: YamlDocument, at: At): ResourceProblem[] {
  const path = issue.path.filter((step) => typeof step !== 'symbol');
  if (issue.code === 'unrecognized_keys') {
    const messages = issue.message.split('\n');
    return issue.keys.map((key, index) => {
      const whole = [...path, key];
      return at(whole, messages[index] ?? 'is unknown here', yaml.keyPosition(whole));
    });
  }
  if (issue.code === 'invalid_key')
    return [at(path, issue.issues[0]?.message ?? issue.message, yaml.keyPosition(path))];
  return [at(path, issue.message)];
}

/** `spec.access.targets[0]`; steps of any length or content are cut and cleaned, since keys come from outside. */
function pathText(path: YamlPath): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`;
      const clean = step.slice(0, 64).replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '?');
      return index === 0 ? clean : `.${clean}`;
    })
    .join('');
}

const writeOnlyFields = ['password', 'privateKey', 'passphrase', 'generate', 'clientSecret', 'bindPassword'] as const;

function apart(spec: Readonly<Record<string, unknown>>): { spec: Record<string, unknown>; secrets: WriteOnly } {
  const rest = { ...spec };
  const secrets: Record<string, string> = {};
  for (const field of writeOnlyFields) {
    const value = rest[field];
    if (typeof value === 'string') secrets[field] = value;
    Reflect.deleteProperty(rest, field);
  }
  return { spec: rest, secrets };
}

function twice(documents: readonly CheckedDocument[]): ResourceProblem[] {
  const seen = new Map<string, number>();
  return documents.flatMap((document) => {
    const key = resourceKey(document.kind, document.name);
    const first = seen.get(key);
    if (first === undefined) seen.set(key, document.document);
    return first === undefined
      ? []
      : [document.problem(['metadata', 'name'], `this ${document.kind} stands in document ${first} already`)];
  });
}

/** One text for kind and name; names of users differ in more than case. */
export function resourceKey(kind: Kind, name: string): string {
  return `${kind}/${kind === 'User' ? name.normalize('NFKC').toLowerCase() : name.normalize('NFC')}`;
}
