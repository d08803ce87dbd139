import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { ScreenHead } from '../../parts/screen-head.tsx';
import { emptyDocument } from './document/document.ts';
import { kindForms } from './kinds/all-forms.ts';
import { kindOfPath, listPath, objectPath } from './kinds/kind-names.ts';
import { ObjectEditor } from './object-editor.tsx';

/** The form of something that is not there yet. */
export function NewObject(): ReactNode {
  const [location, go] = useLocation();
  const kind = kindOfPath(location);
  const form = kindForms[kind.kind];
  return (
    <>
      <ScreenHead title={`Create ${kind.one}`} about={form.about} />
      <ObjectEditor
        key={kind.kind}
        kind={kind}
        document={emptyDocument(kind.kind, form.start)}
        isNew
        isSet={false}
        onApplied={([change]) => go(change === undefined ? listPath(kind) : objectPath(kind, change.name))}
      />
    </>
  );
}
