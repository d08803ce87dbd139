import { isStreamIdOf } from '../../domain/kernel/ids.ts';
import type { Application, ReadingFormat, ReadingManner } from '../../application/ports/application-face.ts';
import type { Route, ViewerContext } from '../../application/ports/http-route.ts';
import { jsonAnswer, jsonObject } from '../../wire/json-http.ts';
import { invalid, refusal } from './answers.ts';
import { lineStream } from './line-stream.ts';
import { whilePermitted } from './while-permitted.ts';

type ApiFace = Pick<Application, 'applyResources' | 'getResources' | 'deleteResource' | 'readRecording' | 'reach'>;

const oneMebibyte = 1_048_576;
const manners: readonly ReadingManner[] = ['export', 'play', 'follow'];
const formats: readonly ReadingFormat[] = ['asciicast', 'jsonl', 'text'];
const mediaType: Readonly<Record<ReadingFormat, string>> = {
  asciicast: 'application/x-asciicast',
  jsonl: 'application/x-ndjson',
  text: 'text/plain; charset=utf-8',
};

/** Where each protocol's clients connect; null: switched off. */
export type DoorPorts = Readonly<Record<string, number | null>>;

/** What the command line needs beside GraphQL (docs/protocols/http.md): resources, recordings, reach. */
export function apiRoutes(application: ApiFace, ports: DoorPorts): readonly Route[] {
  const list = async (request: Request, { viewer, params }: ViewerContext): Promise<Response> => {
    const result = await application.getResources(viewer, params.kind ?? '', nameIn(request));
    return result.ok ? jsonAnswer(200, { resources: result.resources }) : refusal(result);
  };
  return [
    {
      method: 'POST',
      path: '/api/v1/apply',
      access: 'admin',
      bodyLimit: oneMebibyte,
      handler: async (request, { viewer }) => {
        const { documents, setSecrets } = await applyWish(request);
        const result = await application.applyResources(viewer, documents, { setSecrets });
        return result.ok ? jsonAnswer(200, { results: result.results, warnings: result.warnings }) : refusal(result);
      },
    },
    { method: 'GET', path: '/api/v1/resources/:kind', access: 'admin', handler: list },
    {
      method: 'DELETE',
      path: '/api/v1/resources/:kind',
      access: 'admin',
      handler: async (request, { viewer, params }) => {
        const name = nameIn(request);
        if (name === null) throw invalid('Name what to delete by `?name=`.');
        const result = await application.deleteResource(viewer, params.kind ?? '', name);
        return result.ok ? jsonAnswer(200, { results: result.results }) : refusal(result);
      },
    },
    {
      method: 'GET',
      path: '/api/v1/reach',
      access: 'viewer',
      handler: async (_request, { viewer }) => jsonAnswer(200, { reach: await application.reach(viewer), ports }),
    },
    {
      method: 'GET',
      path: '/api/v1/recordings/:sessionId',
      access: 'viewer',
      handler: async (request, context) => recording(application, request, context),
    },
  ];
}

/** In the query, since a name may hold a slash, or be two dots. */
function nameIn(request: Request): string | null {
  return new URL(request.url).searchParams.get('name');
}

async function applyWish(request: Request): Promise<{ readonly documents: string; readonly setSecrets: boolean }> {
  const { documents, setSecrets = false, ...strange } = (await jsonObject(request)) ?? {};
  if (typeof documents === 'string' && typeof setSecrets === 'boolean' && Object.keys(strange).length === 0) {
    return { documents, setSecrets };
  }
  throw invalid('The body must be {"documents": YAML text, "setSecrets": true or false}.');
}

async function recording(application: ApiFace, request: Request, context: ViewerContext): Promise<Response> {
  const sessionId = context.params.sessionId ?? '';
  if (!isStreamIdOf('session', sessionId)) throw invalid('A session id is `session-` and a uuid.');
  const query = new URL(request.url).searchParams;
  const format = choice(query, 'as', formats);
  const manner = choice(query, 'manner', manners);
  const from = startOf(query.get('from'));
  const result = await application.readRecording(context.viewer, sessionId, manner, format, context.signal, from);
  if (!result.ok) return refusal(result);
  return new Response(lineStream(whilePermitted(result.lines, context)), {
    headers: { 'content-type': mediaType[format] },
  });
}

/** `from` in seconds, or `end`; the start when the query has none. */
function startOf(asked: string | null): number | 'end' {
  if (asked === 'end') return 'end';
  if (asked === null) return 0;
  if (/^\d{1,9}(\.\d{1,3})?$/.test(asked)) return Math.round(Number(asked) * 1_000);
  throw invalid('`from` is a number of seconds since the start, or `end`.');
}

/** One of the known values; the first of them when the query has none. */
function choice<T extends string>(query: URLSearchParams, name: string, known: readonly [T, ...T[]] | readonly T[]): T {
  const asked = query.get(name) ?? known[0];
  const found = known.find((value) => value === asked);
  if (found !== undefined) return found;
  throw invalid(`\`${name}\` must be one of ${known.join(', ')}.`);
}
