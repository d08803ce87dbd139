import type { KeyObject } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { openCheckpoint } from '../../application/audit/checkpoint.ts';
import { eventLeafHash } from '../../application/audit/event-leaf.ts';
import type { LogProblem, LogVerification } from '../../application/audit/log-verification.ts';
import { MerkleEdge, hashBytes } from '../../application/audit/merkle-tree.ts';
import { idText } from './event-decoding.ts';
import type { EventRow } from './event-decoding.ts';
import { checkFormat, logFile } from './log-schema.ts';
import { openForAudit } from './open-for-audit.ts';
import type { SqliteDatabase, SqliteStatement } from './open-database.ts';
import { positionOf } from './position.ts';

export interface VerifyLogOptions {
  readonly folder: string;
  /** Of the checkpoints; Ed25519. */
  readonly publicKey: KeyObject;
  /** Text of a checkpoint that was kept elsewhere: the log must hold at least what it speaks of. */
  readonly checkpoint?: string;
}

type StoredRow = Omit<EventRow, 'metadata' | 'data'> & { readonly metadata: Buffer; readonly data: Buffer };

interface StoredNote {
  readonly size: number;
  readonly note: string;
}

/** Ends the check: the first thing that is wrong. */
class Finding extends Error {
  readonly place: number;
  readonly problem: LogProblem;
  constructor(place: number, problem: LogProblem, message: string) {
    super(message);
    this.place = place;
    this.problem = problem;
  }
}

const pauseAfter = 1_000;

/**
 * Goes over the whole log, in one snapshot beside its writers, and names the first bad position. Memory does not grow
 * with the log. Needs no more than the right to read the folder. Errors: those of opening the file.
 */
export async function verifyLog(options: VerifyLogOptions): Promise<LogVerification> {
  const audit = openForAudit(logFile(options.folder));
  try {
    checkFormat(audit.database.pragma('user_version', { simple: true }));
    audit.database.exec('BEGIN');
    return await new LogCheck(audit.database, options).run();
  } finally {
    audit.close();
  }
}

class LogCheck {
  readonly #database: SqliteDatabase;
  readonly #publicKey: KeyObject;
  readonly #given: string | undefined;
  readonly #neighbours: SqliteStatement<[string, number, number], { position: number; version: number }>;
  readonly #tree = MerkleEdge.empty();
  #compared: number | null = null;

  constructor(database: SqliteDatabase, { publicKey, checkpoint }: VerifyLogOptions) {
    this.#database = database;
    this.#publicKey = publicKey;
    this.#given = checkpoint;
    // By the index, so that the table and its index are held against each other.
    this.#neighbours = database.prepare(
      'SELECT position, version FROM events INDEXED BY events_by_stream WHERE stream = ? AND version BETWEEN ? AND ? ORDER BY version',
    );
  }

  async run(): Promise<LogVerification> {
    try {
      await this.#checkAll();
      return {
        ok: true,
        size: this.#tree.size,
        root: this.#tree.root().toString('base64'),
        checkpoint: this.#compared,
      };
    } catch (error) {
      const place = error instanceof Finding ? error.place : this.#tree.size + 1;
      const problem = error instanceof Finding ? error.problem : 'unreadable';
      const message = error instanceof Error ? error.message : String(error);
      return { ok: false, problem, position: positionOf(place), message };
    }
  }

  async #checkAll(): Promise<void> {
    const notes = this.#checkpoints();
    const leaves = this.#leaves();
    try {
      await this.#checkRows(notes, leaves);
    } finally {
      // A connection with an open cursor can't be closed.
      notes.return();
      leaves.return();
    }
  }

  async #checkRows(notes: Iterator<StoredNote, void>, leaves: Iterator<Buffer, void>): Promise<void> {
    const given = this.#given === undefined ? undefined : this.#openGiven(this.#given);
    const rows = this.#database.prepare<[], StoredRow>(
      `SELECT position, stream, version, id, type, CAST(metadata AS BLOB) AS metadata, CAST(data AS BLOB) AS data
       FROM events NOT INDEXED ORDER BY position`,
    );
    let note = notes.next();
    for (const row of rows.iterate()) {
      this.#tree.push(this.#checkRow(row, leaves));
      const { size } = this.#tree;
      if (given?.size === size) this.#compare(size, given.root);
      if (note.done !== true && note.value.size <= size) {
        this.#checkStored(note.value);
        note = notes.next();
      }
      if (size % pauseAfter === 0) await nextTurn();
    }
    this.#checkEnd(leaves, Math.max(given?.size ?? 0, note.done === true ? 0 : this.#newestNote()));
  }

  #checkRow(row: StoredRow, leaves: Iterator<Buffer, void>): Buffer {
    const place = this.#tree.size + 1;
    if (row.position !== place)
      throw new Finding(place, 'missing', `there is no event here; the next one is at ${row.position}`);
    const hashed = leaves.next();
    if (hashed.done === true) throw new Finding(place, 'unexpected', 'this event was never hashed into the tree');
    const leaf = eventLeafHash({ ...row, streamVersion: row.version, id: idText(row.id) });
    if (!leaf.equals(hashed.value))
      throw new Finding(place, 'changed', 'the event is not the one that was hashed here');
    const [before, self, ...more] = [
      ...(row.version === 1 ? [undefined] : []),
      ...this.#neighbours.all(row.stream, row.version - 1, row.version),
    ];
    const follows = row.version === 1 || (before?.version === row.version - 1 && before.position < place);
    if (follows && self?.position === place && more.length === 0) return leaf;
    throw new Finding(
      place,
      'stream-version',
      `the event says it is number ${row.version} of ${row.stream}, which does not follow`,
    );
  }

  #checkStored({ size, note }: StoredNote): void {
    const checkpoint = openCheckpoint(note, this.#publicKey);
    if (checkpoint?.size !== size || size !== this.#tree.size) {
      throw new Finding(
        size,
        'checkpoint-signature',
        `the stored checkpoint over ${size} events is not signed by this log's key`,
      );
    }
    this.#compare(size, checkpoint.root);
  }

  #compare(size: number, root: Buffer): void {
    if (this.#tree.root().equals(root)) {
      this.#compared = size;
      return;
    }
    const first = (this.#compared ?? 0) + 1;
    const message = `the events from here to ${positionOf(size)} are not those of the signed checkpoint over ${size} events`;
    throw new Finding(first, 'checkpoint-root', message);
  }

  #checkEnd(leaves: Iterator<Buffer, void>, promised: number): void {
    const { size } = this.#tree;
    if (promised > size)
      throw new Finding(size + 1, 'cut-tail', `a checkpoint was signed over ${promised} events, there are ${size}`);
    const stored = this.#database.prepare<[], { size: number; edge: Buffer }>('SELECT size, edge FROM tree').get();
    if (leaves.next().done !== true || (stored?.size ?? 0) > size) {
      throw new Finding(size + 1, 'missing', 'events from here on were hashed into the tree and are gone');
    }
    if (stored?.size !== size || !stored.edge.equals(this.#tree.toBytes())) {
      throw new Finding(size, 'tree', 'the stored tree is not the tree of the events');
    }
  }

  #openGiven(text: string): { readonly size: number; readonly root: Buffer } {
    const checkpoint = openCheckpoint(text, this.#publicKey);
    if (checkpoint !== undefined) return checkpoint;
    throw new Finding(0, 'checkpoint-signature', "the given checkpoint is none, or not signed by this log's key");
  }

  #newestNote(): number {
    return this.#database.prepare<[], number>('SELECT max(size) FROM checkpoints').pluck().get() ?? 0;
  }

  *#checkpoints(): Generator<StoredNote, void> {
    yield* this.#database.prepare<[], StoredNote>('SELECT size, note FROM checkpoints ORDER BY size').iterate();
  }

  /** The stored leaf hashes in order, one run at a time. */
  *#leaves(): Generator<Buffer, void> {
    let next = 1;
    const runs = this.#database.prepare<[], { first: number; hashes: Buffer }>(
      'SELECT first, hashes FROM leaf_runs ORDER BY first',
    );
    for (const { first, hashes } of runs.iterate()) {
      if (first !== next || hashes.length % hashBytes !== 0) {
        throw new Finding(next, 'tree', 'the stored leaf hash of this event is missing');
      }
      for (let at = 0; at < hashes.length; at += hashBytes) yield hashes.subarray(at, at + hashBytes);
      next += hashes.length / hashBytes;
    }
  }
}
