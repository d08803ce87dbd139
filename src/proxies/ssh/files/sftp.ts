import { type Noted, nothingNoted } from './facts.ts';
import type { FilePolicy } from './file-policy.ts';
import { Ledger } from './ledger.ts';
import type { ReorderBudget } from './ordered-hash.ts';
import type { Verdict } from './verdict.ts';
import { type PacketSink, Splitter } from './sftp-packets.ts';
import { decodeDataHead, decodeReply } from './sftp-replies.ts';
import { decodeRequest, decodeWriteHead } from './sftp-requests.ts';
import type { FileProtocol, FileWire } from './wire.ts';

/** Answers of ours that may wait for the end of the target's packet before nothing more is taken from the client. */
const mostWaiting = 64;

/** SFTP on one channel: cuts both streams into packets, asks the ledger about each, and answers what it refuses. */
export class Sftp implements FileProtocol {
  readonly #wire: FileWire;
  readonly #ledger: Ledger;
  readonly #client: Splitter;
  readonly #target: Splitter;
  /** Whether the contents that come just now go no further, each way. */
  #dropWritten = false;
  #dropRead: Extract<Verdict, { readonly pass: false }> | null = null;
  /** Answers of ours that wait for the end of the target's packet. */
  #ours: Extract<Verdict, { readonly pass: false }>[] = [];

  constructor(wire: FileWire, channel: number, policy: FilePolicy, budget: ReorderBudget) {
    this.#wire = wire;
    this.#ledger = new Ledger(channel, policy, budget);
    this.#client = new Splitter('client', this.#fromClient());
    this.#target = new Splitter('target', this.#fromTarget());
  }

  get full(): boolean {
    return this.#ledger.full || this.#ours.length >= mostWaiting;
  }

  fromClient(bytes: Buffer): number {
    // A request of 13 bytes can have an answer of ours that takes much more.
    return this.#client.push(bytes, () => this.full || this.#wire.behind());
  }

  fromTarget(bytes: Buffer): void {
    this.#target.push(bytes);
  }

  end(): Noted {
    return this.#ledger.end();
  }

  #fromClient(): PacketSink {
    const judge = (verdict: Verdict, bytes: Buffer): boolean => {
      if (verdict.pass) this.#wire.toTarget(verdict.bytes ?? bytes);
      else this.#answer(verdict);
      return verdict.pass;
    };
    return {
      packet: (framed) => void judge(this.#ledger.request(decodeRequest(framed)), framed),
      bulk: (head) => (this.#dropWritten = !judge(this.#ledger.write(decodeWriteHead(head)), head)),
      contents: (piece) => {
        if (this.#dropWritten) return;
        this.#ledger.written(piece);
        this.#wire.toTarget(piece);
      },
    };
  }

  #fromTarget(): PacketSink {
    return {
      packet: (framed) => {
        const verdict = this.#ledger.reply(decodeReply(framed));
        if (verdict.pass) this.#wire.toClient(verdict.bytes ?? framed, verdict.noted);
        this.#flush();
      },
      bulk: (head) => {
        const verdict = this.#ledger.data(decodeDataHead(head));
        this.#dropRead = verdict.pass ? null : verdict;
        if (verdict.pass) this.#wire.toClient(head, nothingNoted);
      },
      contents: (piece, last) => {
        if (this.#dropRead === null) {
          this.#ledger.read(piece);
          this.#wire.toClient(piece, nothingNoted);
        } else if (last) this.#ours.push(this.#dropRead);
        if (last) this.#flush();
      },
    };
  }

  #answer(verdict: Extract<Verdict, { readonly pass: false }>): void {
    this.#ours.push(verdict);
    // In the middle of a packet of the target's, an answer would be read as its contents.
    if (this.#target.atBoundary) this.#flush();
  }

  #flush(): void {
    for (const { answer, noted, why } of this.#ours.splice(0)) {
      if (why !== undefined) this.#wire.say(why);
      this.#wire.toClient(answer, noted);
    }
  }
}
