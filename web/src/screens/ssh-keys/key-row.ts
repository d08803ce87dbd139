import { type JsonMap, type ResourceDocument, textOf, textsOf } from '../admin/document/document.ts';

/** A registered key as the list shows it. */
export interface KeyRow {
  readonly id: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly username: string;
  readonly owner: string;
  readonly active: boolean;
  readonly publicKey: string;
  readonly devices: readonly string[];
  /** Whether there are more devices than these. */
  readonly more: boolean;
}

/** Of a key as it is declared. */
export function rowOfDocument(id: string, { metadata, spec }: ResourceDocument): KeyRow {
  return {
    id,
    name: metadata.name,
    labels: metadata.labels ?? {},
    username: textOf(spec.username),
    owner: textOf(spec.owner),
    active: spec.status !== 'inactive',
    publicKey: textOf(spec.publicKey),
    devices: declaredDevices(spec),
    more: false,
  };
}

function declaredDevices({ mainTarget, targets }: JsonMap): readonly string[] {
  return [...new Set([...(mainTarget === undefined ? [] : [textOf(mainTarget)]), ...textsOf(targets)])];
}
