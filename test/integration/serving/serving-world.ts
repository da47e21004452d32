import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import type { AssetDefinition } from "../../../src/core/asset/asset-definition.ts";
import { columnsOf } from "../../../src/core/column/columns-of.ts";
import { registerProject } from "../../../src/app/register-project.ts";
import { systemClock } from "../../../src/app/system-clock.ts";
import type { KnownAsset } from "../../../src/core/plan/known-asset.ts";
import { rangeOf, wholeRange, type PartitionRange } from "../../../src/core/partition/range.ts";
import {
  projectDefinition,
  type Project,
  type ProjectDefinition,
} from "../../../src/core/project/project.ts";
import type { State } from "../../../src/ports/state.ts";
import type { Scope } from "../../../src/ports/state/project-store.ts";
import type { Row, TableEngine, VersionStore } from "../../../src/ports/table-engine.ts";
import type { ResourcePool } from "../../../src/ports/resource-pool.ts";
import { openResourcePool } from "../../../src/engine/resources/resource-pool.ts";
import { handlerLog } from "../../../src/serving/handler-context.ts";
import { createServer } from "../../../src/serving/server.ts";
import type { ServingOptions } from "../../../src/serving/serving-options.ts";
import { openSqliteState } from "../../../src/storage/sqlite/open.ts";
import { openDirectoryStore } from "../../../src/tables/directory-store.ts";
import { openTableEngine } from "../../../src/tables/duckdb/open-table-engine.ts";
import { createAssetReader } from "../../../src/tables/reader/asset-reader.ts";

/** One version to be made current. */
export interface Made {
  readonly asset: unknown;
  readonly rows?: readonly Row[];
  readonly value?: unknown;
  readonly partition?: string;
  readonly checks?: readonly { readonly check: string; readonly passed: boolean }[];
}

export type Line = Readonly<Record<string, unknown>> & { readonly level: string; readonly message: string };

/** A project served over real state and a real engine, without anything that would materialize it by itself. */
export class ServingWorld {
  readonly project: ProjectDefinition;
  readonly scope: Scope;
  readonly state: State;
  readonly engine: TableEngine;
  readonly app: FastifyInstance;
  /** What the server logged. */
  readonly lines: Line[];
  readonly #resources: ResourcePool;
  readonly #store: VersionStore;
  readonly #known: ReadonlyMap<string, KnownAsset>;
  readonly #directory: string;

  private constructor(parts: {
    project: ProjectDefinition;
    scope: Scope;
    state: State;
    engine: TableEngine;
    app: FastifyInstance;
    lines: Line[];
    resources: ResourcePool;
    store: VersionStore;
    known: ReadonlyMap<string, KnownAsset>;
    directory: string;
  }) {
    ({ project: this.project, scope: this.scope, state: this.state, engine: this.engine } = parts);
    ({ app: this.app, lines: this.lines, resources: this.#resources, store: this.#store } = parts);
    ({ known: this.#known, directory: this.#directory } = parts);
  }

  static async open(
    given: Project<readonly object[]>,
    change: (options: ServingOptions) => Partial<ServingOptions> = () => ({}),
  ): Promise<ServingWorld> {
    const project = projectDefinition(given);
    if (project === undefined) throw new TypeError("no project");
    const directory = await mkdtemp(join(tmpdir(), "millrace-serving-"));
    const state = await openSqliteState({ path: join(directory, "state.db") });
    const engine = await openTableEngine({ mode: "serve" });
    const store = openDirectoryStore({ root: join(directory, "data") });
    const scope = await state.projects.open(project.name, "test");
    const known = await registerProject(project, scope, state);
    const lines: Line[] = [];
    const line =
      (level: string) =>
      (fields: object, message: string): void =>
        void lines.push({ ...fields, level, message });
    const log = { debug: line("debug"), info: line("info"), warn: line("warn"), error: line("error") };
    const resources = openResourcePool({
      clock: systemClock,
      log: handlerLog(log, {}),
      configOf: () => ({}),
      redact: (text) => text,
    });
    const options: ServingOptions = {
      project,
      scope,
      state,
      engine,
      reader: createAssetReader(engine, store),
      assets: known,
      codeVersionOf: (endpoint) => endpoint.codeVersion ?? `code of ${endpoint.route}`,
      tokens: [],
      resources,
      log,
      version: "0.0.0-test",
    };
    const app = await createServer({ ...options, ...change(options) });
    return new ServingWorld({
      project,
      scope,
      state,
      engine,
      app,
      lines,
      resources,
      store,
      known,
      directory,
    });
  }

  /** Makes versions current in one publish. Gives the run that made them and the snapshot it made. */
  async publish(...made: readonly Made[]): Promise<{ runId: string; snapshot: number }> {
    const runId = randomUUID();
    const steps = made.map((each, index) => {
      const asset = each.asset as AssetDefinition;
      const known = this.#known.get(asset.key);
      if (known === undefined) throw new Error(`${asset.key} is not in the project`);
      const ordinal =
        each.partition === undefined ? undefined : known.space.ordinalOf(each.partition, Date.now());
      const range = ordinal === undefined ? wholeRange : rangeOf(ordinal);
      return { ...each, asset, known, range, key: `${asset.key}#${index}`, versionId: randomUUID() };
    });
    const lease = await this.state.runs.create(
      this.scope,
      {
        id: runId,
        identity: runId,
        basis: runId,
        selection: "*",
        trigger: "test",
        tags: {},
        steps: steps.map(({ key, asset, known: { assetId, spaceId }, range }) => ({
          key,
          outputs: [{ asset: asset.key, assetId }],
          place: { spaceId, range },
        })),
      },
      { host: "test", pid: process.pid, processStart: "0" },
      60_000,
    );
    for (const step of steps) {
      const { key, versionId } = step;
      const { kind, key: asset } = step.asset;
      await this.state.runs.apply(this.scope, lease, [
        { change: "step.started", step: key },
        { change: "version.intended", step: key, asset, versionId, kind },
      ]);
      const content = await (kind === "table" ? this.#table(step) : this.#value(step));
      const common = { id: versionId, kind, codeVersion: "1", inputs: [], metadata: {} };
      await this.state.runs.apply(this.scope, lease, [
        { change: "version.staged", step: key, asset, version: { ...common, ...content } },
        ...(step.checks ?? []).map(({ check, passed }) => ({
          change: "check.evaluated" as const,
          step: key,
          asset,
          evaluation: {
            versionId,
            runId,
            check,
            scope: "partition" as const,
            passed,
            blocking: false,
            severity: "warn" as const,
            reads: [],
            evaluatedAt: Date.now(),
          },
        })),
        { change: "step.succeeded", step: key, versionIds: [versionId] },
      ]);
    }
    const versionIds = steps.map(({ versionId }) => versionId);
    const { runs } = this.state;
    const { snapshot } = await runs.publish(this.scope, lease, { versionIds }).catch(async (error) => {
      await runs.end(this.scope, lease, "failure");
      throw error;
    });
    await runs.end(this.scope, lease, "success");
    return { runId, snapshot };
  }

  async #table(step: {
    asset: AssetDefinition;
    versionId: string;
    range: PartitionRange;
    rows?: readonly Row[];
  }) {
    const { asset, versionId, range, rows = [] } = step;
    if (asset.columns === undefined) throw new TypeError(`${asset.key} is no table`);
    const { columns } = columnsOf(asset.key, asset.columns);
    const { file, path } = await this.#store.place(asset.key, versionId, range, "parquet");
    const batches = (async function* () {
      yield rows;
    })();
    const { rowCount, bytes } = await this.engine.write({ from: batches, columns, path });
    const parts = [{ part: "files" as const, files: [path], columns }];
    const source = { key: "t", columns, parts, id: versionId };
    const { dataVersion } = await this.engine.audit({ source, rules: [] });
    return { location: { store: this.#store.name, files: [file] }, dataVersion, columns, rowCount, bytes };
  }

  async #value(step: { value?: unknown }) {
    const inline = JSON.stringify(step.value);
    return { location: { inline }, dataVersion: `json:${inline}`, bytes: inline.length };
  }

  /** Where its state lies, for tests that look at it from beside. */
  get statePath(): string {
    return join(this.#directory, "state.db");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.app.close();
    await this.#resources.close();
    await this.engine.close();
    await this.state.close();
    await rm(this.#directory, { recursive: true, force: true });
  }
}
