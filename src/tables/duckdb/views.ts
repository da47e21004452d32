import { statSync } from "node:fs";
import type { DuckDBConnection } from "@duckdb/node-api";
import { quoteName } from "../../core/column/engine-type.ts";
import type { TableSource } from "../../ports/table-engine.ts";
import { canRead } from "../../core/column/schema-change.ts";
import { viewSchema } from "../sql/render.ts";
import { refuseDamaged } from "../damaged-version.ts";
import { engineFailure } from "./engine-failure.ts";
import { filesOfPart } from "./scan.ts";
import { viewQuery } from "./view-query.ts";
import { sourceAlias } from "../sql/source-alias.ts";

export interface ViewLimits {
  /** How many are kept. */
  readonly views: number;
  /** Bytes of files whose rows are kept in memory, in all. 0: rows stay in their files. */
  readonly memoryBytes: number;
}

interface View {
  readonly made: Promise<void>;
  /** The files whose rows it holds in memory, and how they looked; undefined when it reads the files themselves. */
  copied: Copied | undefined;
  /** Queries that are reading it now. */
  users: number;
}

interface Copied {
  readonly files: readonly string[];
  readonly bytes: number;
  /** Sizes and times: what is in memory must not hide that a file was damaged or is gone. */
  readonly marks: string;
}

/** A source with more or larger files than this is not copied into memory: what is read of it counts for more than planning. */
const smallBytes = 4 * 1024 * 1024;
const fewFiles = 16;

/**
 * Every source that SQL reads is a view in the engine's memory, made when it is first needed. Views that nobody reads
 * are dropped when there are too many, the one used longest ago first.
 *
 * A small source may be a table instead, a copy of the rows: versions never change, so it cannot grow old. A query of a
 * few rows then takes 1.7 ms rather than 2.6, most of which went into opening the files and planning how to scan them.
 */
export class Views {
  readonly #connection: DuckDBConnection;
  readonly #limits: ViewLimits;
  readonly #dropped: (view: string) => void;
  readonly #views = new Map<string, View>();
  /** One at a time: two that create or drop at once would conflict. */
  #turn: Promise<unknown> = Promise.resolve();
  #heldBytes = 0;

  /** @param dropped is told before a view goes, to let go of what was prepared on it */
  constructor(connection: DuckDBConnection, limits: ViewLimits, dropped: (view: string) => void) {
    this.#connection = connection;
    this.#limits = limits;
    this.#dropped = dropped;
  }

  /** Sees to it that the views are there, and keeps them until the function that it gives is called. */
  async hold(sources: readonly TableSource[]): Promise<() => void> {
    const held = sources.map((source) => this.#view(source));
    const release = (): void => {
      for (const view of held) view.users -= 1;
      if (this.#isFull) this.#dropUnused();
    };
    for (const view of held) view.users += 1;
    try {
      for (const view of held) await view.made;
      return release;
    } catch (thrown) {
      release();
      throw thrown;
    }
  }

  /** When what was begun is done; nothing may be under way when the engine closes. */
  async settled(): Promise<void> {
    await this.#turn;
  }

  get #isFull(): boolean {
    return this.#views.size > this.#limits.views || this.#heldBytes > this.#limits.memoryBytes;
  }

  #view(source: TableSource): View {
    // What is planned for many files lasts long enough for the engine to find the damage by itself.
    if (filesOf(source).length <= fewFiles) refuseDamagedParts(source);
    const name = viewSchema(source);
    const found = this.#views.get(name);
    const moved = found?.copied !== undefined && found.copied.marks !== marksOf(found.copied.files);
    if (moved) this.#drop(name, found);
    const known = moved ? undefined : found;
    this.#views.delete(name);
    const view: View = known ?? {
      made: this.#inTurn(() => this.#create(view, name, source)),
      copied: undefined,
      users: 0,
    };
    this.#views.set(name, view);
    // A source that could not be read (a file that is not there yet) is tried anew by the next query.
    if (known === undefined) {
      view.made.catch(() => {
        if (this.#views.get(name) === view) this.#views.delete(name);
      });
    }
    return view;
  }

  async #create(held: View, name: string, source: TableSource): Promise<void> {
    const schema = quoteName(name);
    try {
      refuseDamagedParts(source);
      const query = await viewQuery(this.#connection, source);
      const copied = this.#copyOf(source);
      const kind = copied === undefined ? "view" : "table";
      await this.#connection.run(
        `create schema if not exists ${schema}; create or replace ${kind} ${schema}.${quoteName(sourceAlias(source))} as ${query}`,
      );
      held.copied = copied;
      this.#heldBytes += copied?.bytes ?? 0;
    } catch (thrown) {
      throw await engineFailure(this.#connection, thrown, [source]);
    }
  }

  /** What to copy into memory of a source, if it is small. */
  #copyOf({ parts, columns }: TableSource): Copied | undefined {
    if (this.#limits.memoryBytes === 0) return undefined;
    // A copy reads every column, also those that only who asks for them may fail over.
    const changed = parts.some((part) => part.part !== "external" && !canRead(part.columns, columns));
    if (changed) return undefined;
    // What is not ours may change at any time.
    if (parts.some(({ part }) => part === "external")) return undefined;
    const files = filesOf({ parts });
    if (files.length > fewFiles) return undefined;
    const bytes = files.reduce(
      (sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0),
      0,
    );
    return bytes > Math.min(smallBytes, this.#limits.memoryBytes)
      ? undefined
      : { files, bytes, marks: marksOf(files) };
  }

  #dropUnused(): void {
    for (const [name, view] of this.#views) {
      if (!this.#isFull) return;
      if (view.users === 0) this.#drop(name, view);
    }
  }

  #drop(name: string, { copied }: View): void {
    this.#views.delete(name);
    this.#heldBytes -= copied?.bytes ?? 0;
    this.#dropped(name);
    // Failing to drop costs a little memory and nothing else; a later view of that name replaces it.
    this.#inTurn(() => this.#connection.run(`drop schema if exists ${quoteName(name)} cascade`)).catch(
      () => {},
    );
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => {});
    return mine;
  }
}

function filesOf({ parts }: Pick<TableSource, "parts">): readonly string[] {
  const files = parts.flatMap((part) => (part.part === "external" ? [] : filesOfPart(part)));
  return [...new Set(files)];
}

/** A file that was truncated or replaced may still be one that the engine can read. @throws VERSION_CORRUPT */
function refuseDamagedParts({ key, parts }: TableSource): void {
  for (const part of parts) {
    if (part.part === "external" || part.of === undefined) continue;
    refuseDamaged({ key, files: filesOfPart(part), ...part.of });
  }
}

/** Two microseconds for a file. */
function marksOf(files: readonly string[]): string {
  return files
    .map((file) => {
      const found = statSync(file, { throwIfNoEntry: false });
      return found === undefined ? "gone" : `${found.size} ${found.mtimeMs}`;
    })
    .join();
}
