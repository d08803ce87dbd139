import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { until } from '../../../kit/until.ts';
import type { Visit } from './visit.ts';

/** What the screen of the terminal shows, without the padding of its lines. */
async function screenOf(page: Page): Promise<string> {
  const lines = await page.locator('.xterm-rows > div').allTextContents();
  return lines.map((line) => line.replaceAll('\u00a0', ' ').trimEnd()).join('\n');
}

export async function shows(page: Page, what: RegExp): Promise<void> {
  let seen = '';
  await until(async () => what.test((seen = await screenOf(page))), { what: String(what) }).catch((error: unknown) => {
    throw new Error(`${String(error)}; it shows ${seen}`, { cause: error });
  });
}

const connected = (page: Page): Promise<void> => page.getByText('Connected', { exact: true }).waitFor();

/** A shell in a tab of its own, from the drawer of the target. */
async function openTerminal({ hands, page, context }: Visit): Promise<Page> {
  await hands.press(page.getByRole('link', { name: 'My access' }).first());
  await hands.press(page.getByRole('button', { name: /Connect to .* on web-1/ }));
  const opening = context.waitForEvent('page');
  await hands.press(page.getByRole('dialog').getByRole('link', { name: 'Open a terminal' }));
  const tab = await opening;
  await connected(tab);
  return tab;
}

/** A morning's work in the terminal of the browser: typed, searched, pasted, reloaded. Gives the id of the session. */
export async function workInTerminal(visit: Visit): Promise<string> {
  const { hands, book } = visit;
  const page = await openTerminal(visit);
  const run = (line: string): Promise<void> => hands.type(page, `${line}\n`);
  await book.step('a terminal in the browser', page, async () => {
    // A shell that is the same on every machine.
    await run("exec env -i TERM=$TERM PATH=$PATH PS1='web-1$ ' HISTFILE= bash --norc --noprofile");
    await shows(page, /^web-1\$ ?$/m);
    await run('clear; uptime; df -h /; kept=yes');
    await shows(page, /Mounted on[^]*web-1\$ ?$/m);
  });
  await book.step('a smaller window', page, async () => {
    await run('clear; stty size');
    await shows(page, /^\d+ \d+$/m);
    const sizeOf = async (): Promise<string> => /^\d+ \d+$/m.exec(await screenOf(page))?.[0] ?? '';
    const before = await sizeOf();
    await page.setViewportSize({ width: 900, height: 640 });
    await until(
      async () => {
        await run('clear; stty size');
        const now = await sizeOf();
        return now !== '' && now !== before;
      },
      { what: 'another size' },
    );
  });
  await book.step('searched in what was shown', page, async () => {
    await run('for disk in a b c; do echo "the backup of $disk is done"; sleep 0.5; done');
    await shows(page, /^the backup of c is done$/m);
    await searchFor(visit, page, 'backup');
    await page.getByText(/^\d of \d$/).waitFor();
  });
  await hands.press(page.getByRole('button', { name: 'Close the search' }));
  await pasteSomeLines(visit, page);
  await book.step('found again after a reload', page, async () => {
    await page.reload();
    await connected(page);
    await run('echo still $kept');
    await shows(page, /^still yes$/m);
  });
  const session = new URL(page.url()).searchParams.get('session') ?? '';
  await leaveTerminal(visit, page);
  return session;
}

/** Nearly every key is the target's, Tab too: the head line and the menu tell the one that leads out. */
const toTools = (page: Page): Promise<void> => page.keyboard.press('Control+Shift+L');

async function searchFor(visit: Visit, page: Page, text: string): Promise<void> {
  await toTools(page);
  await visit.hands.press(page.getByRole('button', { name: 'Terminal', exact: true }));
  await visit.hands.press(page.getByRole('menuitem', { name: /^Search/ }));
  await visit.hands.fill(page.getByLabel('Search in the terminal'), text);
}

async function pasteSomeLines({ hands, book }: Visit, page: Page): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Paste this into the terminal?' });
  await book.step('two lines are shown before they are pasted', page, async () => {
    await page.evaluate(`navigator.clipboard.writeText('echo first\\necho second\\n')`);
    await page.keyboard.press('Control+Shift+V');
    await dialog.getByText('2 lines: each line end may run what stands before it.').waitFor();
  });
  await hands.press(dialog.getByRole('button', { name: 'Paste', exact: true }));
  await dialog.waitFor({ state: 'hidden' });
  await page.keyboard.press('Enter');
  await shows(page, /^second$/m);
}

async function leaveTerminal(visit: Visit, page: Page): Promise<void> {
  const { hands, book } = visit;
  await book.step('the tools of the terminal', page, async () => {
    await toTools(page);
    await hands.press(page.getByRole('button', { name: 'Terminal', exact: true }));
    await page.getByRole('menuitem', { name: 'End this session' }).waitFor();
  });
  await book.step('the session has ended', page, async () => {
    await hands.press(page.getByRole('menuitem', { name: 'End this session' }));
    await page.getByText('The session has ended').waitFor();
  });
  expect(page.url()).not.toContain('session=');
  await page.close();
  await hands.leave(visit.page);
}
