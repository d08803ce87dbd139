import type { EndListener, Reach } from '../../../application/admission/door.ts';
import type { Chosen } from './choices.ts';

/** What a menu asks of the connection it is on, and tells it. */
export interface MenuEvents {
  list(): Promise<Reach>;
  /** Whether the pass still opens anything. */
  live(): Promise<boolean>;
  /** Calls `end` when it does no more; gives what ends that. */
  attend(end: EndListener): () => void;
  /** Asks for admission; `opened` or `offer` follows. */
  chosen(chosen: Chosen, reason: string): void;
  /** Nothing will be chosen: the person is about to be told so, and may come again as soon as they know. */
  leaving(): void;
  /** Nothing was chosen, and nothing will be. */
  left(): void;
  /** Something broke that nobody else would catch: the connection has to end. */
  failed(): void;
}
