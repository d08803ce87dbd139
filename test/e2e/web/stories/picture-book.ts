import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { until } from '../../../kit/until.ts';
import { expectFits, expectNoBarriers } from '../ui-kit.ts';

const folder = join(import.meta.dirname, '../../../pictures');

/** The steps of one story, each with a picture of what a person sees when it is done: test/pictures/STORY/NN-STEP.png. */
export interface PictureBook {
  /** Does a step, sees that the page has no barriers and fits its window, and takes the picture. */
  step(title: string, page: Page, work: () => Promise<void>): Promise<void>;
  /** The same without the checks: at a page that others made, or one that was checked before. */
  glimpse(title: string, page: Page, work: () => Promise<void>): Promise<void>;
}

export function newPictureBook(story: string): PictureBook {
  const own = join(folder, story);
  rmSync(own, { recursive: true, force: true });
  mkdirSync(own, { recursive: true });
  let steps = 0;
  const glimpse: PictureBook['glimpse'] = async (title, page, work) => {
    steps += 1;
    const name = `${String(steps).padStart(2, '0')}-${title.replaceAll(/[^A-Za-z0-9]+/g, '-').toLowerCase()}`;
    const path = join(own, `${name}.png`);
    try {
      await work();
    } catch (error) {
      await page.screenshot({ path, animations: 'disabled' });
      throw new Error(`step "${title}" of ${story} (its picture: ${path})`, { cause: error });
    }
    // A page that has just taken the place of another one can have none for a moment.
    await until(async () => (await page.screenshot({ path, animations: 'disabled' })).length > 0, { what: path });
  };
  return {
    glimpse,
    step: async (title, page, work) => {
      await glimpse(title, page, work);
      await expectNoBarriers(page, title);
      await expectFits(page, title);
    },
  };
}
