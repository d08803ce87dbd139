import { newUiVisitor, type UiVisitor } from '../ui-kit.ts';
import { keyboard } from './hands.ts';
import { password, type World } from './world.ts';

/** Where the browsers of the stories stand: not where the server does. */
export const zone = 'Europe/Berlin';

/** A person of a story at their own browser. */
export interface Visit extends World, UiVisitor {}

/** Comes to the UI and through the login page; by keyboard in dark colours and on a smaller screen. */
export async function logInAs(world: World, user: string): Promise<Visit> {
  const { product, browser, hands, book } = world;
  const isKeyboard = hands === keyboard;
  const visitor = await newUiVisitor(browser, product, {
    viewport: isKeyboard ? { width: 1_024, height: 768 } : { width: 1_440, height: 900 },
    colorScheme: isKeyboard ? 'dark' : 'light',
    timezoneId: zone,
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const { page, context, complaints } = visitor;
  context.on('weberror', (error) => complaints.push(String(error.error())));
  await visitor.open('/ui');
  await book.step('the login page', page, async () => {
    await hands.fill(page.getByLabel('User name'), user);
    await hands.fill(page.getByLabel('Password'), password);
  });
  await hands.press(page.getByRole('button', { name: 'Log in', exact: true }));
  return { ...world, ...visitor };
}

export const clipboardOf = (page: UiVisitor['page']): Promise<string> =>
  page.evaluate('navigator.clipboard.readText()');

/** Chromium says of each 401 that it was one: of a login that had ended. */
export const complaintsOf = ({ complaints }: Visit): readonly string[] =>
  complaints.filter((text) => !text.includes('401'));
