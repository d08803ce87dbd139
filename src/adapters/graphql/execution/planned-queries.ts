import type { Plugin } from 'graphql-yoga';
import type { GraphqlContext } from '../context.ts';
import { queryExecutor } from './execute-query.ts';

/** Queries run by their plan, everything else as it would without this. */
export function plannedQueries(): Plugin<GraphqlContext> {
  let executor: ReturnType<typeof queryExecutor> | undefined;
  return {
    onExecute: ({ executeFn, setExecuteFn }) => {
      executor ??= queryExecutor(executeFn);
      setExecuteFn(executor);
    },
  };
}
