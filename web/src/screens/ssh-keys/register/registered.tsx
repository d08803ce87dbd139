import { Alert, Button, Group, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { useQuery } from 'urql';
import { Link } from 'wouter';
import { graphql } from '../../../graphql/graphql.ts';
import { ScreenHead } from '../../../parts/screen-head.tsx';
import { Failure, Loading } from '../../../parts/states.tsx';
import type { ResourceDocument } from '../../admin/document/document.ts';
import { rowOfDocument } from '../key-row.ts';
import { accessPath } from '../paths.ts';
import { PublicKey } from '../public-key.tsx';

const RegisteredKey = graphql(`
  query RegisteredKey($name: String!) {
    resource(kind: SshKey, name: $name) {
      id
      document
    }
  }
`);

/** What is left to do once a key is saved. */
export function Registered({ name }: { readonly name: string }): ReactNode {
  const [{ data, error }, again] = useQuery({
    query: RegisteredKey,
    variables: { name },
    requestPolicy: 'network-only',
  });
  const resource = data?.resource;
  return (
    <>
      <ScreenHead title={name} about="The SSH key is registered." />
      <Stack gap="lg" maw={820}>
        <Alert color="teal" variant="light" role="status" title="The SSH key is saved">
          Its private key is in custody. Two things remain: its public key has to be deployed on all selected devices,
          and an entitlement has to give people the accounts that use it.
        </Alert>
        {resource === undefined || resource === null ? (
          error === undefined ? (
            <Loading what="its public key" />
          ) : (
            <Failure error={error} retry={() => again({ requestPolicy: 'network-only' })} />
          )
        ) : (
          <PublicKey {...rowOfDocument(resource.id ?? '', resource.document as ResourceDocument)} />
        )}
        <Group>
          <Button component={Link} href={accessPath(name)}>
            Start session with a key
          </Button>
          <Button component={Link} href="/admin/entitlements" variant="default">
            Entitlements
          </Button>
          <Button component={Link} href="/ssh-keys" variant="default">
            SSH keys
          </Button>
        </Group>
      </Stack>
    </>
  );
}
