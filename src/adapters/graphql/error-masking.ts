import { GraphQLError } from 'graphql';
import { SallyportError } from '../../domain/kernel/errors.ts';

/**
 * What a client is told of an error: ours with `code`, GraphQL's own (syntax, validation) as they are, and of everything
 * else only that it happened. A store that can't be used makes the answer 503.
 */
export function maskError(error: unknown, onWarning: (message: string, error: unknown) => void): Error {
  const original = error instanceof GraphQLError ? error.cause : error;
  if (error instanceof GraphQLError && original === undefined) return error;
  const place = error instanceof GraphQLError ? { nodes: error.nodes, path: error.path } : {};
  if (original instanceof SallyportError && original.kind !== 'internal' && original.kind !== 'integrity') {
    const http = original.kind === 'unavailable' ? { http: { status: 503 } } : {};
    return new GraphQLError(original.message, { ...place, extensions: { code: original.code, ...http } });
  }
  if (original instanceof GraphQLError) return original;
  onWarning('a GraphQL field failed by a fault of ours', original);
  const message = 'Something went wrong inside Sallyport; the process log says what.';
  return new GraphQLError(message, { ...place, extensions: { code: 'internal' } });
}
