import { Group, Input, NumberInput, SegmentedControl, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { clockTime, duration } from '../../parts/moments.ts';
import { useNow } from '../../parts/use-now.ts';
import { mostMinutes, offeredMinutes, ttlSeconds } from './validity.ts';

export interface ValidityFieldProps {
  /** Minutes as they were chosen or typed. */
  readonly minutes: number | string;
  readonly onChange: (minutes: number | string) => void;
}

const own = 'own';

/** How long a token is to live: three usual answers, and an own one; says until when that is. */
export function ValidityField({ minutes, onChange }: ValidityFieldProps): ReactNode {
  const [isOwn, setOwn] = useState(false);
  const now = useNow(10_000);
  const seconds = ttlSeconds(minutes);
  const choose = (value: string): void => {
    setOwn(value === own);
    if (value !== own) onChange(Number(value));
  };
  return (
    <Input.Wrapper label="Valid for" labelElement="div">
      <Group gap="sm" align="center">
        <SegmentedControl
          aria-label="Valid for"
          value={isOwn ? own : String(minutes)}
          onChange={choose}
          data={[
            ...offeredMinutes.map((offered) => ({ value: String(offered), label: duration(offered * 60_000) })),
            { value: own, label: 'Other' },
          ]}
        />
        {isOwn ? (
          <NumberInput
            aria-label="Minutes"
            value={minutes}
            onChange={onChange}
            min={1}
            max={mostMinutes}
            allowDecimal={false}
            allowNegative={false}
            suffix=" min"
            w={110}
            hideControls
            autoFocus
            error={seconds === null}
          />
        ) : null}
        <Text size="sm" c={seconds === null ? 'var(--mantine-color-error)' : 'dimmed'} aria-live="polite">
          {seconds === null
            ? `From 1 to ${String(mostMinutes)} minutes (8 h)`
            : `until ${clockTime(now + seconds * 1_000, now)}`}
        </Text>
      </Group>
    </Input.Wrapper>
  );
}
