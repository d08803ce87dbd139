import { expect, it } from 'vitest';
import { ask, openHouse } from '../kit/house.ts';

it('sessions of one person are so many at the most, whoever asks first; an ended one makes room', async () => {
  const house = await openHouse();
  const deps = { ...house.node.admission, sessionsPerUser: 3 };
  const tokens = await Promise.all([house.token(), house.token()]);
  const wishes = Array.from({ length: 8 }, (_, n) => ask(house, tokens[n % 2]!, {}, deps).admission);
  const answers = await Promise.all(wishes);
  const open = answers.flatMap((answer) => (answer.ok ? [answer.session] : []));
  expect(open).toHaveLength(3);
  expect(answers.flatMap((answer) => (answer.ok ? [] : [answer.message]))[0]).toMatch(/^you have 3 sessions open/);
  expect((await house.events('SessionRefused')).map(({ data }) => (data as { reason: string }).reason)).toEqual(
    Array(5).fill('too-many-sessions'),
  );
  expect(await house.events('SessionAdmitted')).toHaveLength(3);
  await open[0]?.end('closed-by-client');
  expect((await ask(house, tokens[0], {}, deps).admission).ok).toBe(true);
});
