import { Select, Stack, TagsInput, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import type { TabProps } from './tab-props.ts';

/** What the key is called, and whose it is. */
export function InformationTab({ draft, onChange, problemOf }: TabProps): ReactNode {
  return (
    <Stack gap="md" maw={640}>
      <TextInput
        id="field-name"
        label="Key name"
        placeholder="id_rsa"
        withAsterisk
        aria-required
        value={draft.name}
        error={problemOf('name')}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
      />
      <Select
        id="field-status"
        label="Status"
        description="An inactive key opens nothing."
        data={[
          { value: 'active', label: 'Active' },
          { value: 'inactive', label: 'Inactive' },
        ]}
        allowDeselect={false}
        comboboxProps={{ withinPortal: false }}
        value={draft.status}
        error={problemOf('status')}
        onChange={(status) => onChange({ status: status === 'inactive' ? 'inactive' : 'active' })}
      />
      <TagsInput
        id="field-tags"
        label="Tags"
        description="Words, or name=value, by which the key is found. Press Enter after each."
        value={[...draft.tags]}
        error={problemOf('tags')}
        onChange={(tags) => onChange({ tags })}
        acceptValueOnBlur
        splitChars={[',']}
        clearable
        clearButtonProps={{ 'aria-label': 'No tags' }}
      />
      <TextInput
        id="field-owner"
        label="SSH key owner"
        description="The login whose key it is. It has to exist on the devices."
        autoComplete="off"
        value={draft.owner}
        error={problemOf('owner')}
        onChange={(event) => onChange({ owner: event.currentTarget.value })}
      />
    </Stack>
  );
}
