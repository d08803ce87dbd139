import { graphql } from '../graphql/graphql.ts';
import { useCommand } from '../graphql/use-command.ts';

const RevokeKey = graphql(`
  mutation RevokeKey($input: RevokeKeyInput!) {
    revokeKey(input: $input) {
      id
      errors {
        code
        message
      }
    }
  }
`);

const RevokeToken = graphql(`
  mutation RevokeToken($input: RevokeTokenInput!) {
    revokeToken(input: $input) {
      id
      errors {
        code
        message
      }
    }
  }
`);

type Revoke = (id: string) => Promise<string | null>;

/** Revokes a public key, one's own or anybody's; gives why not, or null. */
export function useRevokeKey(onRevoked: () => void): Revoke {
  const run = useCommand(RevokeKey, onRevoked);
  return (id) => run({ input: { id } });
}

/** Revokes a temporary token, one's own or anybody's; gives why not, or null. */
export function useRevokeToken(onRevoked: () => void): Revoke {
  const run = useCommand(RevokeToken, onRevoked);
  return (id) => run({ input: { id } });
}
