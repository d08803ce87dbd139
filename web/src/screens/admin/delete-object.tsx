import { Alert, Button, Code, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type ReactNode, useState } from 'react';
import { useMutation } from 'urql';
import { graphql } from '../../graphql/graphql.ts';
import { problemOf, refusalText } from '../../graphql/problem.ts';
import { Loading } from '../../parts/states.tsx';
import type { KindName } from './kinds/kind-names.ts';
import { Referrers, useReferrers } from './used-by.tsx';

const Delete = graphql(`
  mutation Delete($input: DeleteResourceInput!) {
    deleteResource(input: $input) {
      deleted
      errors {
        code
        message
      }
    }
  }
`);

export interface DeleteObjectProps {
  readonly kind: KindName;
  readonly name: string;
  readonly onDeleted: () => void;
}

/** Deletes an object once it is known that nothing names it. */
export function DeleteObject(props: DeleteObjectProps): ReactNode {
  const [opened, { open, close }] = useDisclosure();
  return (
    <>
      <Button variant="default" size="xs" onClick={open}>
        Delete
      </Button>
      <Modal opened={opened} onClose={close} title={`Delete ${props.kind.kind} ${props.name}?`}>
        <Question {...props} onClose={close} />
      </Modal>
    </>
  );
}

function Question({ kind, name, onDeleted, onClose }: DeleteObjectProps & { readonly onClose: () => void }): ReactNode {
  const { referrers, error } = useReferrers(kind, name);
  const [{ fetching }, run] = useMutation(Delete);
  const [problem, setProblem] = useState<string | null>(null);
  if (referrers === undefined && error === undefined) return <Loading what="what uses it" />;
  const edges = referrers?.edges ?? [];
  const confirm = async (): Promise<void> => {
    const { data, error: failed } = await run({ input: { kind: kind.kind, name } });
    const refused = failed === undefined ? refusalText(data?.deleteResource.errors ?? []) : problemOf(failed).message;
    setProblem(refused);
    if (refused === null) onDeleted();
  };
  return (
    <Stack gap="md">
      {edges.length > 0 ? (
        <>
          <Text size="sm">It can not be deleted while these name it. Change or delete them first.</Text>
          <Referrers edges={edges} />
        </>
      ) : (
        <Text size="sm">
          Nothing names it. What rests on it ends at once, and it can not be brought back; its history stays in the log.
          On the command line: <Code>{`sallyport delete ${kind.kind} ${name}`}</Code>
        </Text>
      )}
      {problem === null ? null : (
        <Alert color="red" variant="light" role="alert">
          {problem}
        </Alert>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose} data-autofocus>
          {edges.length > 0 ? 'Close' : 'Cancel'}
        </Button>
        {edges.length > 0 ? null : (
          <Button color="red.8" loading={fetching} onClick={() => void confirm()}>
            Delete
          </Button>
        )}
      </Group>
    </Stack>
  );
}
