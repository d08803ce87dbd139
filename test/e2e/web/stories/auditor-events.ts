import { expect } from 'vitest';
import { until } from '../../../kit/until.ts';
import { originOf } from '../browser-kit.ts';
import type { Visit } from './visit.ts';

/** The log itself: what everybody did, the auditor too. */
export async function exploreEvents({ product, hands, book, page, context }: Visit): Promise<void> {
  const session = new URL(page.url()).pathname;
  await book.step('everything that happened', page, async () => {
    await hands.press(page.getByRole('link', { name: 'Events', exact: true }));
    await page
      .getByRole('button', { name: /SessionEnded/ })
      .first()
      .waitFor();
  });
  const reads = page.getByRole('button', { name: /RecordingRead/ });
  await book.step('who looked at what ann did: otto', page, async () => {
    await hands.fill(page.getByRole('combobox', { name: 'Types' }), 'RecordingRead');
    await page.keyboard.press('Enter');
    await hands.fill(page.getByLabel('About whom (name or id)'), 'ann');
    await until(() => new URL(page.url()).searchParams.get('user') === 'ann', { what: 'ann in the address' });
    expect(new URL(page.url()).searchParams.get('types')).toBe('RecordingRead');
    await page.getByText('Live', { exact: true }).waitFor();
    await until(
      async () => (await page.getByRole('button', { name: /, the whole event$/ }).count()) === (await reads.count()),
      {
        what: 'no event of another type',
      },
    );
    await page
      .getByRole('row', { name: /RecordingRead.* otto / })
      .first()
      .waitFor();
  });
  await book.step('one more, as it comes', page, async () => {
    const before = await reads.count();
    const other = await context.newPage();
    await other.goto(`${originOf(product)}${session}`);
    await until(async () => (await reads.count()) > before, { what: 'an event of the second look' });
    await other.close();
  });
  await book.step('one event as it is stored', page, async () => {
    await hands.press(reads.first());
    await page.getByRole('button', { name: 'Copy the JSON' }).waitFor();
  });
  await hands.leave(page);
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
}

/** What is for administrators is not there, and a link to it says whom to ask. */
export async function noRight({ product, book, page }: Visit): Promise<void> {
  expect(await page.getByRole('link', { name: 'Targets', exact: true }).count()).toBe(0);
  await book.step('no right for what administrators do', page, async () => {
    await page.goto(`${originOf(product)}/ui/admin/targets`);
    await page.getByText('You have no right to see this').waitFor();
    await page.getByText('Ask an administrator of this installation').waitFor();
  });
}
