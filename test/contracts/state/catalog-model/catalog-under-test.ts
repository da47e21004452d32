import { randomUUID } from "node:crypto";
import type { Location } from "../../../../src/core/catalog/version.ts";
import { type PartitionRange, wholeRange } from "../../../../src/core/partition/range.ts";
import type { HoldTarget } from "../../../../src/ports/state/hold-store.ts";
import type { State } from "../../../../src/ports/state.ts";
import type { TestDatabase } from "../database-under-test.ts";
import { type AssetStep, daily, TestProject, type TestRun, unpartitioned } from "../test-project.ts";
import {
  type Asset,
  assets,
  type ModelCatalog,
  type ModelVersion,
  type Place,
  placesOf,
  placesOfVersion,
  type Pointers,
} from "./model-catalog.ts";

export type StepKind = "orders" | "days" | "pair" | "report";

/** What a step is asked to make. */
export interface Wanted {
  readonly kind: StepKind;
  readonly slice: "" | "de";
  readonly from: number;
  readonly length: number;
  /** One of few contents, so that neighbours are often equal. */
  readonly content: number;
  /** Keeps the files of what is current, as a result that is equal does (N4). */
  readonly share: boolean;
  /** Adds to what the run sees at its place, where that is one version or nothing (N1). */
  readonly append: boolean;
}

export interface RunStep extends Wanted {
  readonly made: AssetStep;
  readonly outputs: readonly Asset[];
  readonly range: PartitionRange;
  status: "pending" | "begun" | "made" | "failed";
}

export interface OpenRun {
  readonly run: TestRun;
  readonly steps: readonly RunStep[];
  readonly snapshot: number;
  readonly pinned: Pointers;
  readonly made: ModelVersion[];
  readonly claims: Map<string, readonly Place[]>;
  /** What it calls the assets, whatever they are called meanwhile. */
  readonly keys: ReadonlyMap<Asset, string>;
}

const outputsOf: Readonly<Record<StepKind, readonly Asset[]>> = {
  orders: ["orders"],
  days: ["days"],
  pair: ["left", "right"],
  report: ["report"],
};

const spaceOf = (asset: Asset) => (asset === "orders" || asset === "report" ? unpartitioned : daily);

/** The catalog of one project of its own, and what the model needs to know of it. */
export class CatalogUnderTest {
  readonly made: TestDatabase;
  readonly state: State;
  readonly runs = new Map<number, OpenRun>();
  readonly removedFiles = new Set<string>();
  #project: TestProject;
  readonly #name: string;
  readonly #keys: Map<Asset, string>;
  #made = 0;

  private constructor(made: TestDatabase, state: State, project: TestProject, name: string) {
    this.made = made;
    this.state = state;
    this.#project = project;
    this.#name = name;
    this.#keys = new Map(assets.map((asset) => [asset, asset]));
  }

  static async open(made: TestDatabase, state: State): Promise<CatalogUnderTest> {
    const name = randomUUID();
    const registered = Object.fromEntries(assets.map((asset) => [asset, spaceOf(asset)]));
    const project = await TestProject.open(state, registered, { project: name });
    return new CatalogUnderTest(made, state, project, name);
  }

  get scope() {
    return this.#project.scope;
  }

  keyOf(asset: Asset): string {
    return this.#keys.get(asset) ?? asset;
  }

  idOf(asset: Asset): number {
    return this.#project.asset(this.keyOf(asset)).assetId;
  }

  target(asset: Asset, within: PartitionRange | undefined): HoldTarget {
    const key = this.keyOf(asset);
    return { key, ...this.#project.asset(key), ...(within === undefined ? {} : { ranges: [within] }) };
  }

  /** The asset goes on under another key; runs that are at work know it by the former one. */
  async rename(asset: Asset): Promise<void> {
    const renamedFrom = this.keyOf(asset);
    this.#keys.set(asset, `${asset}_${(this.#made += 1)}`);
    const registrations = assets.map((one) => ({ key: this.keyOf(one), space: spaceOf(one) }));
    await this.state.projects.register(
      this.scope,
      registrations.map((one) => (one.key === this.keyOf(asset) ? { ...one, renamedFrom } : one)),
    );
    const spaces = Object.fromEntries(registrations.map(({ key, space }) => [key, space]));
    this.#project = await TestProject.open(this.state, spaces, { project: this.#name });
  }

  async begin(wanted: readonly Wanted[], model: ModelCatalog, identity?: number): Promise<OpenRun> {
    const steps = wanted.map((one, index): RunStep => {
      const isWhole = spaceOf(outputsOf[one.kind][0] ?? "orders") === unpartitioned;
      const range = isWhole ? wholeRange : { slice: one.slice, from: one.from, to: one.from + one.length };
      const outputs = outputsOf[one.kind];
      const ids = outputs.map((asset) => ({ asset: this.keyOf(asset), assetId: this.idOf(asset) }));
      const { spaceId } = this.#project.asset(this.keyOf(outputs[0] ?? "orders"));
      const made = { key: `${one.kind} ${index}`, outputs: ids, place: { spaceId, range }, spaceId, range };
      return { ...one, made, outputs, range, status: "pending" };
    });
    const run = await this.#project.run(steps.map(({ made }) => made));
    const { head: snapshot, pointers: pinned } = model;
    const open: OpenRun = {
      run,
      steps,
      snapshot,
      pinned,
      made: [],
      claims: new Map(),
      keys: new Map(this.#keys),
    };
    this.runs.set(identity ?? -1, open);
    return open;
  }

  /** Intends and stages what a step makes. */
  async stage(open: OpenRun, step: RunStep, model: ModelCatalog): Promise<readonly ModelVersion[]> {
    const { run } = open;
    const versions = step.outputs.map((asset) => this.#version(open, step, asset, model));
    for (const [index, version] of versions.entries()) {
      const asset = step.made.outputs[index]?.asset ?? "";
      const at = { step: step.made.key, asset };
      await run.apply({ change: "version.intended", ...at, versionId: version.id, kind: "table" });
      const location: Location = { store: "here", files: version.files };
      const { id, dataVersion, rowCount, read, base } = version;
      const inputs = read === undefined ? [] : [{ asset: open.keys.get("orders") ?? "", ...read }];
      const made = { id, location, dataVersion, rowCount, bytes: 1, codeVersion: "1", inputs, metadata: {} };
      const goesOn = base === undefined ? {} : { base };
      await run.apply({ change: "version.staged", ...at, version: { ...made, ...goesOn, kind: "table" } });
      model.versions.set(id, version);
      open.made.push(version);
    }
    return versions;
  }

  #version(open: OpenRun, step: RunStep, asset: Asset, model: ModelCatalog): ModelVersion {
    const { range, content } = step;
    // None the beginning of another.
    const id = `${this.#name}-${String((this.#made += 1)).padStart(4, "0")}`;
    const [place] = placesOf(asset, range);
    const current = place === undefined ? undefined : model.pointers.get(place);
    const [goesOn, ...others] = step.append ? seenAt(open.pinned, asset, range) : [];
    const appends = step.append && others.length === 0;
    const shared = appends ? goesOn : step.share ? current : undefined;
    const base = goesOn === undefined ? {} : { version: goesOn.id, rowCount: goesOn.rowCount };
    const had = appends ? goesOn : undefined;
    const read = asset === "report" ? this.#read(open, model) : undefined;
    return {
      id,
      asset,
      range,
      dataVersion: `${had?.dataVersion ?? "data"} ${content}`,
      rowCount: (had?.rowCount ?? 0) + (range.to - range.from) * 10 + content,
      files: [...(shared?.files ?? []), `${id}.parquet`],
      run: open.run.id,
      step: step.made.key,
      state: "staged",
      everCurrent: false,
      ...(read === undefined ? {} : { read }),
      ...(appends ? { base } : {}),
    };
  }

  /** What the run sees of `orders`: its own, else what it has pinned (N14). */
  #read(open: OpenRun, model: ModelCatalog): ModelVersion["read"] {
    const own = open.made.findLast(({ asset, state }) => asset === "orders" && state === "staged");
    const seen = own === undefined ? open.pinned : new Map([["orders  0" as const, own]]);
    const dataVersion = model.ordersIn(seen);
    return dataVersion === undefined ? undefined : { snapshot: open.snapshot, dataVersion };
  }
}

/** What a run sees in all of a range: one version, nothing (one undefined), or several. */
function seenAt(pointers: Pointers, asset: Asset, range: PartitionRange): (ModelVersion | undefined)[] {
  const seen = placesOf(asset, range).map((place) => pointers.get(place));
  const whole = seen.every((one) => one === undefined || placesOfVersion(one).length === seen.length);
  return whole ? [...new Set(seen)] : [undefined, undefined];
}
