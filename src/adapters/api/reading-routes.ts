import type { Refused } from '../../application/ports/application-face.ts';
import type { Route, ViewerContext } from '../../application/ports/http-route.ts';
import type { PlayerFace } from '../../application/ports/player-face.ts';
import type { RailStart, RecordsWish } from '../../application/ports/replays.ts';
import { isStreamIdOf } from '../../domain/kernel/ids.ts';
import { jsonAnswer } from '../../wire/json-http.ts';
import { invalid, refusal } from './answers.ts';
import { lineStream } from './line-stream.ts';
import { whilePermitted } from './while-permitted.ts';

const oneMebibyte = 1_048_576;

/** Recordings for the player in the browser (docs/protocols/http.md, "Recordings in a player"). */
export function readingRoutes(player: PlayerFace): readonly Route[] {
  const lines = async (
    context: ViewerContext,
    found: Promise<{ readonly ok: true; readonly lines: AsyncIterable<string> } | Refused>,
  ): Promise<Response> => {
    const result = await found;
    if (!result.ok) return refusal(result);
    const headers = { 'content-type': 'application/x-ndjson' };
    return new Response(lineStream(whilePermitted(result.lines, context)), { headers });
  };
  return [
    {
      method: 'POST',
      path: '/api/v1/recordings/:sessionId/readings',
      access: 'viewer',
      handler: async (_request, { viewer, params }) => {
        const sessionId = params.sessionId ?? '';
        if (!isStreamIdOf('session', sessionId)) throw invalid('A session id is `session-` and a uuid.');
        const result = await player.open(viewer, sessionId);
        if (!result.ok) return refusal(result);
        return jsonAnswer(201, { reading: result.id, live: result.live, screen: result.screen });
      },
    },
    {
      method: 'GET',
      path: '/api/v1/readings/:reading',
      access: 'viewer',
      handler: async (request, { viewer, params }) => {
        const fromChunk = whole(new URL(request.url).searchParams, 'chunk', 0);
        const result = await player.index(viewer, params.reading ?? '', fromChunk);
        return result.ok ? jsonAnswer(200, { ...result.index, live: result.live }) : refusal(result);
      },
    },
    {
      method: 'GET',
      path: '/api/v1/readings/:reading/records',
      access: 'viewer',
      handler: (request, context) =>
        lines(context, player.records(context.viewer, context.params.reading ?? '', recordsWish(request, context))),
    },
    {
      method: 'GET',
      path: '/api/v1/readings/:reading/screen',
      access: 'viewer',
      handler: async (request, { viewer, params, signal }) => {
        const query = new URL(request.url).searchParams;
        const [at, channel] = [whole(query, 'at', 0), whole(query, 'channel', 0)];
        const result = await player.screen(viewer, params.reading ?? '', channel, at, signal);
        if (!result.ok) return refusal(result);
        return jsonAnswer('computing' in result.screen ? 202 : 200, result.screen);
      },
    },
    {
      method: 'GET',
      path: '/api/v1/readings/:reading/statements',
      access: 'viewer',
      handler: (request, context) => {
        const query = new URL(request.url).searchParams;
        const text = query.has('text') ? searchText(query) : null;
        const wish = { record: whole(query, 'record', 0), text, most: whole(query, 'limit', 200, 1, 1_000) };
        return lines(context, player.statements(context.viewer, context.params.reading ?? '', wish, context.signal));
      },
    },
    {
      method: 'GET',
      path: '/api/v1/readings/:reading/search',
      access: 'viewer',
      handler: (request, context) => {
        const query = new URL(request.url).searchParams;
        const most = whole(query, 'limit', 200, 1, 1_000);
        const wish = { text: searchText(query), from: whole(query, 'from', 0), most };
        return lines(context, player.search(context.viewer, context.params.reading ?? '', wish, context.signal));
      },
    },
    {
      method: 'GET',
      path: '/api/v1/readings/:reading/rail',
      access: 'viewer',
      handler: (request, context) => {
        const query = new URL(request.url).searchParams;
        const most = whole(query, 'limit', 1_000, 1, 10_000);
        return lines(context, player.rail(context.viewer, context.params.reading ?? '', railStart(query), most));
      },
    },
  ];
}

function recordsWish(request: Request, { signal }: ViewerContext): RecordsWish {
  const query = new URL(request.url).searchParams;
  if (query.has('from') && query.has('record')) throw invalid('Give `from` or `record`, not both.');
  const from = query.has('record') ? { record: whole(query, 'record', 0) } : { milliseconds: whole(query, 'from', 0) };
  const follow = whole(query, 'follow', 0, 0, 1) === 1;
  return {
    from,
    to: whole(query, 'to', Number.MAX_SAFE_INTEGER),
    bytes: follow ? Infinity : whole(query, 'bytes', oneMebibyte, 1, 8 * oneMebibyte),
    follow: follow ? signal : null,
  };
}

function searchText(query: URLSearchParams): string {
  const text = query.get('text') ?? '';
  if (text !== '' && text.length <= 200) return text;
  throw invalid('`text` is what to look for, at most 200 characters.');
}

function railStart(query: URLSearchParams): RailStart {
  const after = query.get('after');
  if (after === null) return { record: 0, quietSince: 0, seen: 0, position: null };
  const parts = /^(\d{1,15})\.(\d{1,15})\.(\d{1,15})\.(\d{16})?$/.exec(after)?.slice(1);
  if (parts === undefined) throw invalid('`after` is the `next` of the page before.');
  const [record, quietSince, seen, position = null] = parts;
  return { record: Number(record), quietSince: Number(quietSince), seen: Number(seen), position };
}

function whole(
  query: URLSearchParams,
  name: string,
  absent: number,
  least = 0,
  most = Number.MAX_SAFE_INTEGER,
): number {
  const asked = query.get(name);
  if (asked === null) return absent;
  const value = /^\d{1,15}$/.test(asked) ? Number(asked) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw invalid(`\`${name}\` is a whole number from ${String(least)} to ${String(most)}.`);
}
