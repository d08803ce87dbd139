/** JSON answers and bodies of our HTTP faces. */

export function jsonAnswer(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { ...headers, 'content-type': 'application/json' } });
}

export interface JsonHttpError {
  readonly code: string;
  readonly message: string;
}

/** The one body of every failure: a list under `errors`, as GraphQL has it. */
export function errorAnswer(status: number, ...errors: readonly JsonHttpError[]): Response {
  return jsonAnswer(status, { errors });
}

/** The JSON object in a body, or undefined when it is none (also a body that is no UTF-8). */
export async function jsonObject(request: Request): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await request.arrayBuffer());
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}
