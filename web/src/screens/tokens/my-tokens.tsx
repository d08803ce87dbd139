import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { ScreenHead } from '../../parts/screen-head.tsx';
import { Empty, Failure, Loading } from '../../parts/states.tsx';
import { useUrlOverlay } from '../../parts/url-state.ts';
import { useRefresh } from '../../graphql/use-refresh.ts';
import { TokenList } from './token-list.tsx';
import { useOwnTokens } from './use-own-tokens.ts';

/** The live temporary tokens of the person. */
export function MyTokens(): ReactNode {
  const [{ data, error }, again] = useOwnTokens();
  const refresh = (): void => again({ requestPolicy: 'network-only' });
  const [, openDialog] = useUrlOverlay('dialog');
  useRefresh(again);
  const tokens = data?.viewer.tokens.edges.map(({ node }) => node);
  return (
    <>
      <ScreenHead
        title="My tokens"
        about="Temporary tokens are the password for your own clients. Each is shown once, when it is made, and ends by itself."
      >
        <Button onClick={() => openDialog('token')}>Make a token</Button>
      </ScreenHead>
      {tokens === undefined ? (
        error === undefined ? (
          <Loading what="your tokens" />
        ) : (
          <Failure error={error} retry={refresh} />
        )
      ) : tokens.length === 0 ? (
        <Empty
          title="You have no live token"
          next="Make one when you want to connect with a client of your own; the terminal in the browser needs none."
          cli="sallyport token create"
        />
      ) : (
        <TokenList tokens={tokens} onRevoked={refresh} />
      )}
    </>
  );
}
