import { Button, Group, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { type ReactNode, type SubmitEvent, useEffect, useId, useRef, useState } from 'react';
import type { Question } from './server-message.ts';

export interface QuestionFormProps {
  readonly question: Question;
  readonly target: string;
  /** Null: no answer. */
  readonly answer: (answers: readonly string[] | null) => void;
}

/** As the server takes it (docs/protocols/terminal.md). */
const longestAnswer = 1_024;

/** Something only the person knows, asked for by us or by the target before the shell runs. */
export function QuestionForm({ question, target, answer }: QuestionFormProps): ReactNode {
  const heading = useId();
  const form = useRef<HTMLFormElement>(null);
  const [answers, setAnswers] = useState(() => question.prompts.map(() => ''));
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('input, button')?.focus();
  }, []);
  const send = (event: SubmitEvent): void => {
    event.preventDefault();
    answer(answers);
  };
  const ours = question.name === 'sallyport';
  return (
    <Paper component="section" aria-labelledby={heading} radius={0} p="md" withBorder>
      <form ref={form} onSubmit={send} autoComplete="off">
        <Stack gap="sm" maw={560} mx="auto">
          <Title order={2} size="h4" id={heading}>
            {ours ? 'Before the session opens' : `The target ${target} asks`}
          </Title>
          {ours || question.name === '' ? null : <Text size="sm">{question.name}</Text>}
          {question.instruction === '' ? null : <Text size="sm">{question.instruction}</Text>}
          {question.prompts.map(({ text, echo }, index) => (
            <TextInput
              // Prompts have no name but their place.
              // biome-ignore lint/suspicious/noArrayIndexKey: they never change
              key={index}
              label={text.trim() === '' ? 'Answer' : text}
              type={echo ? 'text' : 'password'}
              autoComplete={echo ? 'off' : 'one-time-code'}
              maxLength={longestAnswer}
              value={answers[index] ?? ''}
              onChange={({ currentTarget: { value } }) =>
                setAnswers((before) => before.map((one, at) => (at === index ? value : one)))
              }
            />
          ))}
          <Group gap="sm">
            <Button type="submit">Continue</Button>
            <Button variant="default" onClick={() => answer(null)}>
              Do not answer
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}
