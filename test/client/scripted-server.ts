import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Installation } from '../../src/client/installation.ts';
import { makeTestCa } from '../kit/certificates.ts';
import { startSecureServer } from '../kit/secure-server.ts';
import { makeTempDir } from '../kit/temp-dir.ts';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A status and what is sent as JSON, or a connection that is cut: before the answer, or in the middle of it. */
export type Scripted = readonly [status: number, body: unknown] | 'cut' | 'half';

export interface ScriptedServer {
  readonly installation: Installation;
  /** The paths that were asked for, in turn. */
  readonly asked: string[];
  /** What each path answers, in turn; the last one again and again. */
  answers: Readonly<Record<string, readonly Scripted[]>>;
  /** Words and environment of the command line that make it a client of this server. */
  readonly options: readonly string[];
  readonly home: string;
  stop(): Promise<void>;
}

/** A server that says what it is told to. */
export async function startScriptedServer(): Promise<ScriptedServer> {
  const ca = await makeTestCa();
  const folder = makeTempDir();
  const caFile = join(folder.path, 'ca.pem');
  writeFileSync(caFile, ca.pem);
  const asked: string[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const path = request.url ?? '';
    const turns = scripted.answers[path] ?? [];
    const turn = turns[Math.min(asked.filter((one) => one === path).length, turns.length - 1)] ?? 'cut';
    asked.push(path);
    if (turn === 'cut') response.destroy();
    else if (turn === 'half') response.writeHead(200, { 'content-length': '9' }).write('{', () => response.destroy());
    else response.writeHead(turn[0], { 'content-type': 'application/json' }).end(JSON.stringify(turn[1]));
  };
  const server = await startSecureServer(await ca.certify(), answer);
  const origin = `https://localhost:${String(server.port)}`;
  const scripted: ScriptedServer = {
    installation: { server: new URL(origin), ca: ca.pem, caFile },
    asked,
    answers: {},
    options: ['--server', origin, '--ca', caFile],
    home: folder.path,
    stop: async () => {
      await server.stop();
      folder.remove();
    },
  };
  return scripted;
}
