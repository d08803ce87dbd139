import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { CopyButton } from '../../../parts/copy-button.tsx';

interface Link {
  readonly url: string;
  readonly expiresAt: string;
}

/** Makes the link by which a person sets a new password once. It is shown to whoever made it, and to nobody else. */
export function ResetLink({ user }: { readonly user: string }): ReactNode {
  const [link, setLink] = useState<Link | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const make = async (): Promise<void> => {
    setBusy(true);
    const made = await askForLink(user);
    setBusy(false);
    setLink(typeof made === 'string' ? null : made);
    setProblem(typeof made === 'string' ? made : null);
  };
  return (
    <Stack gap="xs" align="flex-start">
      <Button size="xs" variant="default" loading={busy} onClick={() => void make()}>
        Make a link to set the password
      </Button>
      <div aria-live="polite">
        {problem === null ? null : (
          <Alert color="red" variant="light" role="alert">
            {problem}
          </Alert>
        )}
        {link === null ? null : (
          <Stack gap={4} align="flex-start">
            <Group gap="sm">
              <Code>{link.url}</Code>
              <CopyButton text={link.url} what="the link" />
            </Group>
            <Text size="sm">
              It sets the password of {user} once, until{' '}
              {new Date(link.expiresAt).toLocaleTimeString('en-GB', { timeStyle: 'short' })}. Give it to nobody else.
            </Text>
          </Stack>
        )}
      </div>
    </Stack>
  );
}

/** The link, or why there is none. */
async function askForLink(user: string): Promise<Link | string> {
  try {
    const answer = await fetch('/auth/reset-link', {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify({ user }),
    });
    const said = (await answer.json()) as Partial<Link> & { readonly errors?: readonly { readonly message: string }[] };
    if (answer.ok && said.url !== undefined && said.expiresAt !== undefined) {
      return { url: said.url, expiresAt: said.expiresAt };
    }
    return said.errors?.map(({ message }) => message).join(' ') ?? `The server refused it (${answer.status}).`;
  } catch {
    return 'The server does not answer. Check your connection, then try again.';
  }
}
