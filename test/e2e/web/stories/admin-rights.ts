import { expect } from 'vitest';
import { addName, create, type Desk } from './admin-forms.ts';

/** On working days; who is on call on every day. */
const workingDays = 'claims.system.local.weekday <= 5 || "ops" in claims.user.groups';

/** A Sunday, in every zone that an installation may be in. */
const sunday = '2026-03-01T12:00';

/** A condition that was tried, what may be reached under it, and who gets that. */
export async function rights(desk: Desk): Promise<void> {
  const { page, hands } = desk;
  await create(desk, {
    screen: 'Conditions',
    one: 'a condition',
    name: 'working-days',
    fill: () => hands.fill(page.getByLabel('Expression (CEL)'), workingDays),
    review: 'is created',
  });
  await tryCondition(desk);
  for (const [target, condition] of [
    ['web-1', null],
    ['db-1', 'working-days'],
  ] as const) {
    await create(desk, {
      screen: 'Entitlements',
      one: 'an entitlement',
      name: target,
      fill: async () => {
        await addName(desk, 'Targets', target);
        if (condition !== null) await addName(desk, 'Conditions', condition);
      },
      review: `- ${target}`,
      again: target === 'db-1',
    });
  }
  await create(desk, {
    screen: 'Policies',
    one: 'a policy',
    name: 'ops',
    fill: async () => {
      await hands.fill(page.getByLabel('For whom (CEL)'), '"ops" in claims.user.groups');
      await addName(desk, 'Entitlements', 'web-1');
      await addName(desk, 'Entitlements', 'db-1');
    },
    review: '- db-1',
  });
}

/** On a Sunday: for who is on call it holds, for an auditor it does not. */
async function tryCondition({ page, hands, book }: Desk): Promise<void> {
  await hands.press(page.getByRole('tab', { name: 'Try it' }));
  for (const [person, answer] of [
    ['ann', 'It holds'],
    ['otto', 'It does not hold'],
  ] as const) {
    await book.step(`the condition is tried on ${person}`, page, async () => {
      await hands.fill(page.getByRole('combobox', { name: 'Person' }), person);
      await hands.press(page.getByRole('button', { name: 'Take their claims' }));
      await page
        .getByLabel('Claims')
        .and(page.getByText(`"${person}"`))
        .waitFor();
      await hands.date(page.getByLabel('At (your time'), sunday);
      expect(await page.getByLabel('At (your time').inputValue()).toBe(sunday);
      await hands.press(page.getByRole('button', { name: 'Try it' }));
      await page.getByText(answer, { exact: true }).waitFor();
    });
  }
}

/** Before anybody knocks: who would get in, and who would not. */
export async function whoGetsIt({ page, hands, book }: Desk): Promise<void> {
  await hands.press(page.getByRole('tab', { name: 'Who gets it' }));
  for (const [person, answer] of [
    ['ann', 'A session would open'],
    ['otto', 'No session would open'],
  ] as const) {
    await book.step(`whether ${person} gets it`, page, async () => {
      await hands.fill(page.getByRole('combobox', { name: 'Person' }), person);
      if (person === 'ann') await hands.choose(page.getByRole('combobox', { name: 'Target' }), 'db-1');
      await hands.press(page.getByRole('button', { name: 'Explain' }));
      await page.getByText(answer).waitFor();
    });
  }
}

/** By the palette to the targets; one of them as the command line reads it. */
export async function copyYaml(desk: Desk): Promise<void> {
  const { page, hands, book } = desk;
  const palette = page.getByRole('textbox', { name: 'Go to a screen' });
  await book.step('the palette finds a screen', page, async () => {
    await page.keyboard.press('Control+K');
    await hands.fill(palette, 'host');
    await page.getByRole('option', { name: 'Targets' }).or(page.getByText('Targets').last()).waitFor();
  });
  await book.step('all targets', page, async () => {
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Targets', level: 1 }).waitFor();
    await page.getByRole('link', { name: 'db-1' }).waitFor();
  });
  await book.step('the YAML of a target is copied', page, async () => {
    await hands.press(page.getByRole('link', { name: 'web-1' }));
    await hands.press(page.getByRole('tab', { name: 'YAML' }));
    await hands.press(page.getByRole('button', { name: 'Copy: the YAML' }));
    await page.getByRole('button', { name: 'Copied: the YAML' }).waitFor();
  });
  expect(await page.evaluate('navigator.clipboard.readText()')).toMatch(/^ {2}name: web-1$/m);
}
