import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { until } from '../../../kit/until.ts';
import type { Visit } from './visit.ts';

/** A line of the table of what may be reached. */
export const rowOf = (page: Page, target: string): Locator => page.getByRole('row', { name: new RegExp(target) });

/** What is there, what was marked, what was used, and why something is not open. */
export async function findAccess({ hands, book, page }: Visit): Promise<void> {
  await book.step('my access', page, async () => {
    await rowOf(page, 'web-1').waitFor();
    await rowOf(page, 'vault-1').getByText('only in the maintenance window').filter({ visible: true }).waitFor();
  });
  await book.step('found by a few letters', page, async () => {
    await hands.fill(page.getByLabel('Search names'), 'WEB');
    await rowOf(page, 'vault-1').waitFor({ state: 'hidden' });
    expect(new URL(page.url()).searchParams.get('q')).toBe('WEB');
  });
  await book.step('marked as a favourite', page, async () => {
    await hands.press(page.getByRole('button', { name: 'Clear the search' }));
    await rowOf(page, 'vault-1').waitFor();
    const star = page.getByRole('button', { name: /Favourite: .* on web-1/ });
    await hands.press(star);
    await until(async () => (await star.getAttribute('aria-pressed')) === 'true', { what: 'a star that is pressed' });
    await hands.press(page.getByRole('tab', { name: 'Favourites' }));
    await rowOf(page, 'vault-1').waitFor({ state: 'hidden' });
    await rowOf(page, 'web-1').waitFor();
  });
  await book.step('nothing was used yet', page, async () => {
    await hands.press(page.getByRole('tab', { name: 'Recent' }));
    await page.getByText('You have used nothing yet').waitFor();
  });
  await book.step('why something is not open', page, async () => {
    await hands.press(page.getByRole('tab', { name: 'All' }));
    await hands.press(page.getByRole('button', { name: /Why not .* on vault-1/ }));
    await page.getByRole('dialog').getByText('only in the maintenance window').first().waitFor();
  });
  await hands.leave(page);
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
}
