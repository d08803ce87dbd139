import type { JsonMap } from '../document/document.ts';
import type { ResourceKind } from './kind-names.ts';

interface Common {
  /** Within `spec`. */
  readonly path: readonly string[];
  readonly label: string;
  readonly help?: string;
  readonly required?: boolean;
  /** Whether the form asks for it, by what is filled in so far. */
  readonly when?: (spec: JsonMap) => boolean;
}

/** What a field of a form is filled in with. */
export type Field = Common &
  (
    | { readonly type: 'text'; readonly example?: string; readonly fixed?: boolean }
    /** Several lines, or code. */
    | { readonly type: 'long'; readonly example?: string }
    | { readonly type: 'number' }
    /** `usual`: what holds where the document says nothing. */
    | { readonly type: 'flag'; readonly usual?: boolean }
    | {
        readonly type: 'choice';
        readonly options: readonly Option[];
        readonly usual?: string;
        readonly fixed?: boolean;
      }
    | { readonly type: 'choices'; readonly options: readonly Option[]; readonly usual?: readonly string[] }
    | { readonly type: 'list'; readonly example?: string }
    /** The name of one, or the names of several. */
    | { readonly type: 'name'; readonly of: ResourceKind; readonly fixed?: boolean }
    | { readonly type: 'names'; readonly of: ResourceKind }
    | { readonly type: 'labels' }
    /** Write-only: nobody is ever shown it. */
    | { readonly type: 'secret'; readonly long?: boolean }
  );

export interface Option {
  readonly value: string;
  readonly label: string;
}

export interface Section {
  readonly title?: string;
  readonly about?: string;
  readonly fields: readonly Field[];
}

export interface Column {
  readonly title: string;
  readonly of: (spec: JsonMap) => string;
  /** Whether it needs somebody. */
  readonly warns?: (spec: JsonMap) => boolean;
}

/** How a kind is shown and filled in; what is for its list is absent where that is a screen of its own. */
export interface KindForm {
  readonly about?: string;
  /** What to do when there is none yet. */
  readonly next?: string;
  readonly columns?: readonly Column[];
  readonly sections: readonly Section[];
  /** What a new one begins with. */
  readonly start?: JsonMap;
  readonly noLabels?: true;
  /** Fields of `spec` that follow from others: the form leaves them to the server. */
  readonly derived?: readonly string[];
}

/** Options that are called as they are written. */
export function asWritten(...values: readonly string[]): readonly Option[] {
  return values.map((value) => ({ value, label: value }));
}
