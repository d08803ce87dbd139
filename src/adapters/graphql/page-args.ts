import { builder } from './builder.ts';
import { defaultPageSize, largestPage } from './paging.ts';

type ArgBuilder = Parameters<Parameters<typeof builder.queryField>[1]>[0];

/** Longer ones are no search. */
const longestSearch = 256;

export function searchText(search: string | null | undefined): string {
  return (search ?? '').slice(0, longestSearch);
}

/** Lists page forwards only, in one order. */
export function pageArgs(t: Pick<ArgBuilder, 'arg'>) {
  return {
    first: t.arg.int({ defaultValue: defaultPageSize, description: `At most ${largestPage}.` }),
    after: t.arg.string({ description: 'The cursor to go on after; null: from the first.' }),
  };
}
