import { createHash, timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import ssh2 from 'ssh2';
import { startListener, type Visitor } from '../kit/listener.ts';
import { algorithms } from './algorithms.ts';
import { type Channel, stderrCode } from './channel.ts';
import { openFailure } from './codec/messages.ts';
import { decodeText } from './codec/requests.ts';
import { fields } from './codec/wire.ts';
import { Connection, isConnectionMessage } from './connection.ts';
import { atHome, demoUser, runLine, shown } from './demo-commands.ts';
import { emptyEditor, key } from './line-editor.ts';
import { openTransport, socketOf, withoutSha1 } from './transport.ts';

export interface DemoHost {
  readonly port: number;
  close(): Promise<void>;
}

const mostTries = 3;
const mostChannels = 16;
const greeting = 'Welcome to the demo host. Type help.\r\n';

/**
 * A shell host inside this process on 127.0.0.1, for trying things out: user `demo`, one password, a handful of
 * harmless commands on made-up files. It has no access to the machine.
 */
export async function startDemoHost(options: {
  readonly hostKeyPem: string;
  readonly password: string;
}): Promise<DemoHost> {
  const visitors = new WeakMap<Socket, Visitor>();
  const sockets = new Set<Socket>();
  const server = new ssh2.Server({ ident: 'SallyportDemo', hostKeys: [options.hostKeyPem], algorithms });
  server.on('connection', (connection) => {
    const visitor = visitors.get(socketOf(connection));
    if (visitor === undefined) {
      connection.end();
      return;
    }
    withoutSha1(connection);
    let open = false;
    let tries = 0;
    const transport = openTransport(connection, (payload) => {
      if (!isConnectionMessage(payload)) return 'pass';
      if (!open) throw new Error('the connection protocol before the login');
      channels.receive(payload);
      return 'taken';
    });
    const channels: Connection = new Connection(transport, {
      open: (kind) => {
        if (kind !== 'session') return { ok: false, reason: openFailure.prohibited, text: 'only sessions' };
        if (channels.channels().length >= mostChannels)
          return { ok: false, reason: openFailure.shortage, text: 'too many' };
        return { ok: true, taken: serveChannel };
      },
      globalRequest: () => false,
    });
    connection.on('authentication', (context) => {
      visitor.reached(1);
      open = context.method === 'password' && context.username === demoUser && same(context.password, options.password);
      if (open) {
        visitor.loggedIn();
        context.accept();
        return;
      }
      tries += context.method === 'none' ? 0 : 1;
      if (tries >= mostTries) connection.end();
      else context.reject(['password']);
    });
    connection.on('error', () => socketOf(connection).destroy());
    connection.on('close', () => channels.end());
  });
  const listener = await startListener({
    host: '127.0.0.1',
    port: 0,
    limits: { waiting: 64 },
    onVisitor: (visitor) => {
      visitors.set(visitor.socket, visitor);
      sockets.add(visitor.socket);
      visitor.socket.once('close', () => sockets.delete(visitor.socket));
      server.injectSocket(visitor.socket);
    },
  });
  return {
    port: listener.port,
    close: async () => {
      await listener.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function same(shownPassword: string, password: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(shownPassword), digest(password));
}

function serveChannel(channel: Channel): void {
  let terminal = false;
  let feed: (text: string) => void = () => {};
  let end: () => void = () => channel.close();
  const decoder = new StringDecoder('utf8');
  channel.events = {
    data: (_code, data) => {
      feed(decoder.write(data));
      channel.consumed(data.length);
    },
    eof: () => end(),
    request: (name, data, reply) => {
      reply(['pty-req', 'window-change', 'shell', 'exec', 'signal'].includes(name));
      if (name === 'pty-req') terminal = true;
      if (name === 'exec') execute(channel, decodeText(data));
      if (name === 'shell') ({ feed, end } = terminal ? interactive(channel) : scripted(channel));
    },
    closed: () => {
      feed = () => {};
    },
  };
}

interface Shell {
  readonly feed: (text: string) => void;
  readonly end: () => void;
}

/** A shell without a terminal reads lines and shows no prompt. */
function scripted(channel: Channel): Shell {
  let state = atHome;
  let rest = '';
  let last = 0;
  return {
    feed: (text) => {
      const lines = (rest + text).slice(-65_536).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const outcome = runLine(line, state, new Date().toISOString());
        state = outcome.state;
        last = outcome.code;
        say(channel, outcome.output, outcome.errors);
        if (outcome.leaves) leave(channel, last);
      }
    },
    end: () => leave(channel, last),
  };
}

function interactive(channel: Channel): Shell {
  let state = atHome;
  let editor = emptyEditor;
  const show = (text: string): void => channel.write(0, Buffer.from(text.replaceAll('\n', '\r\n')), () => {});
  const prompt = (): void => show(`${demoUser}@demo:${shown(state.folder)}$ `);
  channel.write(0, Buffer.from(greeting), () => {});
  prompt();
  const enter = (line: string): void => {
    const outcome = runLine(line, state, new Date().toISOString());
    state = outcome.state;
    show(`\n${outcome.clears ? '\u001b[2J\u001b[H' : ''}${outcome.output}${outcome.errors}`);
    if (outcome.leaves) leave(channel, outcome.code);
    else prompt();
  };
  return {
    feed: (text) => {
      for (const character of text) {
        const pressed = key(editor, character);
        editor = pressed.editor;
        for (const done of pressed.done) {
          if (done.type === 'echo') show(done.text);
          else if (done.type === 'line') enter(done.text);
          else if (done.type === 'end') enter('exit');
          else {
            show('^C\n');
            prompt();
          }
        }
      }
    },
    end: () => leave(channel, 0),
  };
}

function execute(channel: Channel, command: string): void {
  const line = Buffer.from(command, 'latin1').toString('utf8');
  const outcome = runLine(line, atHome, new Date().toISOString());
  say(channel, outcome.output, outcome.errors);
  leave(channel, outcome.code);
}

function say(channel: Channel, output: string, errors: string): void {
  if (output !== '') channel.write(0, Buffer.from(output), () => {});
  if (errors !== '') channel.write(stderrCode, Buffer.from(errors), () => {});
}

function leave(channel: Channel, code: number): void {
  channel.eof();
  channel.lastRequest('exit-status', fields(code));
  channel.close();
}
