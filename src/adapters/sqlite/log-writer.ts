import { eventLeafHash } from '../../application/audit/event-leaf.ts';
import { MerkleEdge } from '../../application/audit/merkle-tree.ts';
import type { AppendOutcome, EncodedAppend } from './log-batch.ts';
import { prepareLog } from './log-schema.ts';
import { logStatements } from './log-statements.ts';
import type { LogStatements } from './log-statements.ts';
import { openDatabase } from './open-database.ts';
import type { SqliteDatabase } from './open-database.ts';

/** Stream heads kept in memory; beyond that many the index is asked again. */
const maxHeads = 20_000;

/** Pages (4 KiB) in the WAL before they are moved to the file: seldom, since that syncs the file too. */
const walPages = 8_000;

interface Connection {
  readonly database: SqliteDatabase;
  readonly statements: LogStatements;
}

/**
 * Writes batches of appends, each batch one transaction: when `commit` returns, all of it is on the disk. Synchronous;
 * it lives in a worker thread. Other processes may write to the same file at the same time.
 */
export class LogWriter {
  readonly #file: string;
  #connection: Connection | undefined;
  #tree = MerkleEdge.empty();
  readonly #heads = new Map<string, number>();

  constructor(file: string) {
    this.#file = file;
    this.#open();
  }

  /** The tree as of the last commit of this writer. */
  get tree(): MerkleEdge {
    return this.#tree;
  }

  /**
   * Appends what can be appended, all or nothing of each append. Throws what SQLite throws; then nothing of the batch
   * was appended, and the next call works on a new connection: after a failed sync an old one may believe in pages
   * that never reached the disk.
   */
  commit(batch: readonly EncodedAppend[]): readonly AppendOutcome[] {
    return this.#withConnection((statements) => {
      statements.begin.run();
      this.#catchUp(statements);
      const tree = this.#tree.copy();
      const run: Buffer[] = [];
      const outcomes = batch.map((append) => this.#append(statements, append, tree.size + run.length, run));
      if (run.length > 0) {
        statements.insertRun.run(tree.size + 1, Buffer.concat(run));
        for (const leaf of run) tree.push(leaf);
        statements.saveTree.run(tree.size, tree.toBytes());
      }
      statements.commit.run();
      this.#tree = tree;
      return outcomes;
    });
  }

  /** Writes durably what stands already: throws what an append would throw now. */
  probe(): void {
    this.#withConnection(({ touchTree }) => touchTree.run());
  }

  saveCheckpoint(size: number, note: string): void {
    this.#withConnection(({ saveCheckpoint }) => saveCheckpoint.run(size, note));
  }

  /** The size that the newest stored checkpoint speaks of; 0 without any. */
  newestCheckpoint(): number {
    return this.#withConnection(({ newestCheckpoint }) => newestCheckpoint.get() ?? 0);
  }

  /**
   * Brings what stands in the -wal file home into the log's one file, so that a stopped log is that file alone. The
   * connection that closes last would do so by itself, but here that is a reader, which may not. Readers of other
   * processes are not waited for, and a full disk is no error: what stays in the -wal file is as durable there.
   */
  settle(): void {
    try {
      this.#connection?.database.pragma('busy_timeout = 0');
      this.#connection?.database.pragma('wal_checkpoint(TRUNCATE)');
    } catch {
      // The next writer goes on with the -wal file.
    }
  }

  close(): void {
    this.#connection?.database.close();
    this.#connection = undefined;
  }

  #append(statements: LogStatements, append: EncodedAppend, before: number, run: Buffer[]): AppendOutcome {
    const { stream, expected, ids } = append;
    const head = this.#heads.get(stream) ?? statements.head.get(stream) ?? 0;
    if (head !== expected) {
      const rows = statements.between.all(stream, expected, expected + ids.length);
      const first = rows[0];
      const same = rows.length === ids.length && rows.every((row, index) => row.id.equals(idBytes(ids[index] ?? '')));
      this.#remember(stream, head);
      return same && first !== undefined
        ? { kind: 'repeated', first: first.position }
        : { kind: 'conflict', actual: head };
    }
    const leaves: Buffer[] = [];
    try {
      for (const [index, id] of ids.entries()) {
        const streamVersion = expected + index + 1;
        const type = append.types[index] ?? '';
        const metadata = append.metadata[index] ?? '';
        const data = append.data[index] ?? '';
        const position = before + index + 1;
        statements.insert.run(position, stream, streamVersion, idBytes(id), type, metadata, data);
        leaves.push(eventLeafHash({ stream, streamVersion, id, type, metadata, data }));
      }
    } catch (error) {
      if (!isConstraint(error)) throw error;
      statements.undo.run(before);
      return { kind: 'duplicate-id' };
    }
    run.push(...leaves);
    this.#remember(stream, expected + ids.length);
    return { kind: 'appended', first: before + 1 };
  }

  /** Another process may have appended since: then its tree is the one to go on with, and no known head counts. */
  #catchUp(statements: LogStatements): void {
    if (statements.size.get() === this.#tree.size) return;
    this.#heads.clear();
    this.#tree = storedTree(statements);
  }

  #remember(stream: string, head: number): void {
    if (this.#heads.size >= maxHeads) this.#heads.clear();
    this.#heads.set(stream, head);
  }

  #withConnection<T>(work: (statements: LogStatements) => T): T {
    const { statements } = this.#connection ?? this.#open();
    try {
      return work(statements);
    } catch (error) {
      this.#abandon();
      throw error;
    }
  }

  #open(): Connection {
    const database = openDatabase(this.#file);
    try {
      database.pragma(`wal_autocheckpoint = ${walPages}`);
      prepareLog(database);
      const statements = logStatements(database);
      this.#heads.clear();
      this.#tree = storedTree(statements);
      this.#connection = { database, statements };
      return this.#connection;
    } catch (error) {
      database.close();
      throw error;
    }
  }

  #abandon(): void {
    try {
      if (this.#connection?.database.inTransaction === true) this.#connection.statements.rollback.run();
    } catch {
      // SQLite rolls back by itself when the connection is closed.
    }
    this.close();
  }
}

function storedTree(statements: LogStatements): MerkleEdge {
  const row = statements.tree.get();
  if (row === undefined) throw new Error('the log has no tree: restore it from a backup');
  return MerkleEdge.from(row.size, row.edge);
}

function idBytes(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}

function isConstraint(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_CONSTRAINT');
}
