import type { TypedDocumentNode } from '@urql/core';
import { type AnyVariables, useMutation } from 'urql';
import { problemOf, type Refusal, refusalText } from './problem.ts';

/** What a mutation gives back: one payload, with why it was refused. */
type Payload = Readonly<Record<string, { readonly errors: readonly Refusal[] }>>;

/** Runs a mutation; gives why it was not done, in words for a person, or null once it is. */
export function useCommand<D extends Payload, V extends AnyVariables>(
  document: TypedDocumentNode<D, V>,
  onDone: () => void = () => undefined,
): (variables: V) => Promise<string | null> {
  const [, run] = useMutation(document);
  return async (variables) => {
    const { data, error } = await run(variables);
    if (error !== undefined) return problemOf(error).message;
    const refusal = refusalText(Object.values(data ?? {}).flatMap(({ errors }) => errors));
    if (refusal === null) onDone();
    return refusal;
  };
}
