import { TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { graphql } from '../graphql/graphql.ts';
import { useCommand } from '../graphql/use-command.ts';
import { ConfirmButton } from './confirm-button.tsx';

const End = graphql(`
  mutation EndSession($input: EndSessionInput!) {
    endSession(input: $input) {
      id
      errors {
        code
        message
      }
    }
  }
`);

export interface EndSessionProps {
  readonly id: string;
  /** On the button, `End` without it. */
  readonly label?: string;
  /** `the session of alice on web1`: which of several, for who hears the button. */
  readonly what?: string;
  readonly title: string;
  /** What will be. */
  readonly children: ReactNode;
  /** Whoever ends it can say why. */
  readonly withReason?: boolean;
  readonly onEnded: () => void;
}

/** Ends a session that is open, one's own or anybody's. */
export function EndSession({
  id,
  label = 'End',
  title,
  children,
  withReason = false,
  onEnded,
  ...which
}: EndSessionProps): ReactNode {
  const end = useCommand(End, onEnded);
  const [message, setMessage] = useState('');
  const said = message.trim();
  const act = (): Promise<string | null> => end({ input: { id, ...(said === '' ? {} : { message: said }) } });
  return (
    <ConfirmButton label={label} title={title} act={act} {...which}>
      {children}
      {withReason ? (
        <TextInput
          mt="md"
          label="Reason"
          description="The person sees it, and it stands in the log."
          maxLength={200}
          value={message}
          onChange={(event) => setMessage(event.currentTarget.value)}
        />
      ) : null}
    </ConfirmButton>
  );
}
