import { expect } from 'vitest';
import type { World } from './world.ts';
import { atUi } from '../ui-kit.ts';

export async function adminDay({ product, browser, hands, book }: World): Promise<void> {
  const { page, complaints } = await atUi(browser, product, {
    user: 'admin',
    password: product.adminPassword,
    path: '/ui/admin/targets',
  });
  await book.step('nothing is there yet', page, async () => {
    await page.getByRole('link', { name: 'Create a target' }).waitFor();
  });
  await book.step('a new target', page, async () => {
    await hands.press(page.getByRole('link', { name: 'Create a target' }));
    await hands.fill(page.getByLabel('Name'), 'db-1');
    await hands.choose(page.getByRole('combobox', { name: 'Protocol' }), 'PostgreSQL');
    await hands.fill(page.getByLabel('Address'), 'db1.example.org:5432');
  });
  await book.step('the review', page, async () => {
    await hands.press(page.getByRole('button', { name: 'Review changes' }));
    await page.getByText('+ address: db1.example.org:5432').waitFor();
  });
  expect(complaints).toEqual([]);
}
