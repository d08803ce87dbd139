import { Button, Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { useUrlPage } from './url-state.ts';

interface PageInfo {
  readonly hasNextPage: boolean;
  readonly endCursor: string | null;
}

/** Leads through the pages of a list; the server makes them, the address holds the place. */
export function Pager({ pageInfo }: { readonly pageInfo: PageInfo }): ReactNode {
  const [after, setAfter] = useUrlPage();
  const { hasNextPage, endCursor } = pageInfo;
  if (after === '' && !hasNextPage) return null;
  return (
    <Group component="nav" aria-label="Pages" mt="md" gap="sm">
      <Button variant="default" size="xs" disabled={after === ''} onClick={() => setAfter('')}>
        First page
      </Button>
      <Button variant="default" size="xs" disabled={after === ''} onClick={() => history.back()}>
        Back
      </Button>
      <Button
        variant="default"
        size="xs"
        disabled={!hasNextPage || endCursor === null}
        onClick={() => setAfter(endCursor ?? '')}
      >
        Next page
      </Button>
    </Group>
  );
}
