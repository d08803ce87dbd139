import './sessions.css';
import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { bytesText, durationText, endText } from './session-texts.ts';

export interface SessionFactsProps {
  readonly session: {
    readonly id: string;
    readonly source: string;
    readonly client: string | null;
    readonly reason: string | null;
    readonly startedAt: string;
    readonly endedAt: string | null;
    readonly endReason: string | null;
    readonly endMessage: string | null;
    readonly bytesReceived: number | null;
    readonly bytesSent: number | null;
  };
}

/** What is known of a session beside its recording, in one dense line. */
export function SessionFacts({ session }: SessionFactsProps): ReactNode {
  const { source, client, reason, startedAt, endedAt, endReason, endMessage, bytesReceived, bytesSent } = session;
  const facts: readonly (readonly [string, string | null])[] = [
    ['From', source],
    ['Client', client],
    ['Reason given', reason],
    ['Lasted', endedAt === null ? null : durationText(startedAt, endedAt)],
    ['Ended', endReason === null ? null : endText(endReason)],
    ['Message at the end', endMessage],
    // Counted when it ends.
    ['Received', endedAt === null || bytesReceived === null ? null : bytesText(bytesReceived)],
    ['Sent', endedAt === null || bytesSent === null ? null : bytesText(bytesSent)],
  ];
  return (
    <dl className="session-facts">
      {facts.map(([name, value]) =>
        value === null || value === '' ? null : (
          <div key={name}>
            <Text component="dt" size="xs" c="dimmed">
              {name}
            </Text>
            <Text component="dd" size="sm">
              {value}
            </Text>
          </div>
        ),
      )}
    </dl>
  );
}
