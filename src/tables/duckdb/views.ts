import type { DuckDBConnection } from "@duckdb/node-api";
import { quoteName } from "../../core/column/engine-type.ts";
import type { TableSource } from "../../ports/table-engine.ts";
import { viewSchema } from "../sql/render.ts";
import { engineFailure } from "./engine-failure.ts";
import { viewQuery } from "./view-query.ts";

interface View {
  readonly made: Promise<void>;
  /** Queries that are reading it now. */
  users: number;
}

/**
 * Every source that SQL reads is a view in the engine's memory, made when it is first needed. Views that nobody reads
 * are dropped when there are too many, the one used longest ago first.
 */
export class Views {
  readonly #connection: DuckDBConnection;
  readonly #limit: number;
  readonly #dropped: (view: string) => void;
  readonly #views = new Map<string, View>();
  /** One at a time: two that create or drop at once would conflict. */
  #turn: Promise<unknown> = Promise.resolve();

  /** @param dropped is told before a view goes, to let go of what was prepared on it */
  constructor(connection: DuckDBConnection, limit: number, dropped: (view: string) => void) {
    this.#connection = connection;
    this.#limit = limit;
    this.#dropped = dropped;
  }

  /** Sees to it that the views are there, and keeps them until the function that it gives is called. */
  async hold(sources: readonly TableSource[]): Promise<() => void> {
    const held = sources.map((source) => this.#view(source));
    const release = (): void => {
      for (const view of held) view.users -= 1;
      if (this.#views.size > this.#limit) this.#dropUnused();
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

  #view(source: TableSource): View {
    const name = viewSchema(source);
    const known = this.#views.get(name);
    this.#views.delete(name);
    const view = known ?? { made: this.#inTurn(() => this.#create(name, source)), users: 0 };
    this.#views.set(name, view);
    // A source that could not be read (a file that is not there yet) is tried anew by the next query.
    if (known === undefined) view.made.catch(() => this.#views.delete(name));
    return view;
  }

  async #create(name: string, source: TableSource): Promise<void> {
    const schema = quoteName(name);
    try {
      const query = await viewQuery(this.#connection, source);
      const view = `${schema}.${quoteName(source.alias)}`;
      await this.#connection.run(
        `create schema if not exists ${schema}; create or replace view ${view} as ${query}`,
      );
    } catch (thrown) {
      throw engineFailure(thrown, [source]);
    }
  }

  #dropUnused(): void {
    for (const [name, view] of this.#views) {
      if (this.#views.size <= this.#limit) return;
      if (view.users > 0) continue;
      this.#views.delete(name);
      this.#dropped(name);
      // Failing to drop costs a little memory and nothing else; a later view of that name replaces it.
      this.#inTurn(() => this.#connection.run(`drop schema if exists ${quoteName(name)} cascade`)).catch(
        () => {},
      );
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => {});
    return mine;
  }
}
