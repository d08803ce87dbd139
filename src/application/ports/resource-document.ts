import type { Json } from '../../domain/kernel/json.ts';
import type { Refusal } from './viewer.ts';

/** A resource as `get` shows it: a YAML document in JSON values, without write-only fields. */
export interface ResourceDocument {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly spec: Readonly<Record<string, Json>>;
}

/** `line` and `column` count from 1 in the text that was applied. */
export interface ResourceError extends Refusal {
  readonly line?: number;
  readonly column?: number;
}
