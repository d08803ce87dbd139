const enough = 65_536;

/**
 * Lines as a byte stream, each ended by a line feed. Asks for more lines only as the reader takes what is there; once
 * the reader has gone, the source is told to stop.
 */
export function lineStream(lines: AsyncIterable<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const source = lines[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const next: IteratorResult<string, unknown> = await source.next();
        if (next.done === true) controller.close();
        else controller.enqueue(encoder.encode(`${next.value}\n`));
      },
      cancel: async () => {
        await source.return?.();
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: enough }),
  );
}
