import { Alert, Badge, Group } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useQuery } from 'urql';
import { useLocation } from 'wouter';
import { graphql } from '../../graphql/graphql.ts';
import { ScreenHead } from '../../parts/screen-head.tsx';
import { Empty, Failure, Loading } from '../../parts/states.tsx';
import { useUrlText } from '../../parts/url-state.ts';
import { DeleteObject } from './delete-object.tsx';
import type { ResourceDocument } from './document/document.ts';
import { yamlText } from './document/yaml-text.ts';
import { kindNotice, kindTabs } from './kind-tabs.tsx';
import { type KindName, kindOfPath, listPath } from './kinds/kind-names.ts';
import { ObjectEditor } from './object-editor.tsx';
import { UsedBy } from './used-by.tsx';

const ResourceQuery = graphql(`
  query Resource($kind: ResourceKind!, $name: String!) {
    resource(kind: $kind, name: $name) {
      id
      name
      labels
      document
      hasSecret
      declaredAt
    }
  }
`);

/** One declared object: as a form, as YAML, and what uses it. */
export function ObjectScreen(): ReactNode {
  const [location, go] = useLocation();
  const kind = kindOfPath(location);
  const [name] = useUrlText('name');
  const [tab] = useUrlText('tab');
  const [applied, setApplied] = useState(0);
  const variables = { kind: kind.kind, name };
  const [{ data, error }, again] = useQuery({ query: ResourceQuery, variables });
  const reload = (): void => again({ requestPolicy: 'network-only' });
  const resource = data?.resource;
  const changed = (): void => {
    setApplied(applied + 1);
    reload();
  };
  return (
    <>
      <ScreenHead
        title={name === '' ? kind.title : name}
        about={<Head kind={kind} declaredAt={resource?.declaredAt} />}
      >
        {resource === undefined || resource === null || resource.id === null ? null : (
          <DeleteObject kind={kind} name={resource.name} onDeleted={() => go(listPath(kind))} />
        )}
      </ScreenHead>
      {data === undefined ? (
        error === undefined ? (
          <Loading what="it" />
        ) : (
          <Failure error={error} retry={reload} />
        )
      ) : resource === null || resource === undefined ? (
        <Empty
          title={`There is no ${kind.kind} of this name`}
          next={`It may have been deleted. Look for it under “${kind.title}”.`}
          cli={`sallyport get ${kind.kind}`}
        />
      ) : (
        <>
          {applied === 0 ? null : (
            <Alert
              color="teal"
              variant="light"
              role="status"
              mb="md"
              withCloseButton
              onClose={() => setApplied(0)}
              closeButtonLabel="Close"
            >
              The changes are applied.
            </Alert>
          )}
          {kindNotice(resource.document as ResourceDocument, tab)}
          <ObjectEditor
            // What stands anew begins anew.
            key={`${kind.kind} ${name} ${applied} ${yamlText(resource.document as ResourceDocument)}`}
            kind={kind}
            document={resource.document as ResourceDocument}
            isNew={false}
            isSet={resource.hasSecret}
            tabs={[
              ...kindTabs(resource.document as ResourceDocument, changed),
              { value: 'used-by', title: 'Used by', content: <UsedBy kind={kind} name={resource.name} /> },
            ]}
            onApplied={changed}
          />
        </>
      )}
    </>
  );
}

function Head({
  kind,
  declaredAt,
}: {
  readonly kind: KindName;
  readonly declaredAt: string | null | undefined;
}): ReactNode {
  return (
    <Group gap="xs">
      <Badge variant="light" tt="none">
        {kind.kind}
      </Badge>
      {declaredAt === undefined || declaredAt === null ? null : (
        <span>
          as it stands since {new Date(declaredAt).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' })}
        </span>
      )}
    </Group>
  );
}
