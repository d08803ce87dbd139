import { Alert, Anchor, List } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Problem } from './placed-problems.ts';

export interface ProblemListProps {
  readonly problems: readonly Problem[];
  readonly onGo: (problem: Problem) => void;
}

/** What stands against saving; each leads to the input that it is put right in. */
export function ProblemList({ problems, onGo }: ProblemListProps): ReactNode {
  return (
    <Alert color="red" variant="light" role="alert" title="Nothing is saved yet: this has to be put right first">
      <List size="sm" spacing={4}>
        {problems.map((problem) => (
          <List.Item key={`${problem.label} ${problem.message}`}>
            {problem.field === '' ? (
              problem.label
            ) : (
              <Anchor component="button" type="button" fz="sm" inherit underline="always" onClick={() => onGo(problem)}>
                {problem.label}
              </Anchor>
            )}
            : {problem.message}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
