import { expect } from 'vitest';
import { until } from '../../../kit/until.ts';
import { ssh } from '../../product.ts';
import { clipboardOf, type Visit } from './visit.ts';

/** Makes a token from the menu of the person, of a length of their own. Gives it as the clipboard has it. */
export async function makeToken({ hands, page }: Visit, minutes: string): Promise<string> {
  const dialog = page.getByRole('dialog');
  await hands.press(page.getByRole('button', { name: 'Your menu, ann' }));
  await hands.press(page.getByRole('menuitem', { name: 'Make a temporary token' }));
  await hands.check(dialog.getByRole('radio', { name: 'Other' }));
  await hands.fill(dialog.getByRole('textbox', { name: 'Minutes' }), minutes);
  await hands.check(dialog.getByLabel('SSH'));
  await hands.press(dialog.getByRole('button', { name: 'Make the token' }));
  await hands.press(dialog.getByRole('button', { name: 'Copy: the token' }));
  await dialog.getByRole('button', { name: 'Copied: the token' }).waitFor();
  return await clipboardOf(page);
}

/** A temporary token from its making to its end. */
export async function tokenOfAnHour(visit: Visit): Promise<void> {
  const { product, hands, book, page } = visit;
  const dialog = page.getByRole('dialog');
  let secret = '';
  await book.step('a token for an hour and a half', page, async () => {
    secret = await makeToken(visit, '90');
  });
  await hands.press(dialog.getByRole('button', { name: 'Done' }));
  await dialog.waitFor({ state: 'hidden' });
  expect((await ssh(product, 'ann~web-1', secret, ['echo', 'in'])).stdout).toBe('in\n');

  const row = page.getByRole('row', { name: /for SSH, all targets/ });
  await book.step('my tokens, and where each was used', page, async () => {
    await hands.press(page.getByRole('link', { name: 'My tokens' }));
    await row.getByText(/^1 h 2\d min left|^1 h 30 min left/).waitFor();
    await row.getByText('from 127.0.0.1').filter({ visible: true }).waitFor();
  });
  expect(await page.content()).not.toContain(secret);
  await book.step('before a token is revoked', page, async () => {
    await hands.press(row.getByRole('button', { name: /^Revoke/ }));
    await dialog.getByText('No session is open by it.').waitFor();
  });
  await book.step('one token less', page, async () => {
    await hands.press(dialog.getByRole('button', { name: 'Revoke' }));
    await row.waitFor({ state: 'hidden' });
  });
  await until(async () => (await ssh(product, 'ann~web-1', secret, ['echo', 'in'])).stdout === '', {
    what: 'a token that opens nothing',
  });
}
