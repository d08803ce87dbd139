import type { Locator, Page } from 'playwright-core';

/** How somebody uses a page. Each waits until what it uses is there and can be used. */
export interface Hands {
  /** A button, a link, an entry of a menu, a tab. */
  press(what: Locator): Promise<void>;
  /** A field: what it held before goes. */
  fill(what: Locator, text: string): Promise<void>;
  /** A box to tick; ticked already: left as it is. */
  check(what: Locator): Promise<void>;
  /** A box or a switch: the other way round. */
  toggle(what: Locator): Promise<void>;
  /** One option of a list that opens under its field. */
  choose(what: Locator, option: string): Promise<void>;
  /** One option of a list as the browser has it (`select`), by its text. */
  pick(what: Locator, option: string): Promise<void>;
  /** A day and a time of day, `2026-01-31T13:45`, in a field of the browser for that. */
  date(what: Locator, moment: string): Promise<void>;
  /** Goes away from what lies over the page. */
  leave(page: Page): Promise<void>;
  /** Keys to whatever has the focus, as the page itself. */
  type(page: Page, text: string): Promise<void>;
}

/** With a mouse, and a keyboard for what is text. */
export const pointer: Hands = {
  press: (what) => what.click(),
  fill: (what, text) => what.fill(text),
  check: async (what) => {
    if (!(await what.isChecked())) await pointer.toggle(what);
  },
  toggle: async (what) => {
    // Some boxes are drawn by their labels alone.
    const label = what.page().locator(`label[for="${(await what.getAttribute('id')) ?? ''}"]`);
    await label.last().click();
  },
  choose: async (what, option) => {
    await what.click();
    await optionOf(what, option).click();
  },
  pick: async (what, option) => {
    await what.selectOption({ label: option });
  },
  date: (what, moment) => what.fill(moment),
  leave: (page) => page.getByRole('dialog').getByRole('button', { name: 'Close', exact: true }).click(),
  type: (page, text) => page.keyboard.type(text),
};

/** With nothing but the keyboard: what can't be reached by Tab and arrows can't be used. */
export const keyboard: Hands = {
  press: async (what) => {
    await reach(what);
    await what.page().keyboard.press('Enter');
  },
  fill: async (what, text) => {
    await reach(what);
    await what.page().keyboard.press('ControlOrMeta+A');
    await what.page().keyboard.insertText(text);
  },
  check: async (what) => {
    if (!(await what.isChecked())) await keyboard.toggle(what);
  },
  toggle: async (what) => {
    await reach(what);
    await what.page().keyboard.press('Space');
  },
  choose: async (what, option) => {
    await reach(what);
    const { keyboard: keys } = what.page();
    if (!(await expanded(what))) await keys.press('ArrowDown');
    const wanted = optionOf(what, option);
    await wanted.waitFor();
    // The list says which of its options Enter takes.
    for (let pressed = 0; pressed < 200; pressed += 1) {
      if (await isChosen(wanted)) return keys.press('Enter');
      await keys.press('ArrowDown');
    }
    throw new Error(`the arrows do not lead to the option ${option}`);
  },
  pick: async (what, option) => {
    await reach(what);
    const options = await what.locator('option').allTextContents();
    const { keyboard: keys } = what.page();
    await keys.press('Home');
    for (const text of options) {
      if (text === option) return;
      await keys.press('ArrowDown');
    }
    throw new Error(`there is no option ${option}`);
  },
  date: async (what, moment) => {
    await reach(what);
    const [, year = '', month = '', day = '', hour = '', minute = ''] =
      /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)$/.exec(moment) ?? [];
    // In the order of American English, which the browser speaks; a year may have more digits than four.
    const { keyboard: keys } = what.page();
    await keys.type(`${month}${day}${year}`);
    await keys.press('ArrowRight');
    await keys.type(`${String(Number(hour) % 12 || 12).padStart(2, '0')}${minute}${Number(hour) < 12 ? 'A' : 'P'}`);
  },
  leave: (page) => page.keyboard.press('Escape'),
  type: (page, text) => page.keyboard.type(text),
};

const optionOf = (what: Locator, option: string): Locator =>
  what.page().getByRole('option', { name: option, exact: true });

const expanded = async (what: Locator): Promise<boolean> => (await what.getAttribute('aria-expanded')) === 'true';

const isChosen = (option: Locator): Promise<boolean> =>
  option.evaluate(
    (element) => element.hasAttribute('data-combobox-selected') || element.getAttribute('aria-selected') === 'true',
  );

/** What has the focus: in it, it itself, elsewhere in the same group that arrows walk through, or elsewhere. */
type Focus = 'there' | 'arrows' | 'elsewhere';

/** Goes to something by Tab, and by arrows within a group of tabs, of radio buttons or of a menu. */
async function reach(what: Locator): Promise<void> {
  // Radio buttons and boxes are drawn by their labels, and have the focus themselves.
  await what.waitFor({ state: 'attached' });
  if (!(await what.evaluate((element) => element.matches('input')))) await what.waitFor();
  const { keyboard: keys } = what.page();
  for (let pressed = 0; pressed < 400; pressed += 1) {
    const focus = await focusOf(what);
    if (focus === 'there') return;
    await keys.press(focus === 'arrows' ? await arrowIn(what) : 'Tab');
  }
  throw new Error(`the keyboard does not lead to ${String(what)}`);
}

const GROUPS = '[role=tablist], [role=radiogroup], [role=menu]';

const focusOf = (what: Locator): Promise<Focus> =>
  what.evaluate((element, groups): Focus => {
    const { activeElement } = document;
    if (activeElement === null) return 'elsewhere';
    if (element === activeElement || (element.contains(activeElement) && !activeElement.matches('a, button, input')))
      return 'there';
    const group = element.closest(groups);
    return group?.contains(activeElement) === true ? 'arrows' : 'elsewhere';
  }, GROUPS);

const arrowIn = (what: Locator): Promise<string> =>
  what.evaluate(
    (element, groups) =>
      element.closest(groups)?.getAttribute('role') === 'tablist' &&
      element.closest(groups)?.getAttribute('aria-orientation') !== 'vertical'
        ? 'ArrowRight'
        : 'ArrowDown',
    GROUPS,
  );
