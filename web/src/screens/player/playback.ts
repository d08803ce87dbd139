import { skipped, type Stretch } from './idle.ts';
import { RecordQueue } from './record-queue.ts';
import { isEnd, type Recording } from './recording.ts';
import type { RecordingIndex, RecordLine } from './shapes.ts';
import type { Stage } from './stage.ts';

/** What the controls show. Times are milliseconds since the start. */
export interface PlaybackState {
  readonly position: number;
  readonly end: number;
  readonly playing: boolean;
  readonly speed: number;
  readonly skipIdle: boolean;
  /** The session goes on. */
  readonly live: boolean;
  /** What is shown is what happens now. */
  readonly atEdge: boolean;
  /** A jump is on its way; how far the server has computed what it needs (0 to 1), null when that takes no time. */
  readonly seeking: boolean;
  readonly computed: number | null;
  readonly problem: string | null;
}

/** Asked for at once, in bytes of the recording. */
const pageBytes = 512 * 1024;
/** Characters that are loaded ahead at the least, and milliseconds. */
const ahead = { characters: 256 * 1024, milliseconds: 10_000 };
const askAgainMilliseconds = 1_000;
/** How often the controls are told where it is. */
const tellMilliseconds = 100;

/** Plays one channel of a recording on a stage: loads what comes next, and nothing else. */
export class Playback {
  readonly #recording: Recording;
  readonly #stage: Stage;
  readonly #channel: number;
  readonly #listeners = new Set<() => void>();
  readonly #queue = new RecordQueue();
  #idle: readonly Stretch[] = [];
  #state: PlaybackState;
  /** Raised by each jump: what was begun before it counts no more. */
  #turn = 0;
  #abort = new AbortController();
  /** The record to load next; null: nothing more comes. */
  #cursor: number | null = null;
  /** Everything up to here is loaded. */
  #loaded = 0;
  #loading = false;
  #following = false;
  /** What comes next is not known: it has to be asked for anew. */
  #isCut = false;
  #drawing: Promise<void> | null = null;
  #position = 0;
  #frame = 0;
  #lastFrame: number | null = null;
  #lastTold = 0;

  constructor(recording: Recording, stage: Stage, channel: number, index: RecordingIndex) {
    this.#recording = recording;
    this.#stage = stage;
    this.#channel = channel;
    this.#state = {
      position: 0,
      end: index.milliseconds,
      playing: false,
      speed: 1,
      skipIdle: true,
      live: index.live,
      atEdge: false,
      seeking: true,
      computed: null,
      problem: null,
    };
    this.#frame = requestAnimationFrame(this.#tick);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): PlaybackState => this.#state;

  close(): void {
    this.#turn += 1;
    this.#abort.abort();
    cancelAnimationFrame(this.#frame);
    this.#listeners.clear();
  }

  /** Stretches of the rail, and up to where the recording is known to go. */
  know(idle: readonly Stretch[], end: number): void {
    this.#idle = idle;
    this.#tell({ end: Math.max(end, this.#state.end) });
  }

  /** The session has ended: nothing more will be written. */
  ended(): void {
    this.#tell({ live: false, atEdge: false });
  }

  play(): void {
    const { end, live, problem } = this.#state;
    this.#tell({ playing: true });
    if (!live && this.#position >= end) void this.seek(0);
    else if (this.#isCut || problem !== null) void this.seek(this.#position);
  }

  pause(): void {
    this.#tell({ playing: false, atEdge: false });
    if (!this.#following) return;
    // What comes now would only wait here; playing goes on with the screen of this moment.
    this.#turn += 1;
    this.#abort.abort();
    this.#following = false;
    this.#isCut = true;
  }

  setSpeed(speed: number): void {
    this.#tell({ speed });
  }

  setSkipIdle(skipIdle: boolean): void {
    this.#tell({ skipIdle });
  }

  /** Shows the screen of a moment, and goes on from there when it played. */
  async seek(to: number): Promise<void> {
    const at = Math.max(0, Math.min(to, this.#state.end));
    this.#turn += 1;
    const turn = this.#turn;
    this.#abort.abort();
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    this.#queue.clear();
    this.#cursor = null;
    this.#loading = false;
    this.#following = false;
    this.#isCut = false;
    this.#position = at;
    this.#tell({ position: at, seeking: true, computed: null, atEdge: false, problem: null });
    try {
      let screen = await this.#recording.screenAt(this.#channel, at, signal);
      while ('computed' in screen) {
        this.#tell({ computed: screen.computed });
        await pause(askAgainMilliseconds);
        if (turn !== this.#turn) return;
        screen = await this.#recording.screenAt(this.#channel, at, signal);
      }
      await this.#drawing;
      if (turn !== this.#turn) return;
      await this.#stage.show(screen);
      this.#cursor = screen.next;
      this.#loaded = at;
      this.#tell({ seeking: false, computed: null });
    } catch (error) {
      this.#fail(turn, error);
    }
  }

  /** To what happens now, and on with it. */
  async goLive(): Promise<void> {
    this.#tell({ playing: true });
    const { milliseconds, live } = await this.#recording.index(this.#abort.signal).catch(() => ({
      milliseconds: this.#state.end,
      live: this.#state.live,
    }));
    this.#tell({ end: Math.max(milliseconds, this.#state.end), live });
    await this.seek(this.#state.end);
  }

  readonly #tick = (now: number): void => {
    this.#frame = requestAnimationFrame(this.#tick);
    const passed = this.#lastFrame === null ? 0 : Math.min(250, now - this.#lastFrame);
    this.#lastFrame = now;
    const { seeking, playing, speed, skipIdle, live, end } = this.#state;
    if (seeking || this.#state.problem !== null) return;
    if (playing && this.#drawing === null && !this.#state.atEdge) {
      let next = this.#position + passed * speed;
      if (skipIdle) next = skipped(this.#idle, next);
      const most = this.#cursor === null ? end : this.#loaded;
      this.#position = Math.max(this.#position, Math.min(next, most));
      if (this.#cursor === null && this.#position >= end && !live) this.#tell({ playing: false });
    }
    this.#drawing ??= this.#draw();
    if (this.#wantsMore()) void this.#load();
    if (now - this.#lastTold > tellMilliseconds && this.#position !== this.#state.position) {
      this.#lastTold = now;
      this.#tell({ position: this.#position, end: Math.max(end, this.#position) });
    }
  };

  #wantsMore(): boolean {
    if (this.#loading || this.#cursor === null || !this.#state.playing) return false;
    return this.#queue.size < ahead.characters || this.#loaded - this.#position < ahead.milliseconds;
  }

  /** Brings the stage up to the position. */
  #draw(): Promise<void> | null {
    const turn = this.#turn;
    const first = this.#queue.take(this.#position);
    if (first === undefined) return null;
    const all = async (): Promise<void> => {
      for (
        let record: RecordLine | undefined = first;
        record !== undefined && turn === this.#turn;
        record = this.#queue.take(this.#position)
      ) {
        await this.#stage.draw(record);
      }
    };
    return all().finally(() => {
      this.#drawing = null;
    });
  }

  async #load(): Promise<void> {
    const [turn, cursor] = [this.#turn, this.#cursor];
    if (cursor === null) return;
    this.#loading = true;
    try {
      const page = await this.#recording.records(cursor, pageBytes, this.#abort.signal);
      if (turn !== this.#turn) return;
      this.#take(page.lines);
      this.#loaded = Math.max(this.#loaded, page.at);
      this.#cursor = page.next;
      this.#tell({ end: Math.max(this.#state.end, page.at), live: page.next !== null && this.#state.live });
      // All that is written is here, and more will come: from now on it is taken as it happens.
      if (page.next !== null && page.next === cursor && page.lines.length === 0) await this.#follow(turn, page.next);
      this.#loading = false;
    } catch (error) {
      this.#fail(turn, error);
    }
  }

  async #follow(turn: number, from: number): Promise<void> {
    this.#following = true;
    for await (const line of this.#recording.follow(from, this.#abort.signal)) {
      if (turn !== this.#turn) return;
      if (isEnd(line)) {
        if (line.next === null) this.#tell({ live: false, atEdge: false });
        this.#cursor = line.next;
      } else this.#take([line]);
      this.#loaded = Math.max(this.#loaded, line.at);
      if (this.#state.playing && this.#state.live) {
        this.#position = this.#loaded;
        this.#tell({ atEdge: true, position: this.#loaded, end: Math.max(this.#state.end, this.#loaded) });
      } else this.#tell({ end: Math.max(this.#state.end, this.#loaded) });
      // A terminal that is slow, or a page that nobody looks at, holds up what follows.
      while (turn === this.#turn && this.#queue.size > ahead.characters) await pause(tellMilliseconds);
    }
    this.#following = false;
  }

  #take(lines: readonly RecordLine[]): void {
    this.#queue.add(lines.filter(({ channel }) => channel === this.#channel));
  }

  #fail(turn: number, error: unknown): void {
    if (turn !== this.#turn) return;
    const message = error instanceof Error ? error.message : String(error);
    this.#tell({ seeking: false, computed: null, playing: false, problem: message });
  }

  #tell(change: Partial<PlaybackState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

async function pause(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}
