import type { StatementsWish } from '../../../application/ports/replays.ts';
import type { FoundScreen } from './screen-at.ts';

/** A recording to read in a worker, and where its screens are kept. */
export interface WorkFile {
  readonly path: string;
  readonly uuid: string;
  readonly key: Uint8Array;
}

export type Work =
  | { readonly kind: 'screen'; readonly file: WorkFile; readonly channel: number; readonly at: number }
  | { readonly kind: 'survey'; readonly file: WorkFile }
  | {
      readonly kind: 'search';
      readonly file: WorkFile;
      readonly from: number;
      readonly text: string;
      readonly most: number;
    }
  | { readonly kind: 'statements'; readonly file: WorkFile; readonly live: boolean; readonly wish: StatementsWish };

/** `cancel`: what is done under that id is wished no more. */
export type ToScreenWorker = (Work | { readonly kind: 'cancel' }) & { readonly id: number };

export type FromScreenWorker =
  | { readonly id: number; readonly kind: 'progress'; readonly done: number; readonly of: number }
  | { readonly id: number; readonly kind: 'line'; readonly line: string }
  | { readonly id: number; readonly kind: 'done'; readonly screen: FoundScreen }
  | { readonly id: number; readonly kind: 'failed'; readonly message: string };
