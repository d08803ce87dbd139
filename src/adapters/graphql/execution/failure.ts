import { type GraphQLOutputType, isNonNullType, locatedError, responsePathAsArray } from 'graphql';
import type { Path, Place } from './place.ts';

export function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

/** What stands in the place of a value that failed; thrown on where there may be no null. */
export function failed(place: Place, type: GraphQLOutputType, path: Path | null, error: unknown): null {
  const located = locatedError(error, place.fieldNodes, responsePathAsArray(path ?? place.path));
  if (isNonNullType(type)) throw located;
  place.run.errors.push(located);
  return null;
}

/** Throws once nothing is under way any more, so that no promise is left to fail unheard. */
export function settled(pending: readonly Promise<unknown>[], error: unknown): Promise<never> {
  if (pending.length === 0) throw error;
  return Promise.allSettled(pending).then(() => {
    throw error;
  });
}
