import type { FastifyReply, FastifyRequest } from 'fastify';
import { SallyportError } from '../../domain/kernel/errors.ts';
import type { RequestContext } from '../../application/ports/http-route.ts';
import type { Viewer } from '../../application/ports/application-face.ts';
import { answerTo } from './error-status.ts';
import { forPerson } from './for-person.ts';
import type { Admitted } from './gatekeeper.ts';
import { plainAddress } from '../../wire/plain-address.ts';

/** A handler that has not answered by then is given up; the answer itself may take as long as it likes. */
const deadlineMilliseconds = 30_000;

export interface AnswerTools {
  readonly viewerOf: (secret: string, isUse: boolean) => Promise<Viewer | null>;
  readonly onWarning: (message: string, error: unknown) => void;
  readonly deadlineMilliseconds?: number;
}

/** Sends a web `Response`; its body flows only as fast as the client reads. */
export async function deliver(response: Response, reply: FastifyReply): Promise<void> {
  reply.code(response.status);
  for (const [name, value] of response.headers) {
    if (name !== 'set-cookie') reply.header(name, value);
  }
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) reply.header('set-cookie', cookies);
  await reply.send(response.body ?? undefined);
}

/** Runs the handler of an admitted request and sends its answer. */
export async function answerRoute(
  request: FastifyRequest,
  reply: FastifyReply,
  admitted: Admitted,
  tools: AnswerTools,
): Promise<void> {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  const deadline = tools.deadlineMilliseconds ?? deadlineMilliseconds;
  const response = await withDeadline(run(request, admitted, gone.signal, tools), gone, deadline).catch(
    (error: unknown) => answerTo(error, tools.onWarning),
  );
  await deliver(await forPerson(response, admitted.route, request), reply);
}

async function run(
  request: FastifyRequest,
  { route, viewer, secret }: Admitted,
  signal: AbortSignal,
  tools: AnswerTools,
): Promise<Response> {
  const context: RequestContext = {
    source: plainAddress(request.raw.socket.remoteAddress ?? 'unknown'),
    params: request.params as Readonly<Record<string, string>>,
    signal,
  };
  const webRequest = toWebRequest(request, signal);
  if (route.access === 'public') return route.handler(webRequest, context);
  if (viewer === null) throw new SallyportError('denied', 'login-needed', 'Log in first.');
  return route.handler(webRequest, { ...context, viewer, refresh: async () => tools.viewerOf(secret, false) });
}

function toWebRequest(request: FastifyRequest, signal: AbortSignal): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  const body = Buffer.isBuffer(request.body) ? { body: new Uint8Array(request.body) } : {};
  return new Request(`https://${request.host}${request.url}`, { method: request.method, headers, signal, ...body });
}

async function withDeadline(answer: Promise<Response>, gone: AbortController, deadline: number): Promise<Response> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      gone.abort();
      // What the handler still answers nobody reads: its source is let go.
      answer.then((response) => response.body?.cancel()).catch(() => undefined);
      reject(new SallyportError('unavailable', 'deadline', 'This took too long and was given up; try again.'));
    }, deadline);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
