import { SegmentedControl, Select, Stack, Text, Textarea, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { usernameOf } from './draft.ts';
import { isEncrypted } from './key-lock.ts';
import { PasswordPart } from './password-part.tsx';
import type { TabProps } from './tab-props.ts';

const monospace = { input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } };

/** The login that the key is for, and the key: a given one, or a pair that is made in custody. */
export function KeyDataTab(props: TabProps): ReactNode {
  const { draft, onChange, problemOf } = props;
  return (
    <Stack gap="md" maw={640}>
      <TextInput
        id="field-username"
        label="Username"
        description="The login on the devices that the key opens."
        withAsterisk
        aria-required
        autoComplete="off"
        value={usernameOf(draft)}
        error={problemOf('username')}
        onChange={(event) => onChange({ username: event.currentTarget.value })}
      />
      <SegmentedControl
        aria-label="Where the key comes from"
        data={[
          { value: 'given', label: 'I have a key' },
          { value: 'made', label: 'Make a new key pair here' },
        ]}
        value={draft.source}
        onChange={(source) => onChange({ source: source === 'made' ? 'made' : 'given' })}
      />
      {draft.source === 'given' ? <GivenKey {...props} /> : <MadeKey {...props} />}
    </Stack>
  );
}

function GivenKey(props: TabProps): ReactNode {
  const { draft, onChange, problemOf } = props;
  return (
    <>
      <Textarea
        id="field-privateKey"
        label="Private key"
        description="The whole file, in PEM or OpenSSH format, from BEGIN to END. It goes into custody and is never shown again."
        placeholder="-----BEGIN RSA PRIVATE KEY-----"
        withAsterisk
        aria-required
        autosize
        minRows={5}
        maxRows={12}
        autoComplete="off"
        spellCheck={false}
        styles={monospace}
        value={draft.privateKey}
        error={problemOf('privateKey')}
        onChange={(event) => onChange({ privateKey: event.currentTarget.value })}
      />
      <Textarea
        id="field-publicKey"
        label="Public key"
        description="The line of the .pub file. It may be left out: it follows from the private key."
        placeholder="ssh-rsa AAAA…"
        autosize
        minRows={2}
        maxRows={6}
        spellCheck={false}
        styles={monospace}
        value={draft.publicKey}
        error={problemOf('publicKey')}
        onChange={(event) => onChange({ publicKey: event.currentTarget.value })}
      />
      <PasswordPart
        password={draft.password}
        encrypted={isEncrypted(draft.privateKey)}
        error={problemOf('password')}
        onChange={(password) => onChange({ password })}
        onMake={() => onChange({ source: 'made', password: null, privateKey: '', publicKey: '' })}
      />
    </>
  );
}

function MadeKey({ draft, onChange, problemOf }: TabProps): ReactNode {
  return (
    <>
      <Select
        id="field-algorithm"
        label="Algorithm"
        data={[
          { value: 'ed25519', label: 'Ed25519' },
          { value: 'rsa', label: 'RSA, 3072 bits' },
          { value: 'ecdsa', label: 'ECDSA, P-256' },
        ]}
        allowDeselect={false}
        comboboxProps={{ withinPortal: false }}
        value={draft.algorithm}
        error={problemOf('algorithm')}
        onChange={(algorithm) => {
          if (algorithm === 'ed25519' || algorithm === 'rsa' || algorithm === 'ecdsa') onChange({ algorithm });
        }}
      />
      <Text size="sm" c="dimmed">
        The private key is made in custody and never leaves it, so it needs no password. Once it is saved you are shown
        the public key, to be deployed on the devices.
      </Text>
    </>
  );
}
