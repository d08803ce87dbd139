import type { Page } from 'playwright-core';
import type { World } from './world.ts';

/** An administrator at work: the page that is used, with which hands, and where its pictures go. */
export interface Desk extends Pick<World, 'hands' | 'book'> {
  readonly page: Page;
}

/** To a screen, by its link in the navigation. */
export async function goTo({ page, hands }: Desk, screen: string): Promise<void> {
  await hands.press(page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: screen, exact: true }));
  await page.getByRole('heading', { name: screen, level: 1 }).waitFor();
}

/** One more name in a field that takes several. */
export async function addName({ page, hands }: Desk, field: string, name: string): Promise<void> {
  await hands.fill(page.getByRole('combobox', { name: field, exact: true }), name);
  await page.keyboard.press('Enter');
  await page.getByText(name, { exact: true }).first().waitFor();
}

export interface NewObject {
  readonly screen: string;
  /** As the button says it: `a target`. */
  readonly one: string;
  readonly name: string;
  /** Fills in the rest of the form. */
  readonly fill: () => Promise<void>;
  /** What the review says, at the least. */
  readonly review: string;
  /** The form was seen before: one picture of what was filled in is enough. */
  readonly again?: boolean;
}

/** Creates an object through its form: filled in, reviewed, applied. */
export async function create(desk: Desk, { screen, one, name, fill, review, again = false }: NewObject): Promise<void> {
  const { page, hands, book } = desk;
  await book[again ? 'glimpse' : 'step'](`${name}, ${one}, is filled in`, page, async () => {
    await goTo(desk, screen);
    await hands.press(page.getByRole('link', { name: `Create ${one}` }).first());
    await hands.fill(page.getByRole('textbox', { name: 'Name', exact: true }), name);
    await fill();
  });
  const look = async (): Promise<void> => {
    await hands.press(page.getByRole('button', { name: 'Review changes' }));
    await page.getByRole('dialog', { name: 'What this would change' }).getByText(review).first().waitFor();
  };
  if (again) await look();
  else await book.step(`${name}, ${one}, is reviewed`, page, look);
  await hands.press(page.getByRole('dialog').getByRole('button', { name: 'Apply' }));
  await page.getByRole('heading', { name, level: 1, exact: true }).waitFor();
}
