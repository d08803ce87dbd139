import { Alert, Anchor } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { ConditionSimulator } from './condition-simulator.tsx';
import { isMap, type ResourceDocument, textOf } from './document/document.ts';
import { ExplainAccess } from './explain-access.tsx';
import { kindName, objectPath } from './kinds/kind-names.ts';
import type { ExtraTab } from './object-editor.tsx';
import { UserPasses } from './passes/user-passes.tsx';
import { TargetIdentity } from './target-identity.tsx';

/** What somebody has to know of an object before anything else; null: nothing. */
export function kindNotice({ kind, metadata, spec }: ResourceDocument, tab: string): ReactNode {
  const target = kindName('Target');
  if (kind !== 'Target' || isMap(spec.trust) || tab === 'identity' || target === undefined) return null;
  return (
    <Alert color="orange" variant="light" mb="md" title="This target opens nothing yet">
      Nobody has confirmed who it is.{' '}
      <Anchor
        component={Link}
        href={objectPath(target, metadata.name, 'identity')}
        fz="sm"
        c="inherit"
        underline="always"
      >
        Look at what it shows, compare and confirm
      </Anchor>
    </Alert>
  );
}

/** What a kind has beside its form. */
export function kindTabs({ kind, metadata, spec }: ResourceDocument, changed: () => void): readonly ExtraTab[] {
  const tab = (value: string, title: string, content: ReactNode): readonly ExtraTab[] => [{ value, title, content }];
  const { name } = metadata;
  switch (kind) {
    case 'Target':
      return tab(
        'identity',
        'Identity',
        <TargetIdentity name={name} trusted={isMap(spec.trust)} onConfirmed={changed} />,
      );
    case 'User':
      return tab('passes', 'Factors, logins, passes', <UserPasses user={name} />);
    case 'Condition':
      return tab('try', 'Try it', <ConditionSimulator expression={textOf(spec.expression)} />);
    case 'Entitlement':
    case 'Policy':
      return tab('who', 'Who gets it', <ExplainAccess />);
    default:
      return [];
  }
}
