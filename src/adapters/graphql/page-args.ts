import { builder } from './builder.ts';
import { defaultPageSize, largestPage } from './paging.ts';

type ArgBuilder = Parameters<Parameters<typeof builder.queryField>[1]>[0];

/** Longer ones are no search. */
const longestSearch = 256;

export function searchText(search: string | null | undefined): string {
  return (search ?? '').slice(0, longestSearch);
}

const ListOrderRef = builder.enumType('ListOrder', { values: ['OLDEST', 'NEWEST'] });

/** Which end of a list comes first. */
export function orderArg(t: Pick<ArgBuilder, 'arg'>) {
  return { order: t.arg({ type: ListOrderRef, defaultValue: 'OLDEST', description: 'Which come first.' }) };
}

/** Lists page forwards only; a cursor is good for the order it was given in. */
export function pageArgs(t: Pick<ArgBuilder, 'arg'>) {
  return {
    first: t.arg.int({ defaultValue: defaultPageSize, description: `At most ${largestPage}.` }),
    after: t.arg.string({ description: 'The cursor to go on after; null: from the first.' }),
  };
}
