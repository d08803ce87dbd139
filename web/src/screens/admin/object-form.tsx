import { Fieldset, Stack, Text, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { type ResourceDocument, valueAt, withValue, writeOnlyFields } from './document/document.ts';
import type { PlacedErrors } from './document/error-places.ts';
import { FieldInput, LabelsInput } from './field-input.tsx';
import type { KindForm, Section } from './kinds/fields.ts';

export interface ObjectFormProps {
  readonly form: KindForm;
  readonly draft: ResourceDocument;
  readonly onChange: (draft: ResourceDocument) => void;
  readonly errors: PlacedErrors;
  readonly isNew: boolean;
  /** Whether write-only values stand in custody. */
  readonly isSet: boolean;
}

/** The fields of a document, as its kind describes them. */
export function ObjectForm({ form, draft, onChange, errors, isNew, isSet }: ObjectFormProps): ReactNode {
  const { metadata, spec } = draft;
  const error = (field: string): { error?: string } => {
    const text = errors.byField.get(field);
    return text === undefined ? {} : { error: text };
  };
  const sections = form.sections
    .map((section) => ({ ...section, fields: section.fields.filter(({ when }) => when?.(spec) ?? true) }))
    .filter(({ fields }) => fields.length > 0);
  return (
    <Stack gap="lg" maw={720}>
      {isNew ? (
        <TextInput
          label="Name"
          withAsterisk
          aria-required
          value={metadata.name}
          {...error('metadata.name')}
          onChange={(event) => onChange({ ...draft, metadata: { ...metadata, name: event.currentTarget.value } })}
        />
      ) : null}
      {sections.map((section) => (
        <SectionFrame key={section.title ?? ''} section={section}>
          {section.fields.map((field) => (
            <FieldInput
              key={field.path.join('.')}
              field={field}
              value={valueAt(spec, field.path)}
              isNew={isNew}
              isSet={isSet && writeOnlyFields.includes(field.path.join('.'))}
              {...error(`spec.${field.path.join('.')}`)}
              onChange={(value) => onChange({ ...draft, spec: withValue(spec, field.path, value) })}
            />
          ))}
        </SectionFrame>
      ))}
      {form.noLabels === true ? null : (
        <LabelsInput
          label="Labels"
          description="For searching, and for what is given by labels."
          required={false}
          value={metadata.labels}
          {...error('metadata.labels')}
          onChange={(labels) =>
            onChange({
              ...draft,
              metadata: { ...metadata, labels: (labels ?? {}) as Readonly<Record<string, string>> },
            })
          }
        />
      )}
    </Stack>
  );
}

function SectionFrame({ section, children }: { readonly section: Section; readonly children: ReactNode }): ReactNode {
  if (section.title === undefined && section.about === undefined) return <Stack gap="md">{children}</Stack>;
  return (
    <Fieldset legend={section.title}>
      <Stack gap="md">
        {section.about === undefined ? null : (
          <Text size="sm" c="dimmed">
            {section.about}
          </Text>
        )}
        {children}
      </Stack>
    </Fieldset>
  );
}
