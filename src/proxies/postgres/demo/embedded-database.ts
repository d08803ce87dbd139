import { type ChildProcess, spawn } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { within } from '../../../application/within.ts';
import { endOfConnection, frame, FrameReader } from './frames.ts';

/** One client's time with the database. */
export interface Turn {
  /** What the client sent; false: wait for `onDrain`. */
  send(bytes: Buffer): boolean;
  onDrain(listener: () => void): void;
  /** After a `said` that gave false: it may say more. */
  resume(): void;
  /** The client has gone. What it left running has a few seconds to come to its end. */
  end(): void;
}

export interface TurnEvents {
  /** False holds the database back. */
  readonly said: (bytes: Buffer) => boolean;
  /** The process has ended, and what was in the database is gone. */
  readonly gone: () => void;
}

const processFile = fileURLToPath(new URL('./database-process.ts', import.meta.url));
/** What a client that has gone left running may take. */
const lastStatementMilliseconds = 5_000;
/** How long a client waits for the process to come up, which takes 2 to 5 s; less than a target has to answer. */
const startMilliseconds = 8_000;
/** How long it waits for the client before it, who may be about to leave. */
const turnMilliseconds = 2_000;

interface Running {
  readonly child: ChildProcess;
  readonly pipe: Duplex;
  state: 'starting' | 'up' | 'ended';
}

/**
 * PostgreSQL inside a process of its own, in memory (decision 0068): started by the first who needs it, and again by the
 * next when it has ended. It is a single backend: one client at a time has its turn.
 */
export class EmbeddedDatabase {
  #running: Running | null = null;
  #events: TurnEvents | null = null;
  /** Set while it comes up, and while somebody has the turn. */
  #released: PromiseWithResolvers<undefined> | null = null;
  #impatience: NodeJS.Timeout | undefined;

  /** Waits for the turn and takes it, or says what kept it waiting. `startup` is the client's startup packet. */
  async begin(startup: Buffer, events: TurnEvents): Promise<Turn | 'starting' | 'taken'> {
    const begun = performance.now();
    const running = (this.#running ??= this.#start());
    for (;;) {
      if (running.state === 'ended') return 'starting';
      if (this.#released === null) return this.#take(running.pipe, startup, events);
      const left = begun + (running.state === 'up' ? turnMilliseconds : startMilliseconds) - performance.now();
      if (left <= 0) return running.state === 'up' ? 'taken' : 'starting';
      await within(left, this.#released.promise);
    }
  }

  /** Ends the process; resolves when it has ended. */
  async close(): Promise<void> {
    const child = this.#running?.child;
    if (child === undefined) return;
    const ended = new Promise((resolve) => child.once('close', resolve));
    this.#kill();
    await ended;
  }

  #kill(): void {
    this.#running?.child.kill('SIGKILL');
  }

  #take(pipe: Duplex, startup: Buffer, events: TurnEvents): Turn {
    this.#released = Promise.withResolvers<undefined>();
    this.#events = events;
    pipe.write(frame(startup));
    return {
      send: (bytes) => pipe.write(frame(bytes)),
      onDrain: (listener) => void pipe.on('drain', listener),
      resume: () => void pipe.resume(),
      end: () => {
        if (this.#events !== events) return;
        this.#events = null;
        pipe.removeAllListeners('drain');
        pipe.resume();
        pipe.write(endOfConnection);
        this.#impatience = setTimeout(() => this.#kill(), lastStatementMilliseconds);
      },
    };
  }

  #start(): Running {
    // Nothing of the product's surroundings; what it prints is for nobody. Compiled without optimizing, it needs half the memory.
    const child = spawn(process.execPath, ['--liftoff-only', processFile], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'ipc'],
      env: {},
    });
    child.on('error', () => undefined);
    const pipe = child.stdio[3] as Duplex;
    const running: Running = { child, pipe, state: 'starting' };
    this.#released = Promise.withResolvers<undefined>();
    const frames = new FrameReader();
    pipe.on('error', () => child.kill('SIGKILL'));
    pipe.on('data', (chunk: Buffer) => {
      for (const bytes of frames.push(chunk)) {
        if (bytes.length === 0) {
          running.state = 'up';
          this.#release();
        } else if (this.#events?.said(bytes) === false) pipe.pause();
      }
    });
    child.once('close', () => {
      running.state = 'ended';
      this.#running = null;
      this.#events?.gone();
      this.#release();
    });
    return running;
  }

  #release(): void {
    clearTimeout(this.#impatience);
    this.#events = null;
    const released = this.#released;
    this.#released = null;
    released?.resolve(undefined);
  }
}
