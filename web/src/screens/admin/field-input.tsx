import { Checkbox, NumberInput, PasswordInput, Select, Stack, TagsInput, Textarea, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { type Json, isMap, textOf, textsOf } from './document/document.ts';
import type { InputProps } from './input-props.ts';
import type { Field } from './kinds/fields.ts';
import { NameInput, NamesInput } from './name-input.tsx';

export interface FieldInputProps {
  readonly field: Field;
  /** Undefined: the document says nothing. */
  readonly value: Json | undefined;
  readonly onChange: (value: Json | undefined) => void;
  readonly error?: string | undefined;
  readonly isNew: boolean;
  /** Whether a write-only value stands already. */
  readonly isSet: boolean;
}

const inPlace = { withinPortal: false } as const;

/** The input of one field of a form. */
export function FieldInput({ field, value, onChange, error, isNew, isSet }: FieldInputProps): ReactNode {
  const given: InputProps = {
    label: field.label,
    required: field.required ?? false,
    ...(field.help === undefined ? {} : { description: field.help }),
    ...(error === undefined ? {} : { error }),
  };
  const plain = { ...given, required: false, withAsterisk: given.required, 'aria-required': given.required };
  const text = (next: string): void => onChange(next === '' ? undefined : next);
  const texts = (next: readonly string[]): void => onChange(next.length === 0 ? undefined : next);
  switch (field.type) {
    case 'text':
      return (
        <TextInput
          {...plain}
          placeholder={field.example ?? ''}
          disabled={field.fixed === true && !isNew}
          value={textOf(value)}
          onChange={(event) => text(event.currentTarget.value)}
        />
      );
    case 'long':
      return (
        <Textarea
          {...plain}
          placeholder={field.example ?? ''}
          autosize
          minRows={2}
          maxRows={12}
          value={textOf(value)}
          onChange={(event) => text(event.currentTarget.value)}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        />
      );
    case 'number':
      return (
        <NumberInput
          {...plain}
          value={typeof value === 'number' ? value : ''}
          onChange={(next) => onChange(typeof next === 'number' ? next : undefined)}
          hideControls
        />
      );
    case 'flag': {
      const usual = field.usual ?? false;
      const on = typeof value === 'boolean' ? value : usual;
      return (
        <Checkbox
          {...given}
          checked={on}
          onChange={(event) => onChange(event.currentTarget.checked === usual ? undefined : !usual)}
        />
      );
    }
    case 'choice':
      return (
        <Select
          {...plain}
          data={[...field.options]}
          value={textOf(value) || (field.usual ?? null)}
          onChange={(next) => onChange(next ?? undefined)}
          disabled={field.fixed === true && !isNew}
          clearable={field.required !== true && field.usual === undefined}
          clearButtonProps={{ 'aria-label': `Clear ${field.label}` }}
          comboboxProps={inPlace}
        />
      );
    case 'choices': {
      const chosen = value === undefined ? [...(field.usual ?? [])] : textsOf(value);
      return (
        <Checkbox.Group {...plain} value={chosen} onChange={(next) => texts(next)}>
          <Stack gap={6} mt={6}>
            {field.options.map((option) => (
              <Checkbox key={option.value} value={option.value} label={option.label} />
            ))}
          </Stack>
        </Checkbox.Group>
      );
    }
    case 'list':
      return (
        <TagsInput
          {...plain}
          placeholder={field.example ?? ''}
          value={textsOf(value)}
          onChange={texts}
          acceptValueOnBlur
          splitChars={['\n']}
        />
      );
    case 'name':
      return (
        <NameInput
          {...plain}
          of={field.of}
          value={textOf(value)}
          onChange={text}
          disabled={field.fixed === true && !isNew}
        />
      );
    case 'names':
      return <NamesInput {...plain} of={field.of} value={textsOf(value)} onChange={texts} />;
    case 'labels':
      return <LabelsInput {...plain} value={value} onChange={onChange} />;
    case 'secret':
      return <SecretInput {...plain} value={textOf(value)} onChange={text} isSet={isSet} long={field.long ?? false} />;
  }
}

interface LabelsInputProps extends InputProps {
  readonly value: Json | undefined;
  readonly onChange: (value: Json | undefined) => void;
}

/** A map of texts, each entry as `name=value`. */
export function LabelsInput({ value, onChange, ...props }: LabelsInputProps): ReactNode {
  const entries = isMap(value) ? Object.entries(value).map(([key, each]) => `${key}=${textOf(each)}`) : [];
  const take = (next: readonly string[]): void => {
    const pairs = next.map((each) => {
      const end = each.indexOf('=');
      return end < 0 ? [each.trim(), ''] : [each.slice(0, end).trim(), each.slice(end + 1).trim()];
    });
    onChange(pairs.length === 0 ? undefined : (Object.fromEntries(pairs) as Record<string, string>));
  };
  return (
    <TagsInput
      {...props}
      placeholder={entries.length === 0 ? 'name=value' : ''}
      value={entries}
      onChange={take}
      acceptValueOnBlur
      splitChars={[',']}
    />
  );
}

interface SecretInputProps extends InputProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly isSet: boolean;
  readonly long: boolean;
}

/** Never holds what stands: what is typed takes its place. */
function SecretInput({ value, onChange, isSet, long, description, ...props }: SecretInputProps): ReactNode {
  const state = isSet ? 'One is set. It is never shown; what you type takes its place.' : 'None is set.';
  const said = description === undefined ? state : `${state} ${description}`;
  const input = {
    ...props,
    description: said,
    value,
    autoComplete: 'off',
    spellCheck: false,
    onChange: (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value),
  };
  if (long) return <Textarea {...input} autosize minRows={2} maxRows={8} />;
  return <PasswordInput {...input} autoComplete="new-password" />;
}
