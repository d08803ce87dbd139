import { getNamedType, type GraphQLOutputType, type GraphQLType, isLeafType } from 'graphql';
import { defaultPageSize, largestPage } from './paging.ts';

export function isLeaf(type: GraphQLType): boolean {
  return isLeafType(type);
}

/** How many nodes a field may give: the page size of a connection, the number of ids asked for, else one. */
export function pageSizeOf(args: Readonly<Record<string, unknown>>, type: GraphQLOutputType): number {
  if (Array.isArray(args.ids)) return args.ids.length;
  if (!getNamedType(type).name.endsWith('Connection')) return 1;
  return pageSizeIn(args);
}

/** What a page costs for which much is decided, however short it is: a tenth of what one request may. */
export function decidedPage(args: Readonly<Record<string, unknown>>): {
  readonly field: number;
  readonly multiplier: number;
} {
  return { field: 100, multiplier: pageSizeIn(args) };
}

function pageSizeIn({ first }: Readonly<Record<string, unknown>>): number {
  return Math.min(Math.max(typeof first === 'number' ? first : defaultPageSize, 1), largestPage);
}
