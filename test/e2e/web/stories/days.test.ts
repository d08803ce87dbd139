import { afterAll, beforeAll, describe, test } from 'vitest';
import { adminMorning } from './admin-day.ts';
import { adminEvening } from './admin-evening.ts';
import { auditorDay } from './auditor-day.ts';
import { keyboard, pointer } from './hands.ts';
import { type Left, personDay } from './person-day.ts';
import { newPictureBook } from './picture-book.ts';
import { type Place, preparePlace, type World } from './world.ts';

const patience = 600_000;

describe.each([
  ['pointer', pointer],
  ['keyboard', keyboard],
] as const)('with the %s, from an empty installation', (way, hands) => {
  let place: Place;
  beforeAll(async () => {
    place = await preparePlace();
  }, patience);
  afterAll(() => place.stop(), patience);

  const world = (story: string): World => ({ ...place, hands, book: newPictureBook(`${story}-${way}`) });

  test('the morning of an administrator', () => adminMorning(world('admin-1-morning')), patience);
  let left: Left = { token: '', session: '' };
  test(
    'the day of a person',
    async () => {
      left = await personDay(world('person'));
    },
    patience,
  );
  test('the day of an auditor', () => auditorDay(world('auditor'), left), patience);
  test('the evening of an administrator', () => adminEvening(world('admin-2-evening')), patience);
});
