import { CloseButton, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { type ReactNode, useEffect, useState } from 'react';

export interface SearchFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** In pixels; as wide as its label or more unless told. */
  readonly w?: number;
}

const pauseMilliseconds = 250;

/** Searches while it is typed, a moment after the last key. */
export function SearchField({ label, value, onChange, w }: SearchFieldProps): ReactNode {
  const [typed, setTyped] = useState(value);
  const tell = useDebouncedCallback(onChange, pauseMilliseconds);
  // Back and links change the address without a key.
  useEffect(() => setTyped(value), [value]);
  const take = (next: string): void => {
    setTyped(next);
    tell(next);
  };
  return (
    <TextInput
      type="search"
      label={label}
      {...(w === undefined ? {} : { w })}
      value={typed}
      maxLength={200}
      onChange={(event) => take(event.currentTarget.value)}
      rightSection={typed === '' ? null : <CloseButton aria-label="Clear the search" onClick={() => take('')} />}
    />
  );
}
