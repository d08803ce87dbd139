import { Select } from '@mantine/core';
import type { ReactNode } from 'react';

export interface ChoiceFieldProps {
  readonly label: string;
  /** Empty: any of them. */
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly choices: readonly (readonly [value: string, title: string])[];
}

const any = 'any';

/** One of a few words that a list is narrowed by, or any of them. */
export function ChoiceField({ label, value, onChange, choices }: ChoiceFieldProps): ReactNode {
  return (
    <Select
      label={label}
      w={140}
      value={choices.some(([one]) => one === value) ? value : any}
      onChange={(chosen) => onChange(chosen === null || chosen === any ? '' : chosen)}
      allowDeselect={false}
      data={[{ value: any, label: 'Any' }, ...choices.map(([one, title]) => ({ value: one, label: title }))]}
    />
  );
}
