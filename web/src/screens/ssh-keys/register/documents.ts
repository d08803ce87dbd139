import type { JsonMap, ResourceDocument } from '../../admin/document/document.ts';
import { yamlText } from '../../admin/document/yaml-text.ts';
import { devicesOf, type KeyDraft, labelsOf, usernameOf } from './draft.ts';

/** What becomes of the account that logs in on one device, since sessions are opened on accounts. */
export interface AccountPlan {
  readonly device: string;
  readonly name: string;
  /** What logs in there under this name already; null: nothing does, one is created. */
  readonly standing: ResourceDocument | null;
  /** Whether the key becomes what it logs in with. */
  readonly uses: boolean;
}

/** Names of accounts hold none of these: login names are taken apart by them. */
const separators = /[~[\]#:]/g;
const longestName = 128;

export function accountName(key: string, device: string): string {
  return `${key}@${device}`.replaceAll(separators, '-').slice(0, longestName).trim();
}

/** The key, then the accounts that are to use it. What is empty is left out, so that the server says what is missing. */
export function documentsOf(draft: KeyDraft, accounts: readonly AccountPlan[]): readonly ResourceDocument[] {
  const username = usernameOf(draft);
  const [main, ...more] = devicesOf(draft);
  const given: JsonMap = {
    ...filled('privateKey', draft.privateKey),
    ...filled('publicKey', draft.publicKey.trim()),
    ...(draft.password === null ? {} : { passphrase: draft.password }),
  };
  const spec: JsonMap = {
    ...filled('username', username),
    ...filled('owner', draft.owner),
    status: draft.status,
    ...(draft.source === 'made' ? { generate: draft.algorithm } : given),
    ...(main === undefined ? {} : draft.mainDevice === '' ? { targets: [main, ...more] } : { mainTarget: main }),
    ...(draft.mainDevice === '' || more.length === 0 ? {} : { targets: more }),
  };
  const key = {
    apiVersion: 'sallyport/v1',
    kind: 'SshKey',
    metadata: { name: draft.name, labels: labelsOf(draft.tags) },
  };
  return [
    { ...key, spec },
    ...accounts.flatMap(({ device, name, standing, uses }): ResourceDocument[] => {
      if (!uses) return [];
      const credential = { sshKey: draft.name };
      if (standing !== null) return [{ ...standing, spec: { ...standing.spec, credential } }];
      const own = { target: device, ...filled('username', username), credential };
      return [{ apiVersion: 'sallyport/v1', kind: 'Account', metadata: { name }, spec: own }];
    }),
  ];
}

/** Documents as one text, and which of them stands at a line of it (from 1). */
export function joined(documents: readonly ResourceDocument[]): {
  readonly text: string;
  readonly at: (line: number) => number;
} {
  const texts = documents.map(yamlText);
  const ends: number[] = [];
  for (const text of texts) ends.push((ends.at(-1) ?? 0) + text.split('\n').length);
  return {
    text: texts.join('---\n'),
    at: (line) => Math.min(ends.filter((end) => end < line).length, texts.length - 1),
  };
}

function filled(field: string, value: string): JsonMap {
  return value === '' ? {} : { [field]: value };
}
