import { TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useMutation } from 'urql';
import { graphql } from '../../../graphql/graphql.ts';
import { problemOf, refusalText } from '../../../graphql/problem.ts';
import { ConfirmButton } from '../../../parts/confirm-button.tsx';

const End = graphql(`
  mutation EndLiveSession($input: EndSessionInput!) {
    endSession(input: $input) {
      id
      errors {
        code
        message
      }
    }
  }
`);

export interface EndLiveSessionProps {
  readonly id: string;
  /** `alice on web1`. */
  readonly who: string;
  readonly onEnded: () => void;
}

/** Ends a session of anybody, with a word that the person sees. */
export function EndLiveSession({ id, who, onEnded }: EndLiveSessionProps): ReactNode {
  const [, run] = useMutation(End);
  const [message, setMessage] = useState('');
  const act = async (): Promise<string | null> => {
    const said = message.trim();
    const { data, error } = await run({ input: { id, ...(said === '' ? {} : { message: said }) } });
    if (error !== undefined) return problemOf(error).message;
    const refusal = refusalText(data?.endSession.errors ?? []);
    if (refusal === null) onEnded();
    return refusal;
  };
  return (
    <ConfirmButton label="End" what={`the session of ${who}`} title={`End the session of ${who}?`} act={act}>
      The connection is cut at once; what runs on the target may end with it.
      <TextInput
        mt="md"
        label="Reason"
        description="The person sees it, and it stands in the log."
        maxLength={200}
        value={message}
        onChange={(event) => setMessage(event.currentTarget.value)}
      />
    </ConfirmButton>
  );
}
