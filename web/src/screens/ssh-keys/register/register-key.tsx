import { Badge, Button, Group, Tabs } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useSearchParams } from 'wouter';
import { ScreenHead } from '../../../parts/screen-head.tsx';
import { DevicesTab } from './devices-tab.tsx';
import { emptyDraft, type KeyDraft } from './draft.ts';
import { InformationTab } from './information-tab.tsx';
import { KeyDataTab } from './key-data-tab.tsx';
import type { Problem, RegisterTab } from './placed-problems.ts';
import { Registered } from './registered.tsx';
import { ReviewTab } from './review-tab.tsx';
import { useReview } from './use-review.ts';

const tabs: readonly (readonly [value: RegisterTab, title: string])[] = [
  ['information', 'Information'],
  ['key', 'Key data'],
  ['devices', 'Devices'],
  ['review', 'Review'],
];

/** Registers an SSH key with the devices that it opens. Nothing is saved before the review has shown it. */
export function RegisterKey(): ReactNode {
  const [address, setAddress] = useSearchParams();
  const [draft, setDraft] = useState(emptyDraft);
  const [focus, setFocus] = useState<string | null>(null);
  const [saving, setSaving] = useState(false);
  const [saved, setSaved] = useState(false);
  const review = useReview();
  const at = Math.max(
    0,
    tabs.findIndex(([value]) => value === address.get('tab')),
  );
  const tab = tabs[at]?.[0] ?? 'information';
  const begin = useRef<() => void>(() => undefined);
  useEffect(() => {
    begin.current = () => void review.begin(draft);
  });
  useEffect(() => {
    if (tab === 'review') begin.current();
  }, [tab]);
  useEffect(() => {
    if (focus === null) return;
    document.getElementById(`field-${focus}`)?.focus();
    setFocus(null);
  }, [focus]);

  if (saved) return <Registered name={draft.name} />;
  const change = (altered: Partial<KeyDraft>): void => {
    setDraft((before) => ({ ...before, ...altered }));
    review.forgive(altered);
  };
  // Each tab is a step that Back goes back, since leaving loses what is filled in.
  const show = (next: string | null): void => setAddress(next === null || next === 'information' ? {} : { tab: next });
  const goTo = (problem: Problem): void => {
    show(problem.tab);
    if (problem.field === 'password' && draft.password === null) setDraft({ ...draft, password: '' });
    setFocus(problem.field);
  };
  const problemOf = (field: string): string | undefined =>
    review.problems.find((problem) => problem.field === field)?.message;
  const save = async (): Promise<void> => {
    setSaving(true);
    const done = await review.save(draft);
    setSaving(false);
    // What was typed into it is kept no longer than it has to be.
    if (done) setDraft({ ...emptyDraft, name: draft.name });
    setSaved(done);
  };
  const given = { draft, onChange: change, problemOf };
  return (
    <>
      <ScreenHead
        title="SSH key registration"
        about="A key in custody, by which people start sessions on its devices."
      />
      <Tabs value={tab} onChange={show} keepMounted={false}>
        <Tabs.List mb="lg">
          {tabs.map(([value, title]) => (
            <Tabs.Tab key={value} value={value} px={8} rightSection={<Count of={countOf(review.problems, value)} />}>
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="information">
          <InformationTab {...given} />
        </Tabs.Panel>
        <Tabs.Panel value="key">
          <KeyDataTab {...given} />
        </Tabs.Panel>
        <Tabs.Panel value="devices">
          <DevicesTab {...given} />
        </Tabs.Panel>
        <Tabs.Panel value="review">
          <ReviewTab draft={draft} review={review} onPlans={(plans) => review.changePlans(draft, plans)} onGo={goTo} />
        </Tabs.Panel>
      </Tabs>
      <Group mt="xl">
        {at === 0 ? null : (
          <Button variant="default" onClick={() => show(tabs[at - 1]?.[0] ?? null)}>
            Back
          </Button>
        )}
        {tab === 'review' ? (
          <Button onClick={() => void save()} loading={saving} disabled={review.checked === null}>
            Save
          </Button>
        ) : (
          <Button onClick={() => show(tabs[at + 1]?.[0] ?? null)}>Next: {tabs[at + 1]?.[1]}</Button>
        )}
      </Group>
    </>
  );
}

function countOf(problems: readonly Problem[], tab: RegisterTab): number {
  return problems.filter((problem) => problem.tab === tab).length;
}

function Count({ of }: { readonly of: number }): ReactNode {
  if (of === 0) return null;
  return (
    <Badge color="red" size="sm" circle aria-label={of === 1 ? '1 problem' : `${of} problems`}>
      {of}
    </Badge>
  );
}
