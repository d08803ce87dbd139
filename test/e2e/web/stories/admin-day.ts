import { expect } from 'vitest';
import { addName, create, type Desk, goTo } from './admin-forms.ts';
import { copyYaml, rights, whoGetsIt } from './admin-rights.ts';
import { arrive, password, type World } from './world.ts';

/** From nothing to people who can work: servers, who may log in, and who may reach what. */
export async function adminMorning(world: World): Promise<void> {
  const { page, complaints } = await arrive(world, { user: 'admin', password: world.product.adminPassword });
  const desk: Desk = { ...world, page };
  await world.book.step('the first login', page, async () => {
    await page.getByRole('heading', { level: 1 }).waitFor();
  });
  await emptyScreens(desk);
  await servers(world, desk);
  await people(desk);
  await rights(desk);
  await whoGetsIt(desk);
  await copyYaml(desk);
  expect(complaints).toEqual([]);
}

/** What is empty says so, and what to do. */
async function emptyScreens(desk: Desk): Promise<void> {
  const { page, book } = desk;
  for (const [screen, said] of [
    ['Targets', 'No targets yet'],
    ['Entitlements', 'No entitlements yet'],
    ['Live sessions', 'No session is open'],
    ['Tokens of all', 'No live token'],
  ] as const) {
    await book.step(`${screen} are empty`, page, async () => {
      await goTo(desk, screen);
      await page.getByText(said).waitFor();
    });
  }
}

async function servers({ sshd, postgres }: World, desk: Desk): Promise<void> {
  const { page, hands } = desk;
  await create(desk, {
    screen: 'Targets',
    one: 'a target',
    name: 'web-1',
    fill: async () => {
      await hands.choose(page.getByRole('combobox', { name: 'Protocol' }), 'SSH');
      await hands.fill(page.getByLabel('Address'), `127.0.0.1:${String(sshd.port)}`);
      await addName(desk, 'Labels', 'team=ops');
    },
    review: 'has no trust',
  });
  await confirmIdentity(desk, 'web-1', 'Trust the key SHA256:');
  await login(desk, 'web-1', sshd);
  await create(desk, {
    screen: 'Targets',
    one: 'a target',
    name: 'db-1',
    fill: async () => {
      await hands.choose(page.getByRole('combobox', { name: 'Protocol' }), 'PostgreSQL');
      await hands.fill(page.getByLabel('Address'), `127.0.0.1:${String(postgres.port)}`);
    },
    review: 'has no trust',
    again: true,
  });
  await confirmIdentity(desk, 'db-1', 'Trust this certificate alone');
  await login(desk, 'db-1', postgres);
}

/** What a server shows is compared and confirmed. */
async function confirmIdentity({ page, hands, book }: Desk, name: string, trust: string): Promise<void> {
  await book.step(`${name} opens nothing yet`, page, async () => {
    await page.getByText('This target opens nothing yet').waitFor();
  });
  await book.step(`${name} shows who it is`, page, async () => {
    await hands.press(page.getByRole('link', { name: 'Look at what it shows' }));
    await hands.press(page.getByRole('button', { name: 'Scan' }));
    await hands.check(page.getByRole('checkbox', { name: trust }).first());
  });
  await book.step(`${name} is known`, page, async () => {
    await hands.press(page.getByRole('button', { name: 'I have compared them' }));
    await page.getByText('The changes are applied.').waitFor();
    await page.getByText('Nobody has confirmed who this target is').waitFor({ state: 'hidden' });
  });
}

/** A secret in custody, and the account that uses it. */
async function login(
  desk: Desk,
  target: string,
  server: { readonly username: string; readonly password: string },
): Promise<void> {
  const { page, hands } = desk;
  await create(desk, {
    screen: 'Credentials',
    one: 'a credential',
    name: target,
    fill: () => hands.fill(page.getByLabel('Password', { exact: true }), server.password),
    review: 'is created',
    again: target === 'db-1',
  });
  await create(desk, {
    screen: 'Accounts',
    one: 'an account',
    name: target,
    fill: async () => {
      await hands.choose(page.getByRole('combobox', { name: 'Target' }), target);
      await hands.fill(page.getByLabel('Login name on the target'), server.username);
      await hands.choose(page.getByRole('combobox', { name: 'Credential' }), target);
    },
    review: 'is created',
    again: target === 'db-1',
  });
}

async function people(desk: Desk): Promise<void> {
  const { page, hands } = desk;
  for (const [name, role] of [
    ['ann', null],
    ['otto', 'auditor'],
  ] as const) {
    await create(desk, {
      screen: 'Users',
      one: 'a user',
      name,
      fill: async () => {
        await hands.fill(page.getByLabel('E-mail address'), `${name}@example.org`);
        if (role !== null) await addName(desk, 'Roles', role);
        await hands.fill(page.getByLabel('New password'), password);
      },
      review: 'is created',
      again: name === 'otto',
    });
  }
  await create(desk, {
    screen: 'Groups',
    one: 'a group',
    name: 'ops',
    fill: () => addName(desk, 'Members', 'ann'),
    review: '- ann',
  });
}
