import { TextInput } from '@mantine/core';
import type { ReactNode } from 'react';

export interface MomentFieldProps {
  readonly label: string;
  /** ISO 8601 in UTC, as it stands in the address, so that a link means the same in every zone; empty: none. */
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A day and a time of day, in the zone of the browser. */
export function MomentField({ label, value, onChange }: MomentFieldProps): ReactNode {
  return (
    <TextInput
      type="datetime-local"
      label={label}
      w={210}
      value={localOf(value)}
      onChange={(event) => onChange(utcOf(event.currentTarget.value))}
    />
  );
}

/** As the field takes it: `2026-01-02T03:04`. By the clock, since while a year is typed it is one with a zone of seconds. */
function localOf(utc: string): string {
  const moment = new Date(utc);
  if (Number.isNaN(moment.getTime())) return '';
  const pad = (value: number, digits = 2): string => String(value).padStart(digits, '0');
  const day = [pad(moment.getFullYear(), 4), pad(moment.getMonth() + 1), pad(moment.getDate())].join('-');
  return `${day}T${pad(moment.getHours())}:${pad(moment.getMinutes())}`;
}

function utcOf(local: string): string {
  const moment = Date.parse(local);
  return Number.isNaN(moment) ? '' : new Date(moment).toISOString();
}

/** A moment of the address, or null when it is none, so that a mistyped link asks for nothing that is refused. */
export function momentOrNull(utc: string): string | null {
  const moment = Date.parse(utc);
  return Number.isNaN(moment) ? null : new Date(moment).toISOString();
}
