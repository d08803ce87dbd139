/** One event of a stream of server-sent events (HTML Standard section 9.2.6). */
export interface ServerSentEvent {
  readonly event: string;
  readonly data: string;
}

/** No event of ours is longer: a server that sends more is not ours. */
const longest = 8 * 1024 * 1024;

/** The events of a body as they come; comments, which keep the connection alive, come as `event: ''`. */
export async function* serverSentEvents(body: ReadableStream<BufferSource>): AsyncGenerator<ServerSentEvent> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  try {
    while (true) {
      const { done, value } = await reader.read();
      if (done) return;
      rest += value;
      if (rest.length > longest) throw new Error('an event of the stream is too long');
      for (let end = rest.search(/\r?\n\r?\n/); end >= 0; end = rest.search(/\r?\n\r?\n/)) {
        yield eventOf(rest.slice(0, end));
        rest = rest.slice(end).replace(/^\r?\n\r?\n/, '');
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function eventOf(block: string): ServerSentEvent {
  let event = '';
  const data: string[] = [];
  for (const line of block.split(/\r?\n/)) {
    if (line.startsWith('event:')) event = line.slice(6).trimStart();
    else if (line.startsWith('data:')) data.push(line.slice(5).replace(/^ /, ''));
  }
  return { event, data: data.join('\n') };
}
