import { addName, type Desk, goTo } from './admin-forms.ts';
import type { World } from './world.ts';

/** A key that somebody made elsewhere goes into custody, with the device that it opens. */
export async function registerKey({ sshd }: World, desk: Desk): Promise<void> {
  const { page, hands, book } = desk;
  const dialog = page.getByRole('dialog');
  const next = (tab: string): Promise<void> => hands.press(page.getByRole('button', { name: `Next: ${tab}` }));
  await book.step('no SSH key is registered', page, async () => {
    await goTo(desk, 'SSH keys');
    await page.getByText('No SSH key is registered yet').waitFor();
  });
  await book.step('information of an SSH key', page, async () => {
    await hands.press(page.getByRole('link', { name: 'Add' }));
    await hands.fill(page.getByLabel('Key name'), 'deploy');
    await addName(desk, 'Tags', 'ops');
    await hands.fill(page.getByLabel('SSH key owner'), 'the web team');
  });
  await book.step('data of an SSH key', page, async () => {
    await next('Key data');
    await hands.fill(page.getByLabel('Username'), sshd.username);
    await hands.fill(page.getByRole('textbox', { name: 'Private key' }), sshd.userKeyPem);
    await hands.fill(page.getByRole('textbox', { name: 'Public key' }), sshd.userPublicKeyLine);
  });
  await book.step('a new device of an SSH key', page, async () => {
    await next('Devices');
    await hands.press(page.getByRole('button', { name: 'Register new device' }));
    await hands.fill(dialog.getByLabel('Device name'), 'web-2');
    await hands.fill(dialog.getByLabel('Address'), `127.0.0.1:${String(sshd.port)}`);
    await hands.press(dialog.getByRole('button', { name: 'Register' }));
    await hands.press(dialog.getByRole('button', { name: 'Fetch host keys' }));
    await hands.check(dialog.getByRole('checkbox').first());
  });
  await hands.press(dialog.getByRole('button', { name: 'Confirm' }));
  await dialog.waitFor({ state: 'hidden' });
  await book.step('an SSH key is reviewed', page, async () => {
    await next('Review');
    await page.getByText('Account deploy@web-2 is created').waitFor();
  });
  await book.step('an SSH key is saved', page, async () => {
    await hands.press(page.getByRole('button', { name: 'Save' }));
    await page.getByText('The SSH key is saved').waitFor();
  });
}
