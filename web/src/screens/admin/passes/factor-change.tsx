import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { OwnAnswer } from '../../../http/own.ts';
import { FreshFactor } from '../../factor/fresh-factor.tsx';

export interface FactorChangeProps<T> {
  /** On the button, and on the one that confirms. */
  readonly label: string;
  /** Which of several this is, for who hears the button. */
  readonly what?: string;
  readonly title: string;
  /** What will be. */
  readonly children: ReactNode;
  readonly act: (freshFactor: string | null) => Promise<OwnAnswer<T>>;
  readonly onDone: (value: T) => void;
}

/** A change of somebody's factors: says what it does, and asks for the own factor where that is needed. */
export function FactorChange<T>({ label, what, title, children, act, onDone }: FactorChangeProps<T>): ReactNode {
  const [step, setStep] = useState<'closed' | 'asking' | 'fresh'>('closed');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const open = (): void => {
    setProblem(null);
    setStep('asking');
  };
  const confirm = async (freshFactor: string | null): Promise<void> => {
    setBusy(true);
    const answer = await act(freshFactor);
    setBusy(false);
    if (answer.ok) {
      setStep('closed');
      onDone(answer.value);
      return;
    }
    const needsFactor = answer.code === 'fresh-factor-needed' && freshFactor === null;
    setStep(needsFactor ? 'fresh' : 'asking');
    setProblem(needsFactor ? null : answer.message);
  };
  return (
    <>
      <Button size="xs" variant="default" onClick={open} aria-label={what === undefined ? label : `${label} ${what}`}>
        {label}
      </Button>
      <Modal opened={step !== 'closed'} onClose={() => setStep('closed')} title={title} centered>
        {step === 'fresh' ? (
          <FreshFactor purpose="factors" onShown={(shown) => void confirm(shown)} onCancel={open} />
        ) : (
          <Stack gap="md">
            <Text size="sm" component="div">
              {children}
            </Text>
            {problem === null ? null : (
              <Alert color="red" variant="light" role="alert">
                {problem}
              </Alert>
            )}
            <Group justify="flex-end">
              <Button variant="default" onClick={() => setStep('closed')} data-autofocus>
                Cancel
              </Button>
              <Button color="red.8" loading={busy} onClick={() => void confirm(null)}>
                {label}
              </Button>
            </Group>
          </Stack>
        )}
      </Modal>
    </>
  );
}
