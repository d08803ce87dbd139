/** Pauses streams, or lets them flow again. */
export function standStill(wait: boolean, ...streams: readonly NodeJS.ReadableStream[]): void {
  for (const stream of streams) {
    if (wait && !stream.isPaused()) stream.pause();
    else if (!wait && stream.isPaused()) stream.resume();
  }
}
