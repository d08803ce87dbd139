import { createReadStream, writeSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { MessageStream } from '../codec/framing.ts';
import { frontendType } from '../codec/frontend.ts';
import { openRules } from '../codec/frontend-rules.ts';
import { readFirstPacket, type StartupParameters } from '../codec/startup.ts';
import { endOfConnection, frame, frameBytes, FrameReader } from './frames.ts';
import { sample } from './sample.ts';
import { servable } from './servable.ts';

/** The pipe to the product (./frames.ts). */
const pipe = 3;

const errorResponse = 0x45;
/** ReadyForQuery, and its length. */
const readyForQuery = 0x5a;
const readyBytes = 6;

const database = await PGlite.create();
await database.exec(sample);

/** Waits until the product takes it: a reader that is slow holds the database back, and memory stays as it is. */
function send(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(pipe, bytes, at);
}

/** The database can't go on, and might write errors for ever: the next connection begins with a new one. */
function give(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; at += frameBytes) send(frame(bytes.subarray(at, at + frameBytes)));
  const said = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 12)).toString('latin1', 5);
  if (bytes[0] === errorResponse && (said.startsWith('SFATAL') || said.startsWith('SPANIC'))) die();
}

function die(): never {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('killed');
}

/** One message of the client, and all that the database has to say to it. */
async function run(message: Buffer): Promise<void> {
  const answer = { isOver: false };
  const onRawData = (bytes: Uint8Array): void => {
    give(bytes);
    answer.isOver = bytes.at(-readyBytes) === readyForQuery;
  };
  await database.execProtocolRawStream(new Uint8Array(servable(message)), { onRawData });
  const type = message[0];
  const asksForReady = type === frontendType.query || type === frontendType.sync;
  // ReadyForQuery ends what was asked; a database that has come apart says nothing any more.
  if (asksForReady && !answer.isOver) die();
}

/** It knows one person and one database; what else a client begins with is set as PostgreSQL would. */
async function begin(parameters: StartupParameters): Promise<void> {
  for (const [name, value] of parameters) {
    if (name === 'user' || name === 'database' || name.startsWith('_pq_.')) continue;
    await database.query('select set_config($1, $2, false)', [name, value]).catch(() => undefined);
  }
}

/** The next client finds nothing of this one but what it stored. */
async function forget(): Promise<void> {
  await database.exec('ROLLBACK');
  // Not within what several statements in one text are: a transaction.
  await database.exec('DISCARD ALL');
  send(endOfConnection);
}

send(endOfConnection);
const frames = new FrameReader();
const messages: Buffer[] = [];
let stream: MessageStream | null = null;

async function take(bytes: Buffer): Promise<void> {
  if (bytes.length === 0) {
    stream = null;
    await forget();
  } else if (stream === null) {
    const packet = readFirstPacket(bytes)?.packet;
    if (packet?.type !== 'startup') die();
    await begin(packet.parameters);
    await database.execProtocolRawStream(new Uint8Array(bytes), { onRawData: give });
    stream = new MessageStream(openRules, {
      message: (message) => {
        messages.push(message);
        return null;
      },
      passing: () => false,
      forward: () => undefined,
    });
  } else {
    stream.push(bytes);
    for (const message of messages.splice(0)) await run(message);
  }
}

for await (const chunk of createReadStream('', { fd: pipe })) {
  for (const bytes of frames.push(chunk as Buffer)) await take(bytes);
}
