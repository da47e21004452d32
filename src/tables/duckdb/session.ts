import {
  DuckDBInstance,
  type DuckDBConnection,
  type DuckDBMaterializedResult,
  type DuckDBResult,
} from "@duckdb/node-api";
import type { MillraceError } from "../../core/errors.ts";
import type { QueryLimits, Statement, TableSource } from "../../ports/table-engine.ts";
import { render, viewSchema, type Rendered } from "../sql/render.ts";
import { faultFound } from "../wire/checked.ts";
import { bind, parametersOf } from "./bind.ts";
import { ConnectionPool } from "./connection-pool.ts";
import type { EngineConnection } from "./engine-connection.ts";
import { engineFailure } from "./engine-failure.ts";
import { guard } from "./guard.ts";
import { Slots, type SlotOptions } from "./slots.ts";
import { StatementAnalyses, type StatementAnalysis } from "./statement-analysis.ts";
import { Views, type ViewLimits } from "./views.ts";

export interface SessionOptions extends SlotOptions {
  readonly threads: number;
  readonly memoryLimit?: string;
  readonly tempDirectory: string;
  readonly views: ViewLimits;
}

/** A statement that is about to run: its views are there, its columns are known. The texts run are made around its own. */
export interface Ready {
  readonly rendered: Rendered;
  readonly analysis: StatementAnalysis;
  deterministic(): Promise<boolean>;
  /** Keeps the text prepared for the next time. */
  run(text: string): Promise<DuckDBMaterializedResult>;
  stream(text: string): Promise<DuckDBResult>;
  runOnce(text: string): Promise<DuckDBMaterializedResult>;
}

/** A connection that is held while its user waits for others. Only what it runs takes a slot. */
export interface Lease {
  readonly connection: EngineConnection;
  run<T>(work: () => Promise<T>): Promise<T>;
  end(): void;
}

export type Limits = Pick<QueryLimits, "signal" | "timeLimitMs">;

/** How a value that breaks its column is reported. */
export type FaultError = (reason: string) => MillraceError;

/** One engine instance in memory, and the ways to run something on it. Never a database file. */
export class Session {
  readonly threads: number;
  readonly #instance: DuckDBInstance;
  readonly #pool: ConnectionPool;
  readonly #slots: Slots;
  readonly #views: Views;
  readonly #viewConnection: DuckDBConnection;
  readonly #analyses = new StatementAnalyses();

  private constructor(instance: DuckDBInstance, viewConnection: DuckDBConnection, options: SessionOptions) {
    this.threads = options.threads;
    this.#instance = instance;
    this.#slots = new Slots(options);
    this.#pool = new ConnectionPool(instance, options.running);
    this.#viewConnection = viewConnection;
    this.#views = new Views(viewConnection, options.views, (view) => this.#pool.forgetView(view));
  }

  static async open(options: SessionOptions): Promise<Session> {
    const instance = await DuckDBInstance.create(":memory:", {
      threads: String(options.threads),
      ...(options.memoryLimit === undefined ? {} : { memory_limit: options.memoryLimit }),
      temp_directory: options.tempDirectory,
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false",
      allow_community_extensions: "false",
    });
    const connection = await instance.connect();
    await connection.run("set TimeZone = 'UTC'");
    await connection.run("set global parquet_metadata_cache = true");
    return new Session(instance, connection, options);
  }

  /** Runs the work with the statement ready. The engine's failures become ours. */
  async withStatement<T>(
    statement: Statement,
    limits: Limits,
    fault: FaultError,
    work: (ready: Ready) => Promise<T>,
  ): Promise<T> {
    const rendered = render(statement);
    return this.withSources(rendered.sources, limits, fault, async (connection) =>
      work(await this.ready(connection, rendered)),
    );
  }

  /** Runs the work on a connection that sees the sources' views. */
  async withSources<T>(
    sources: readonly TableSource[],
    limits: Limits,
    fault: FaultError,
    work: (connection: EngineConnection) => Promise<T>,
  ): Promise<T> {
    return this.#slots.run(limits.signal, async () => {
      const { connection, giveBack } = await this.#borrow(sources);
      try {
        return await this.#guarded(connection, sources, limits, fault, () => work(connection));
      } finally {
        giveBack();
      }
    });
  }

  /** A connection for work in several pieces, with waiting in between. */
  async lease(sources: readonly TableSource[], limits: Limits, fault: FaultError): Promise<Lease> {
    const { connection, giveBack } = await this.#borrow(sources);
    return {
      connection,
      run: (work) =>
        this.#slots.run(limits.signal, () => this.#guarded(connection, sources, limits, fault, work)),
      end: giveBack,
    };
  }

  async #borrow(
    sources: readonly TableSource[],
  ): Promise<{ connection: EngineConnection; giveBack: () => void }> {
    const release = await this.#views.hold(sources);
    try {
      const connection = await this.#pool.take();
      const giveBack = (): void => {
        this.#pool.giveBack(connection);
        release();
      };
      return { connection, giveBack };
    } catch (thrown) {
      release();
      throw thrown;
    }
  }

  async ready(connection: EngineConnection, rendered: Rendered): Promise<Ready> {
    const parameters = parametersOf(rendered.values);
    const analysis = await this.#analyses.of(connection.duckdb, rendered, parameters);
    const views = rendered.sources.map(viewSchema);
    return {
      rendered,
      analysis,
      deterministic: () => analysis.deterministic(connection.duckdb),
      run: async (text) => {
        const statement = await connection.prepared(text, views);
        bind(statement, parameters);
        return statement.run();
      },
      stream: async (text) => {
        const statement = await connection.prepared(text, views);
        bind(statement, parameters);
        return statement.stream();
      },
      runOnce: async (text) => {
        const statement = await connection.duckdb.prepare(text);
        try {
          bind(statement, parameters);
          return await statement.run();
        } finally {
          statement.destroySync();
        }
      },
    };
  }

  async #guarded<T>(
    connection: EngineConnection,
    sources: readonly TableSource[],
    limits: Limits,
    fault: FaultError,
    work: () => Promise<T>,
  ): Promise<T> {
    try {
      return await guard(connection.duckdb, limits, work);
    } catch (thrown) {
      const failure = await engineFailure(connection.duckdb, thrown, sources);
      const found = failure.code === "SQL_FAILED" ? faultFound(failure.message) : undefined;
      throw found === undefined ? failure : fault(found);
    }
  }

  async close(): Promise<void> {
    await this.#views.settled();
    this.#pool.close();
    this.#viewConnection.closeSync();
    this.#instance.closeSync();
  }
}
