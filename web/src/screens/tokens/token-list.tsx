import { Table, Text, VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import { ConfirmButton } from '../../parts/confirm-button.tsx';
import { Countdown, Moment } from '../../parts/moment.tsx';
import { protocolName } from '../../parts/protocol-names.ts';
import { useRevokeToken } from '../../parts/revoke-commands.ts';
import type { OwnToken } from './use-own-tokens.ts';

export interface TokenListProps {
  readonly tokens: readonly OwnToken[];
  readonly onRevoked: () => void;
}

/** Live tokens: how long they live, what they are for, where they were used last, and their end. */
export function TokenList({ tokens, onRevoked }: TokenListProps): ReactNode {
  const revoke = useRevokeToken(onRevoked);
  return (
    <Table verticalSpacing="xs" aria-label="Your live tokens">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Lives</Table.Th>
          <Table.Th visibleFrom="sm">Last used</Table.Th>
          <Table.Th>
            <VisuallyHidden>Actions</VisuallyHidden>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {tokens.map((token) => (
          <Table.Tr key={token.id}>
            <Table.Td>
              <Countdown until={token.expiresAt} />
              <Text size="sm" c="dimmed">
                for {scopeOf(token)}
              </Text>
              <Text size="sm" c="dimmed" component="div" hiddenFrom="sm">
                used <LastUse token={token} />
              </Text>
            </Table.Td>
            <Table.Td visibleFrom="sm">
              <LastUse token={token} />
            </Table.Td>
            <Table.Td ta="right">
              <ConfirmButton
                label="Revoke"
                what={`the token that was made ${token.issuedAt ?? ''}`}
                title="Revoke this token?"
                act={() => revoke(token.id)}
              >
                It opens nothing from now on. {ended(token)}
              </ConfirmButton>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** What its revocation ends, as far as it is known now. */
function ended({ liveSessions: { edges } }: OwnToken): string {
  const targets = [...new Set(edges.map(({ node }) => node.target.name))].join(', ');
  return edges.length === 0 ? 'No session is open by it.' : `Sessions that are open by it end: on ${targets}.`;
}

function scopeOf({ protocols, target }: OwnToken): string {
  const over = protocols === null ? 'every protocol' : protocols.map(protocolName).join(', ');
  return target === null ? `${over}, all targets` : `${over}, ${target.name} alone`;
}

function LastUse({ token: { lastUsedAt, lastUsedFrom, uses } }: { readonly token: OwnToken }): ReactNode {
  if (lastUsedAt === null) return 'never';
  return (
    <>
      <Moment at={lastUsedAt} />
      {lastUsedFrom === null ? '' : ` from ${lastUsedFrom}`}
      {uses > 1 ? `, ${String(uses)} sessions` : ''}
    </>
  );
}
