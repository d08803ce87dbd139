import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import type { OwnAnswer } from '../../http/own.ts';
import { Loading } from '../../parts/states.tsx';
import { type Attempt, beginAttempt, type FreshPurpose, type Mechanism, showCode, showKey } from './attempt.ts';

export interface FreshFactorProps {
  readonly purpose: FreshPurpose;
  /** With the authentication by which a factor was shown: it counts once, within 5 minutes. */
  readonly onShown: (authenticationId: string) => void;
  readonly onCancel: () => void;
}

/** Asks for a second factor once more: a code, a recovery code or a security key, whichever the person has. */
export function FreshFactor({ purpose, onShown, onCancel }: FreshFactorProps): ReactNode {
  const [attempt, setAttempt] = useState<Attempt | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const begin = async (said: string | null = null): Promise<void> => {
    const begun = await beginAttempt(purpose);
    if (begun.ok) setAttempt(begun.value);
    setProblem(begun.ok ? said : begun.message);
  };
  useEffect(() => void begin(), []);

  const take = async (of: Attempt, shown: Promise<OwnAnswer<unknown>>): Promise<void> => {
    setBusy(true);
    const answer = await shown;
    if (answer.ok) onShown(of.authenticationId);
    // An answer that was not taken has ended the attempt: the next try is a new one, with empty fields, so it is told then.
    else if (answer.code === 'login-failed') {
      await begin('That was not taken. Try again with a new code, or another factor.');
    } else setProblem(answer.message);
    setBusy(false);
  };

  return (
    <Stack gap="md" role="group" aria-label="Your second factor">
      <Text size="sm">{why[purpose]}</Text>
      {problem === null ? null : (
        <Alert color="red" variant="light" role="alert">
          {problem}
        </Alert>
      )}
      {attempt === null && problem === null ? <Loading what="your factors" /> : null}
      {attempt?.mechanisms.map((mechanism, index) => (
        <OneWay
          key={mechanism.id}
          mechanism={mechanism}
          first={index === 0}
          busy={busy}
          onCode={(code) => void take(attempt, showCode(attempt, mechanism, code))}
          onKey={() => void take(attempt, showKey(attempt, mechanism))}
        />
      ))}
      <Group justify="flex-end">
        <Button variant="default" onClick={onCancel}>
          Back
        </Button>
      </Group>
    </Stack>
  );
}

const why: Readonly<Record<FreshPurpose, string>> = {
  pass: 'The policy asks for your second factor once more before a token is made.',
  factors: 'Factors are changed by who shows one: show yours once more.',
};

interface OneWayProps {
  readonly mechanism: Mechanism;
  readonly first: boolean;
  readonly busy: boolean;
  readonly onCode: (code: string) => void;
  readonly onKey: () => void;
}

function OneWay({ mechanism, first, busy, onCode, onKey }: OneWayProps): ReactNode {
  const [code, setCode] = useState('');
  if (mechanism.name === 'WebAuthn') {
    return (
      <Button variant={first ? 'filled' : 'default'} loading={busy} onClick={onKey} data-autofocus={first || undefined}>
        Use your security key
      </Button>
    );
  }
  if (mechanism.name !== 'OATH' && mechanism.name !== 'RC') return null;
  const app = mechanism.name === 'OATH';
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onCode(code);
      }}
    >
      <Group align="flex-end" wrap="nowrap">
        <TextInput
          label={app ? 'Six digits from your authenticator app' : 'Recovery code'}
          description={app ? undefined : 'It works once; cross it off your list.'}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
          inputMode={app ? 'numeric' : 'text'}
          autoComplete={app ? 'one-time-code' : 'off'}
          maxLength={64}
          required
          autoFocus={first}
          flex={1}
        />
        <Button type="submit" variant={first ? 'filled' : 'default'} loading={busy} disabled={code === ''}>
          Continue
        </Button>
      </Group>
    </form>
  );
}
