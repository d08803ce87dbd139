import { expect } from 'vitest';
import { startTerminal } from '../../../kit/pty.ts';
import { soon } from '../../../kit/until.ts';
import { sshCommand } from '../../product.ts';
import { shows } from './person-terminal.ts';
import { type Visit, zone } from './visit.ts';

/** Who was where, and since when: each filter stands in the address. */
export async function findSessions({ hands, book, page }: Visit): Promise<void> {
  const link = page.getByRole('link', { name: /Session of ann/ }).first();
  await book.step('who was where', page, async () => {
    await hands.press(page.getByRole('link', { name: 'Sessions', exact: true }));
    await link.waitFor();
  });
  await book.step('sessions of one person on one target in the last hour', page, async () => {
    await hands.fill(page.getByLabel('Person (part of a name)'), 'ann');
    await hands.fill(page.getByLabel('Target (name or id)'), 'web-1');
    await hands.pick(page.getByLabel('State'), 'Ended');
    const hourAgo = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 3_600_000);
    await hands.date(page.getByLabel('Began from'), localText(hourAgo));
    const wished = { user: 'ann', target: 'web-1', live: 'no', since: hourAgo.toISOString() };
    await soon(() => expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual(wished));
    await link.waitFor();
  });
}

/** As a clock shows it in the zone of the stories: `2026-01-31T13:45`. */
function localText(moment: Date): string {
  return moment.toLocaleString('sv-SE', { timeZone: zone }).replace(' ', 'T').slice(0, 16);
}

/** Ann works with her own client, and the auditor looks on. `token`: hers. */
export async function watchLive({ product, hands, book, page }: Visit, token: string): Promise<void> {
  await book.step('nobody is at work', page, async () => {
    await hands.pick(page.getByLabel('State'), 'Live');
    await page.getByText('No session fits').waitFor();
  });
  const { command, env } = sshCommand(product, 'ann~web-1', token, ['-tt']);
  const ann = startTerminal('sshpass', command, { columns: 100, rows: 30, env: { ...env, TERM: 'xterm-256color' } });
  await ann.shows(/[$#] $/);
  ann.type("PS1='web-1$ ' PROMPT_COMMAND=; clear\r");
  await book.step('a session that has just begun', page, async () => {
    await page.getByRole('link', { name: /Session of ann/ }).waitFor();
    await page.getByText('Live', { exact: true }).first().waitFor();
  });
  await book.step('watched as it goes on', page, async () => {
    await hands.press(page.getByRole('link', { name: /Session of ann/ }));
    await hands.press(page.getByRole('button', { name: 'Go live' }));
    await page.getByRole('button', { name: '● Live' }).waitFor();
    ann.type('for n in 1 2 3; do echo "backup part $n of 3"; done\r');
    await shows(page, /^backup part 3 of 3$/m);
  });
  // To look on is one right, to end is another one.
  expect(await page.getByRole('button', { name: 'End session' }).count()).toBe(0);
  ann.type('exit\r');
  await ann.exited;
  await book.step('it has ended', page, async () => {
    await page.getByText('Closed by the client').waitFor();
  });
}
