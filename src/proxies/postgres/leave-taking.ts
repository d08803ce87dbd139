import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { fatal, type LastWords } from './goodbye.ts';

/** How long a client may take to read its last words before the connection goes, in milliseconds. */
const lastWordsMilliseconds = 1000;

/** Says the last words, closes in good order, and lets go of a client that does not close in its turn. */
export function takeLeave(stream: Duplex, socket: Socket, words: LastWords | null): void {
  if (words !== null && stream.writable) stream.write(fatal(words));
  stream.end();
  // What it still sends is read and dropped: unread bytes would make the end a reset, which takes the last words with it.
  stream.resume();
  const timer = setTimeout(() => socket.destroy(), lastWordsMilliseconds);
  socket.once('close', () => clearTimeout(timer));
}
