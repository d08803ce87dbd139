import { toLogin } from '../../app/login.ts';
import { unattended } from '../../graphql/unattended.ts';
import { linesOf } from './lines.ts';
import type { End, RailLine, RecordingIndex, RecordLine, Screen, SearchLine, Statement } from './shapes.ts';

/** Why nothing of a recording can be shown, in the server's words. */
export class RecordingProblem extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

interface Opened {
  readonly reading: string;
  readonly live: boolean;
  readonly screen: 'terminal' | 'statements';
}

export interface Page<T, Next> {
  readonly lines: readonly T[];
  /** How to go on; null: no more comes. */
  readonly next: Next | null;
  /** Of the last line, in milliseconds. */
  readonly at: number;
}

/**
 * One recording as the server lets it be read (docs/protocols/http.md, Recordings in a player). A reading that ended by
 * itself, since nobody used it for long, is opened anew.
 */
export class Recording {
  readonly #sessionId: string;
  #opened: Opened;

  private constructor(sessionId: string, opened: Opened) {
    this.#sessionId = sessionId;
    this.#opened = opened;
  }

  static async open(sessionId: string): Promise<Recording> {
    return new Recording(sessionId, await opened(sessionId));
  }

  get screen(): Opened['screen'] {
    return this.#opened.screen;
  }

  async index(signal?: AbortSignal): Promise<RecordingIndex> {
    return (await (await this.#get('', {}, signal)).json()) as RecordingIndex;
  }

  /** Null with how far it is computed (0 to 1), when the server has to go through the recording first. */
  async screenAt(channel: number, at: number, signal: AbortSignal): Promise<Screen | { readonly computed: number }> {
    const answer = await this.#get('/screen', { channel, at: Math.floor(at) }, signal);
    if (answer.status !== 202) return (await answer.json()) as Screen;
    const { computing } = (await answer.json()) as { computing: { done: number; of: number } };
    return { computed: computing.of === 0 ? 0 : computing.done / computing.of };
  }

  async records(record: number, bytes: number, signal: AbortSignal): Promise<Page<RecordLine, number>> {
    return pageOf(await this.#get('/records', { record, bytes }, signal));
  }

  /** What is written from this record on, until the session ends. */
  async *follow(record: number, signal: AbortSignal): AsyncGenerator<RecordLine | End<number>> {
    const { body } = await this.#get('/records', { record, follow: 1 }, signal, unattended);
    if (body !== null) yield* linesOf<RecordLine | End<number>>(body);
  }

  async rail(after: string | null, signal: AbortSignal): Promise<Page<RailLine, string>> {
    const more = after === null ? {} : { after };
    return pageOf(await this.#get('/rail', { limit: 1_000, ...more }, signal, after === null ? {} : unattended));
  }

  /** Hits as they are found; a line without `match` tells how far it is. */
  async *search(text: string, from: number, signal: AbortSignal): AsyncGenerator<SearchLine | End<number>> {
    const { body } = await this.#get('/search', { text, from, limit: 500 }, signal);
    if (body !== null) yield* linesOf<SearchLine | End<number>>(body);
  }

  /** Of a session at a database; `text`: only those with it in text or parameters. */
  async statements(record: number, text: string, signal: AbortSignal): Promise<Page<Statement, number>> {
    const wish = { record, limit: 100, ...(text === '' ? {} : { text }) };
    return pageOf(await this.#get('/statements', wish, signal));
  }

  async #get(
    path: string,
    query: Readonly<Record<string, string | number>>,
    signal: AbortSignal | undefined,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    const ask = async (): Promise<Response> => {
      const words = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
      return fetch(`/api/v1/readings/${this.#opened.reading}${path}?${words.toString()}`, {
        signal: signal ?? null,
        headers,
      });
    };
    let answer = await ask();
    if (answer.status === 404) {
      this.#opened = await opened(this.#sessionId);
      answer = await ask();
    }
    return sound(answer);
  }
}

async function opened(sessionId: string): Promise<Opened> {
  const path = `/api/v1/recordings/${encodeURIComponent(sessionId)}/readings`;
  return (await (await sound(await fetch(path, { method: 'POST' }))).json()) as Opened;
}

async function sound(answer: Response): Promise<Response> {
  if (answer.ok) return answer;
  if (answer.status === 401) toLogin();
  const told = (await answer.json().catch(() => ({}))) as { errors?: readonly { code: string; message: string }[] };
  const { code = 'internal', message = `The server refused to read the recording (${String(answer.status)}).` } =
    told.errors?.[0] ?? {};
  throw new RecordingProblem(code, message);
}

async function pageOf<T extends object, Next>(answer: Response): Promise<Page<T, Next>> {
  const lines: T[] = [];
  if (answer.body !== null) {
    for await (const line of linesOf<T | End<Next>>(answer.body)) {
      if (isEnd(line)) return { lines, next: line.next, at: line.at };
      lines.push(line);
    }
  }
  throw new RecordingProblem('cut-off', 'The answer of the server was cut off. Check your connection, then try again.');
}

export function isEnd<Next>(line: object | End<Next>): line is End<Next> {
  return 'next' in line;
}
