import { getNamedType, type GraphQLOutputType, type GraphQLType, isLeafType } from 'graphql';
import { defaultPageSize, largestPage } from './paging.ts';

export function isLeaf(type: GraphQLType): boolean {
  return isLeafType(type);
}

/** How many nodes a field may give: the page size of a connection, the number of ids asked for, else one. */
export function pageSizeOf(args: Readonly<Record<string, unknown>>, type: GraphQLOutputType): number {
  if (Array.isArray(args.ids)) return args.ids.length;
  if (!getNamedType(type).name.endsWith('Connection')) return 1;
  const first = typeof args.first === 'number' ? args.first : defaultPageSize;
  return Math.min(Math.max(first, 1), largestPage);
}
