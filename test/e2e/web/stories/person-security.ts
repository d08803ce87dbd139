import { appCode } from '../../../kit/authenticator-app.ts';
import { logIn } from '../../person.ts';
import { shows } from './person-terminal.ts';
import type { Visit } from './visit.ts';
import { password } from './world.ts';

/** What was done is there to be seen again. */
export async function replayOwn({ hands, book, page }: Visit): Promise<void> {
  const row = page.getByRole('row', { name: /browser terminal/ });
  await book.step('my sessions', page, async () => {
    await hands.press(page.getByRole('link', { name: 'My sessions' }));
    await row.filter({ visible: true }).waitFor();
  });
  await book.step('a session of mine again', page, async () => {
    await hands.press(row.getByRole('link', { name: /^Watch/ }));
    await page.getByRole('group', { name: 'Player' }).waitFor();
    await hands.pick(page.getByLabel('Speed'), '16×');
    await hands.press(page.getByRole('button', { name: 'Play', exact: true }));
    await shows(page, /^still yes$/m);
  });
}

/** Where ann is logged in; elsewhere no more. */
export async function endOneLogin({ product, hands, book, page }: Visit): Promise<void> {
  await logIn(product, 'ann', password);
  const dialog = page.getByRole('dialog');
  const elsewhere = page.getByRole('row', { name: /Command line/ });
  await book.step('logins, factors and keys', page, async () => {
    await hands.press(page.getByRole('link', { name: 'Security', exact: true }));
    await page.getByText('You have none: whoever learns your password is you.').waitFor();
    await elsewhere.waitFor();
  });
  await book.step('one device less', page, async () => {
    await hands.press(elsewhere.getByRole('button', { name: /^Sign out/ }));
    await hands.press(dialog.getByRole('button', { name: 'Sign out' }));
    await elsewhere.waitFor({ state: 'hidden' });
  });
}

/** An authenticator app; gives the key that is in it. */
export async function enrolApp({ hands, book, page }: Visit): Promise<string> {
  await book.step('the account', page, async () => {
    await hands.press(page.getByRole('link', { name: 'Add or remove' }));
    await page.waitForURL((url) => url.pathname === '/auth/account');
    await hands.press(page.locator('summary', { hasText: 'authenticator app' }));
    await hands.fill(page.locator('#label-totp'), 'my phone');
  });
  let key = '';
  await book.step('an authenticator app', page, async () => {
    await hands.press(page.locator('form[action="/auth/account/totp"] button'));
    await page.getByLabel('The six digits').waitFor();
    key = ((await page.locator('.secret').textContent()) ?? '').replaceAll(' ', '');
  });
  await hands.fill(page.getByLabel('The six digits'), appCode(key, Date.now()));
  await hands.press(page.getByRole('button', { name: 'Enrol' }));
  await page.waitForURL((url) => url.pathname === '/auth/account');
  await book.step('a second factor is there', page, async () => {
    await hands.press(page.getByRole('link', { name: 'Back to Security' }));
    await page.getByRole('row', { name: /my phone.*Authenticator app/ }).waitFor();
  });
  return key;
}

/** Something was lost: everything ends at once; then back with both factors. */
export async function signOut({ hands, book, page }: Visit, key: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await book.step('before everything ends', page, async () => {
    await hands.press(page.getByRole('button', { name: 'Sign out everywhere' }));
    await dialog.getByText('Every login of yours ends').waitFor();
  });
  await book.step('signed out everywhere', page, async () => {
    await hands.press(dialog.getByRole('button', { name: 'Sign out everywhere' }));
    await page.waitForURL((url) => url.pathname === '/auth/login');
    await page.getByLabel('User name').waitFor();
  });
  await book.step('the second factor is asked for', page, async () => {
    await hands.fill(page.getByLabel('User name'), 'ann');
    await hands.fill(page.getByLabel('Password'), password);
    await hands.press(page.getByRole('button', { name: 'Log in', exact: true }));
    // The next code: that of this moment was used to enrol.
    await hands.fill(page.getByLabel('Six digits'), appCode(key, Date.now(), 1));
  });
  await hands.press(page.getByRole('button', { name: 'Continue' }));
  await page.waitForURL((url) => url.pathname.startsWith('/ui'));
}
