import { expect, test } from 'vitest';
import { appCode } from '../../kit/authenticator-app.ts';
import { loggedInBy } from '../kit/factor-login.ts';
import { factorsIn } from '../kit/factors.ts';
import { openHouse } from '../kit/house.ts';
import { movingClock } from '../kit/moving-clock.ts';

test('what somebody calls a factor is shown from the log, sealed there under their key, and in no view', async () => {
  const clock = movingClock();
  const house = await openHouse(clock);
  const { face } = factorsIn(house);
  const viewer = await loggedInBy(house, ['UP', 'OATH']);
  const begun = await face.beginTotp(viewer, "Alice's phone");
  if (!begun.ok) throw new Error('it was refused');
  await face.finishTotp(viewer, { sealed: begun.sealed, code: appCode(begun.secret, clock.wall()) });
  clock.move(1_000);
  await face.drawRecoveryCodes(viewer, null);

  expect(await face.ownFactors(viewer)).toMatchObject([
    { kind: 'totp', label: "Alice's phone" },
    { kind: 'recovery', label: 'recovery codes' },
  ]);
  const rows = house.node.views.factors.find({ where: { userId: house.alice }, limit: 10 });
  expect(rows).toHaveLength(2);
  expect(JSON.stringify(rows)).not.toContain('phone');

  house.node.custody.personKeys.destroy(house.alice);
  expect(await face.ownFactors(viewer)).toMatchObject([
    { kind: 'totp', label: '(shredded)' },
    { kind: 'recovery', label: '(shredded)' },
  ]);
  expect((await house.events('FactorEnrolled')).map(({ data }) => data)).toMatchObject([
    { userId: house.alice, label: { shredded: true } },
    { userId: house.alice, label: { shredded: true } },
  ]);
});
