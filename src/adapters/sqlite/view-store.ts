import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ViewChanges, ViewRows, ViewStore, ViewStores } from '../../application/ports/view-store.ts';
import type { Row, ViewDefinition } from '../../application/ports/views.ts';
import type { StreamId } from '../../domain/kernel/ids.ts';
import type { SqliteDatabase } from './open-database.ts';
import { openBuilding, openServing, removeDatabase, swapBuild } from './view-database.ts';
import { ViewReader } from './view-reader.ts';
import { indexStatements, shapeOf, type ViewShape } from './view-shape.ts';
import { ViewWriter } from './view-writer.ts';

interface Opened<R extends Row> {
  readonly database: SqliteDatabase;
  readonly shape: ViewShape;
  readonly reader: ViewReader<R>;
}

/** Views in SQLite, each in its own file `<folder>/<view>.db`; a build lies beside it as `<view>.db.building`. */
export function sqliteViewStores(folder: string): ViewStores {
  return {
    open: (definition, onWarning) => new SqliteViewStore(folder, definition, onWarning),
    openAfresh: (definition, onWarning) => {
      removeDatabase(join(folder, `${definition.name}.db`));
      return new SqliteViewStore(folder, definition, onWarning);
    },
  };
}

class SqliteViewStore<R extends Row> implements ViewStore<R> {
  readonly #definition: ViewDefinition<R>;
  readonly #file: string;
  #serving: Opened<R> | undefined;
  #building: Opened<R> | undefined;
  #writer: ViewWriter<R>;
  #swapped: boolean;

  constructor(folder: string, definition: ViewDefinition<R>, onWarning: (message: string) => void) {
    this.#definition = definition;
    this.#file = join(folder, `${definition.name}.db`);
    removeDatabase(this.#buildFile());
    this.#serving = this.#openServed(onWarning);
    this.#swapped = this.#serving !== undefined && sameShape(this.#serving.shape, shapeOf(definition));
    const target = this.#swapped && this.#serving !== undefined ? this.#serving : this.#openBuild();
    this.#writer = new ViewWriter(target.database, definition);
  }

  building(): boolean {
    return !this.#swapped;
  }

  checkpoint(): string {
    return this.#writer.checkpoint;
  }

  newestAt(): string {
    return this.#writer.newestAt;
  }

  parked(): ViewWriter<R>['parked'] {
    return this.#writer.parked;
  }

  load(keys: Iterable<string>): Map<string, R> {
    const reader = (this.#building ?? this.#serving)?.reader;
    const rows = new Map<string, R>();
    for (const key of keys) {
      const row = reader?.get(key);
      if (row !== undefined) rows.set(key, row);
    }
    return rows;
  }

  recall(streams: Iterable<StreamId>): Map<StreamId, Row> {
    return this.#writer.recall(streams);
  }

  write(changes: ViewChanges<R>): readonly string[] {
    return this.#writer.write(changes, this.#swapped);
  }

  /** Each step can be made again: after an error the next call goes on where this one stopped. */
  finish(): void {
    if (this.#swapped) return;
    if (this.#building !== undefined) {
      const { database, shape } = this.#building;
      database.transaction(() => {
        this.#writer.sweep();
        database.exec(indexStatements(shape));
      })();
      database.close();
      this.#building = undefined;
    }
    if (existsSync(this.#buildFile())) {
      this.#serving?.database.close();
      this.#serving = undefined;
      swapBuild(this.#buildFile(), this.#file);
    }
    this.#serving = opened<R>(openServing(this.#file));
    this.#writer = new ViewWriter(this.#serving.database, this.#definition);
    this.#swapped = true;
  }

  serving(): ViewRows<R> | undefined {
    return this.#serving?.reader;
  }

  *all(): IterableIterator<R> {
    if (this.#serving !== undefined) yield* this.#serving.reader.all();
  }

  close(): void {
    this.#serving?.database.close();
    this.#building?.database.close();
    this.#serving = undefined;
    this.#building = undefined;
  }

  #buildFile(): string {
    return `${this.#file}.building`;
  }

  #openBuild(): Opened<R> {
    this.#building = opened<R>(openBuilding(this.#buildFile(), shapeOf(this.#definition)));
    return this.#building;
  }

  #openServed(onWarning: (message: string) => void): Opened<R> | undefined {
    if (!existsSync(this.#file)) return undefined;
    let database: SqliteDatabase | undefined;
    try {
      database = openServing(this.#file);
      return opened<R>(database);
    } catch (error) {
      database?.close();
      if (!isDamage(error)) throw error;
      onWarning(`its file cannot be read (${error.message}): the view is built again`);
      removeDatabase(this.#file);
      return undefined;
    }
  }
}

function opened<R extends Row>(database: SqliteDatabase): Opened<R> {
  const { shape: text } = database.prepare('SELECT shape FROM progress').get() as { readonly shape: string };
  const shape = JSON.parse(text) as ViewShape;
  return { database, shape, reader: new ViewReader<R>(database, shape) };
}

function sameShape(a: ViewShape, b: ViewShape): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The file is no database of ours, or broken. A full disk or a missing right is something else: nothing is thrown away. */
function isDamage(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB' || code === 'SQLITE_ERROR' || code === '';
}
