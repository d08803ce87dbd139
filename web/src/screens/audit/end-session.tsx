import { Alert, Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type ReactNode, useState } from 'react';
import { useMutation } from 'urql';
import { useViewer } from '../../app/viewer.tsx';
import { graphql } from '../../graphql/graphql.ts';
import { problemOf, refusalText } from '../../graphql/problem.ts';

const EndSessionMutation = graphql(`
  mutation EndSessionWithReason($input: EndSessionInput!) {
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
  readonly ownerId: string;
  readonly onEnded: () => void;
}

/** Ends a live session, with a word that the person sees. Shown to whoever may: operators, administrators, the person. */
export function EndSession({ id, ownerId, onEnded }: EndSessionProps): ReactNode {
  const viewer = useViewer();
  const [opened, { open, close }] = useDisclosure();
  const [message, setMessage] = useState('');
  const [refusal, setRefusal] = useState<string | null>(null);
  const [{ fetching }, end] = useMutation(EndSessionMutation);
  const may = viewer.id === ownerId || ['operate', 'administer'].some((one) => viewer.permissions.includes(one));
  if (!may) return null;
  const submit = async (): Promise<void> => {
    const said = message.trim();
    const { data, error } = await end({ input: { id, ...(said === '' ? {} : { message: said }) } });
    const no = error === undefined ? refusalText(data?.endSession.errors ?? []) : problemOf(error).message;
    setRefusal(no);
    if (no !== null) return;
    close();
    onEnded();
  };
  return (
    <>
      <Button color="red" variant="light" size="xs" onClick={open}>
        End session
      </Button>
      <Modal opened={opened} onClose={close} title="End this session">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
        >
          <Stack gap="sm">
            <Text size="sm">The connection is cut at once. What runs on the target may end with it.</Text>
            <Textarea
              label="Reason"
              description="The person sees it in the terminal, and it stands in the log."
              value={message}
              maxLength={200}
              autosize
              minRows={2}
              data-autofocus
              onChange={(event) => setMessage(event.currentTarget.value)}
            />
            {refusal === null ? null : (
              <Alert color="red" variant="light" role="alert">
                {refusal}
              </Alert>
            )}
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                Let it go on
              </Button>
              <Button type="submit" color="red.9" loading={fetching}>
                End it
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </>
  );
}
