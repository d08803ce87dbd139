import type { Browser } from 'playwright-core';
import type { Sshd } from '../../../kit/openssh.ts';
import type { Product } from '../../product.ts';
import type { Hands } from './hands.ts';
import type { PictureBook } from './picture-book.ts';

/** Where a day takes place, and how the person works. */
export interface World {
  readonly product: Product;
  readonly sshd: Sshd;
  readonly browser: Browser;
  readonly hands: Hands;
  readonly book: PictureBook;
}
