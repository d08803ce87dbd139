import { setImmediate } from 'node:timers/promises';
import { SallyportError } from '../../domain/kernel/errors.ts';
import type { Comparison, Row, View } from '../../application/ports/views.ts';
import type { GraphqlContext } from './context.ts';

export const defaultPageSize = 20;
export const largestPage = 100;
const freshWithin = 1_000;

export interface PageArgs {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}

export interface Connection<T> {
  readonly edges: { readonly cursor: string; readonly node: T }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

/** Error: kind `invalid`. */
export function pageSize({ first }: PageArgs): number {
  const size = first ?? defaultPageSize;
  if (size >= 1 && size <= largestPage) return size;
  throw new SallyportError('invalid', 'bad-page-size', `\`first\` must be from 1 to ${largestPage}.`);
}

/** A page that is cut already; `more`: there are items after the last of these. */
export function pageWith<T>(
  items: readonly T[],
  more: boolean,
  after: string | null,
  cursorOf: (item: T) => string,
): Connection<T> {
  const edges = items.map((node) => ({ cursor: cursorOf(node), node }));
  return {
    edges,
    pageInfo: {
      hasNextPage: more,
      hasPreviousPage: after !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

/** A page of items of which one more than `size` was asked for, to know whether there is a next page. */
export function connection<T>(
  items: readonly T[],
  size: number,
  after: string | null,
  cursorOf: (item: T) => string,
): Connection<T> {
  return pageWith(items.slice(0, size), items.length > size, after, cursorOf);
}

/** The same page with other nodes. */
export function mapNodes<A, B>({ edges, pageInfo }: Connection<A>, to: (node: A) => B): Connection<B> {
  return { pageInfo, edges: edges.map(({ cursor, node }) => ({ cursor, node: to(node) })) };
}

/**
 * A page of a view's rows in the order of one column of texts or numbers. Of several comparisons, no two of which fit the same
 * row, any one has to fit: each is a question that is answered in order from an index.
 */
export async function viewPage<R extends Row>(
  context: GraphqlContext,
  view: View<R>,
  query: {
    readonly where: Comparison<R> | readonly Comparison<R>[];
    readonly orderBy: keyof R & string;
    readonly key: keyof R & string;
    readonly descending?: boolean;
  },
  args: PageArgs,
): Promise<Connection<R>> {
  const size = pageSize(args);
  const after = args.after ?? null;
  await freshen(context, view);
  const { where, orderBy, descending = false } = query;
  const place = after === null ? {} : { after: decodeCursor(after) };
  const wheres: readonly Comparison<R>[] = Array.isArray(where) ? where : [where];
  const rows: R[] = [];
  for (const one of wheres) {
    rows.push(...view.find({ where: one, orderBy, descending, limit: size + 1, ...place }));
    // Others have their turn.
    if (wheres.length > 1) await setImmediate();
  }
  if (wheres.length > 1) rows.sort((a, b) => inOrder(a, b, [orderBy, query.key]) * (descending ? -1 : 1));
  return connection(rows, size, after, (row) => encodeCursor(row[orderBy], String(row[query.key])));
}

function inOrder<R extends Row>(a: R, b: R, columns: readonly (keyof R & string)[]): number {
  for (const column of columns) {
    const one = a[column] as string;
    const other = b[column] as string;
    if (one !== other) return one < other ? -1 : 1;
  }
  return 0;
}

/**
 * Waits until a view has seen what the log held when this request first asked, so that people find what they just did.
 * While the log or the view can't keep up, what is known is shown: reading goes on when writing can't.
 */
export async function freshen<R extends Row>(context: GraphqlContext, view: View<R>): Promise<void> {
  context.head ??= context.application.log.head().catch(() => null);
  const head = await context.head;
  if (head !== null) await view.reached(head, freshWithin).catch(() => undefined);
}

export function encodeCursor(value: unknown, key: string): string {
  return Buffer.from(JSON.stringify([value, key])).toString('base64url');
}

export function decodeCursor(cursor: string): { readonly value: unknown; readonly key: string } {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(parsed) && parsed.length === 2) {
      const [value, key] = parsed as readonly unknown[];
      const plain = value === null || typeof value === 'string' || typeof value === 'number';
      if (plain && typeof key === 'string') return { value, key };
    }
  } catch {
    // No JSON: refused below like every other text that no page ever gave.
  }
  throw badCursor();
}

export function badCursor(): SallyportError {
  const message = '`after` is no cursor of this list; take it from `pageInfo.endCursor`.';
  return new SallyportError('invalid', 'bad-cursor', message);
}
