import { Alert, Button, Group, Stack, Tabs } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useUrlText } from '../../parts/url-state.ts';
import { type ResourceDocument, withoutSecrets, writesSecrets } from './document/document.ts';
import { type DocumentError, placeErrors } from './document/error-places.ts';
import { yamlText } from './document/yaml-text.ts';
import { kindForms } from './kinds/all-forms.ts';
import type { KindName } from './kinds/kind-names.ts';
import { ObjectForm } from './object-form.tsx';
import { ProviderFindings } from './provider-findings.tsx';
import { Review } from './review.tsx';
import { type Applied, type ApplyWish, type Change, useApply } from './use-apply.ts';
import { useProviderTest } from './use-provider-test.ts';
import { YamlEditor } from './yaml-editor.tsx';

export interface ExtraTab {
  readonly value: string;
  readonly title: string;
  readonly content: ReactNode;
}

export interface ObjectEditorProps {
  readonly kind: KindName;
  /** What stands, or what a new one begins with. */
  readonly document: ResourceDocument;
  readonly isNew: boolean;
  /** Whether write-only values stand in custody. */
  readonly isSet: boolean;
  readonly tabs?: readonly ExtraTab[];
  readonly onApplied: (changes: readonly Change[]) => void;
}

const none: readonly DocumentError[] = [];

/** A document as a form and as YAML. Nothing is applied before a dry run has shown what would change. */
export function ObjectEditor({ kind, document, isNew, isSet, tabs = [], onApplied }: ObjectEditorProps): ReactNode {
  const form = kindForms[kind.kind];
  const [tab, setTab] = useUrlText('tab');
  const [draft, setDraft] = useState(document);
  const [yaml, setYaml] = useState<string | null>(null);
  const [setSecrets, setSetSecrets] = useState(false);
  const [errors, setErrors] = useState(none);
  const [busy, setBusy] = useState(false);
  const [reviewed, setReviewed] = useState<{ wish: ApplyWish; dryRun: Applied } | null>(null);
  const apply = useApply();
  const test = useProviderTest(setErrors);

  const shown = tab === '' ? 'form' : tab;
  const byYaml = yaml !== null;
  const isChanged = byYaml || draft !== document;
  const placed = placeErrors(byYaml ? none : errors, fieldPaths(kind));
  const wishNow = (): ApplyWish => (byYaml ? { documents: yaml, setSecrets } : wishOf(draft, form.derived ?? []));
  const review = async (): Promise<void> => {
    const wish = wishNow();
    setBusy(true);
    const dryRun = await apply(wish, true);
    setBusy(false);
    setErrors(dryRun.errors);
    if (dryRun.errors.length === 0) setReviewed({ wish, dryRun });
  };
  const discard = (): void => {
    setDraft(document);
    setYaml(null);
    setErrors(none);
  };
  return (
    <>
      <Tabs value={shown} onChange={(next) => setTab(next === 'form' ? '' : (next ?? ''))} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="form">Form</Tabs.Tab>
          <Tabs.Tab value="yaml">YAML</Tabs.Tab>
          {tabs.map(({ value, title }) => (
            <Tabs.Tab key={value} value={value}>
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="form">
          {byYaml ? (
            <Alert color="blue" variant="light" maw={720} title="The YAML was changed">
              Review or discard it first; then the form shows what stands.
            </Alert>
          ) : (
            <Stack gap="md">
              {placed.others.length === 0 ? null : (
                <Alert color="red" variant="light" role="alert" maw={720} title="Nothing was changed">
                  {placed.others.join('\n')}
                </Alert>
              )}
              <ObjectForm {...{ form, draft, isNew, isSet }} errors={placed} onChange={setDraft} />
            </Stack>
          )}
        </Tabs.Panel>
        <Tabs.Panel value="yaml">
          <YamlEditor
            text={yaml ?? yamlText(withoutSecrets(draft))}
            onChange={setYaml}
            errors={byYaml ? errors : none}
            setSecrets={setSecrets}
            onSetSecrets={setSetSecrets}
            commands={commandsOf(kind, document, isNew)}
          />
        </Tabs.Panel>
        {tabs.map(({ value, content }) => (
          <Tabs.Panel key={value} value={value}>
            {content}
          </Tabs.Panel>
        ))}
      </Tabs>
      {shown === 'form' || shown === 'yaml' ? (
        <Group mt="lg">
          <Button onClick={() => void review()} loading={busy} disabled={!isChanged}>
            Review changes
          </Button>
          <Button variant="default" onClick={discard} disabled={!isChanged}>
            Discard
          </Button>
          {kind.kind === 'IdentityProvider' ? (
            <Button variant="default" loading={test.asking} onClick={() => void test.run(wishNow().documents)}>
              Test
            </Button>
          ) : null}
        </Group>
      ) : null}
      {shown === 'form' || shown === 'yaml' ? <ProviderFindings test={test} document={wishNow().documents} /> : null}
      <Review
        reviewed={reviewed}
        began={isNew ? null : yamlText(document)}
        onClose={() => setReviewed(null)}
        onApplied={(changes) => {
          setReviewed(null);
          onApplied(changes);
        }}
      />
    </>
  );
}

/** What is typed into a write-only field is meant to act, on what exists too. */
function wishOf({ spec, ...draft }: ResourceDocument, derived: readonly string[]): ApplyWish {
  const own = Object.fromEntries(Object.entries(spec).filter(([field]) => !derived.includes(field)));
  return { documents: yamlText({ ...draft, spec: own }), setSecrets: writesSecrets(spec) };
}

function fieldPaths({ kind }: KindName): string[] {
  const paths = kindForms[kind].sections.flatMap(({ fields }) => fields.map(({ path }) => `spec.${path.join('.')}`));
  return ['metadata.name', 'metadata.labels', ...paths];
}

function commandsOf({ kind }: KindName, { metadata }: ResourceDocument, isNew: boolean): readonly string[] {
  const apply = 'sallyport apply -f FILE';
  if (isNew) return [apply];
  const name = /^[\w@.-]+$/.test(metadata.name) ? metadata.name : `'${metadata.name.replaceAll("'", `'\\''`)}'`;
  return [`sallyport get ${kind} ${name} --format yaml`, apply];
}
