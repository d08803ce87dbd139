/** No line of an answer is longer: records are 1 MiB at the most. */
const longest = 16 * 1024 * 1024;

/**
 * The objects of an `application/x-ndjson` body as they come. The last one has to tell how it goes on (`next`), so that a
 * connection that was cut is no end (docs/protocols/http.md, Recordings in a player).
 */
export async function* linesOf<T>(body: ReadableStream<BufferSource>): AsyncGenerator<T> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  try {
    while (true) {
      const { done, value } = await reader.read();
      if (done) break;
      rest += value;
      if (rest.length > longest) throw new Error('a line of the answer is too long');
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line !== '') yield JSON.parse(line) as T;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
